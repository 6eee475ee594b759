"""The folder of `--save-annotated`: no picture replaces another one, least of all an input."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2

from lpr_engine.model.errors import LprError
from lpr_engine.model.pixels import Pixels


class AlbumError(LprError):
    """Annotated pictures cannot be kept where they were wanted."""

    code = "annotated_not_kept"


class Album:
    """Keeps pictures under names of their own; a later run writes over those of an earlier."""

    def __init__(self, folder: Path, inputs: Sequence[Path]) -> None:
        """Make the folder.

        Raises:
            AlbumError: it cannot be made, or pictures are to be read from it.
        """
        self._folder = folder
        self._taken: set[str] = set()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as err:
            raise AlbumError(f"{folder}: {err.strerror or err}") from err
        if folder.resolve() in {path.resolve().parent for path in inputs}:
            raise AlbumError(f"{folder}: holds what is to be read; name another folder")

    def keep(self, pixels: Pixels, stem: str) -> None:
        """Write one picture.

        Raises:
            AlbumError: it cannot be encoded or written.
        """
        target = self._folder / f"{self._free_name(stem)}.jpg"
        done, jpeg = cv2.imencode(".jpg", pixels)
        if not done:
            raise AlbumError(f"{target}: cannot be encoded")
        try:
            target.write_bytes(jpeg.tobytes())
        except OSError as err:
            raise AlbumError(f"{target}: {err.strerror or err}") from err

    def _free_name(self, stem: str) -> str:
        """The stem, or with a number where another input of this run has taken it."""
        name, number = stem, 1
        while name.lower() in self._taken:
            number += 1
            name = f"{stem}-{number}"
        self._taken.add(name.lower())
        return name
