"""A video file as a reel: its frames with the times that the container gives them."""

from __future__ import annotations

import math
import threading
from collections.abc import Generator, Iterator
from pathlib import Path

import cv2

from lpr_engine.model.errors import PictureError, SourceError
from lpr_engine.model.pixels import Pixels
from lpr_engine.sources.layout import to_bgr
from lpr_engine.sources.native import prepare_opencv
from lpr_engine.sources.pace import CLIP_EARLY, Pace
from lpr_engine.sources.reel import Shot

_USUAL_FPS = 25.0
_LEAST_FPS, _MOST_FPS = 0.02, 240.0
_MAX_GAP_S = 60.0
_MAX_POSITION_MS = 1e12
_WHOLE = 0.9


class ClipTime:
    """Container positions made monotonic.

    A position that is no number, does not advance, or leaps over a minute is a broken timestamp:
    the frame is then placed one nominal interval after the one before.
    """

    def __init__(self, fps: float) -> None:
        usable = _LEAST_FPS <= fps <= _MOST_FPS
        self.interval_s = 1.0 / (fps if usable else _USUAL_FPS)
        self._origin_s = 0.0
        self._last_s: float | None = None

    def advance(self, position_ms: float) -> float:
        """Clip time in seconds of the next frame; the first frame is at 0."""
        is_number = math.isfinite(position_ms) and abs(position_ms) < _MAX_POSITION_MS
        if self._last_s is None:
            self._origin_s = position_ms / 1000.0 if is_number else 0.0
            self._last_s = 0.0
            return 0.0
        time_s = position_ms / 1000.0 - self._origin_s
        expected_s = self._last_s + self.interval_s
        if not self._last_s < time_s <= self._last_s + _MAX_GAP_S:
            # The origin moves along, so that later good positions continue from here.
            time_s = expected_s
            if is_number:
                self._origin_s = position_ms / 1000.0 - expected_s
        self._last_s = time_s
        return time_s


class ClipReel:
    """The frames of one video file, thinned to `fps`."""

    def __init__(self, path: Path, fps: float, closed: threading.Event) -> None:
        self._path = path
        self._fps = fps
        self._closed = closed
        self.length_s = 0.0
        self.problem: str | None = None

    def shots(self) -> Iterator[Shot]:
        """Play the file once, from its start.

        Raises:
            SourceError: the file is missing, no video, or holds not one frame.
        """
        capture = self._open()
        try:
            promised = capture.get(cv2.CAP_PROP_FRAME_COUNT)
            decoded = yield from self._decode(capture)
        finally:
            capture.release()
        if self._closed.is_set():
            return
        if decoded == 0:
            raise SourceError(f"{self._path}: the file holds no frame that can be decoded")
        if decoded < promised * _WHOLE:
            self.problem = f"{self._path}: only {decoded} of {promised:.0f} frames could be decoded"

    def _open(self) -> cv2.VideoCapture:
        if self._path.exists() and not self._path.is_file():
            raise SourceError(f"{self._path}: this is no regular file")
        try:
            with self._path.open("rb") as file:
                is_empty = not file.read(1)
        except OSError as err:
            raise SourceError(f"{self._path}: {err.strerror or err}") from err
        if is_empty:
            raise SourceError(f"{self._path}: the file is empty")
        prepare_opencv()
        capture = cv2.VideoCapture(str(self._path.absolute()), cv2.CAP_FFMPEG)
        if not capture.isOpened():
            raise SourceError(f"{self._path}: the file is no video, or is damaged")
        return capture

    def _decode(self, capture: cv2.VideoCapture) -> Generator[Shot, None, int]:
        time = ClipTime(capture.get(cv2.CAP_PROP_FPS))
        pace = Pace(self._fps, CLIP_EARLY)
        decoded = 0
        while not self._closed.is_set() and capture.grab():
            decoded += 1
            clip_s = time.advance(capture.get(cv2.CAP_PROP_POS_MSEC))
            self.length_s = clip_s + time.interval_s
            if not pace.is_due(clip_s):
                continue
            pixels = self._retrieve(capture)
            if pixels is not None:
                yield Shot(clip_s, pixels)
        return decoded

    def _retrieve(self, capture: cv2.VideoCapture) -> Pixels | None:
        try:
            found, picture = capture.retrieve()
            return to_bgr(picture) if found else None
        except (cv2.error, PictureError) as err:
            raise SourceError(f"{self._path}: {err}") from err
