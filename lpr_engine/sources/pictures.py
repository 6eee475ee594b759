"""A picture, or a folder of them, as a reel: one picture after another at the wanted rate."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from lpr_engine.model.errors import PictureError, SourceError
from lpr_engine.sources.picture import picture_files, read_picture
from lpr_engine.sources.reel import Shot

_LOGGER = logging.getLogger(__name__)


class FolderReel:
    """Every readable picture of a folder, by name; those that cannot be read are passed over."""

    def __init__(self, folder: Path, fps: float) -> None:
        self._folder = folder
        self._interval_s = 1.0 / fps if fps > 0 else 1.0
        self.length_s = 0.0
        self.problem: str | None = None

    def shots(self) -> Iterator[Shot]:
        """Show each picture once.

        Raises:
            SourceError: the folder is missing or holds no picture that can be read.
        """
        self.length_s = 0.0
        for path in picture_files(self._folder):
            try:
                pixels = read_picture(path)
            except PictureError as err:
                self._note(str(err))
                continue
            yield Shot(self.length_s, pixels)
            self.length_s += self._interval_s
        if self.length_s == 0.0:
            raise SourceError(f"{self._folder}: the folder holds no picture that can be read")

    def _note(self, problem: str) -> None:
        if problem != self.problem:
            _LOGGER.warning("Picture passed over: %s", problem)
        self.problem = problem


class PictureReel:
    """A single picture."""

    problem: str | None = None

    def __init__(self, path: Path, fps: float) -> None:
        self._path = path
        self.length_s = 1.0 / fps if fps > 0 else 1.0

    def shots(self) -> Iterator[Shot]:
        """Show the picture.

        Raises:
            SourceError: it cannot be read.
        """
        try:
            pixels = read_picture(self._path)
        except PictureError as err:
            raise SourceError(str(err)) from err
        yield Shot(0.0, pixels)
