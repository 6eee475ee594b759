"""Corrected passages as what `lpr-engine train reader` takes: crops and their right texts."""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePosixPath
from typing import Final

from lpr_engine.model.passage_actions import CorrectedPassage

_READABLE: Final = re.compile("[A-Z0-9]{1,10}")
_HEADER: Final = "image_path,plate_text,region\n"
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)


class TrainingSet:
    """A zip that is written as it goes; `take` hands out what is written so far."""

    def __init__(self) -> None:
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_STORED)
        self._rows: list[str] = []
        self._known: set[str] = set()

    def wants(self, corrected: CorrectedPassage) -> bool:
        """Whether it can teach anything: a crop of its own, and a text that readers can spell.

        A picture stands in one row only: the first that is added, the last that was corrected.
        """
        passage = corrected.passage
        return (
            passage.crop is not None
            and passage.crop not in self._known
            and _READABLE.fullmatch(passage.text) is not None
        )

    def add(self, corrected: CorrectedPassage, picture: bytes) -> None:
        """Put in a crop, and note its row."""
        passage = corrected.passage
        crop = passage.crop or ""
        self._known.add(crop)
        name = f"{passage.camera}/{PurePosixPath(crop).name}"
        self._zip.writestr(zipfile.ZipInfo(name, _EARLIEST), picture)
        self._rows.append(f"{name},{passage.text},{passage.region or ''}\n")

    def finish(self) -> None:
        """Put in the table, which comes last: only now it is known whole."""
        labels = _HEADER + "".join(self._rows)
        self._zip.writestr(zipfile.ZipInfo("labels.csv", _EARLIEST), labels)
        self._zip.close()

    def take(self) -> bytes:
        """What was written since the last call."""
        return self._sink.take()


class _Sink:
    """A file that cannot be sought in, only written to."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._chunks.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is held open."""

    def take(self) -> bytes:
        chunks, self._chunks = self._chunks, []
        return b"".join(chunks)
