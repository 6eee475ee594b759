"""A live picture stream that is open, whatever library reads it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import cv2

from lpr_engine.model.errors import PictureError, SourceError
from lpr_engine.model.pixels import Pixels
from lpr_engine.sources.layout import to_bgr


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """How patient a live source is.

    `open_s` and `read_s` are OpenCV's own time limits. A stream without a frame for `stalled_s`
    is called stalled; a capture that outstays its limits and gives no sign of life for
    `abandoned_s` is left behind. Waits between openings grow from `retry_first_s` to
    `retry_most_s`, and start anew once a stream has run for `stable_s`.
    """

    open_s: float = 10.0
    read_s: float = 10.0
    stalled_s: float = 3.0
    abandoned_s: float = 15.0
    stable_s: float = 10.0
    retry_first_s: float = 0.5
    retry_most_s: float = 30.0


class Capture(Protocol):
    """An open stream; used by one thread only."""

    def grab(self) -> bool:
        """Wait for the next frame and decode it; False when the stream has ended or failed."""
        ...

    def retrieve(self) -> Pixels:
        """Convert the grabbed frame.

        Raises:
            SourceError: it cannot be converted.
        """
        ...

    def position_s(self) -> float | None:
        """Where in a recording the grabbed frame lies; None for a live stream."""
        ...

    def release(self) -> None:
        """Close the stream; may block as long as its far end does."""
        ...


CaptureOpener: TypeAlias = Callable[[], Capture]


class OpenCvCapture:
    """A capture of OpenCV.

    `read_s` is the time limit that the capture was opened with, where there is one. A recording
    that a web server sends is told by its frame count.
    """

    def __init__(
        self,
        capture: cv2.VideoCapture,
        label: str,
        read_s: float | None = None,
        may_be_recording: bool = False,
    ) -> None:
        self._capture = capture
        self._label = label
        self._read_s = read_s
        self._is_recording = may_be_recording and capture.get(cv2.CAP_PROP_FRAME_COUNT) > 0

    def grab(self) -> bool:
        """Wait for the next frame, at most the read limit.

        When that runs out, the decoder still gives up the frames it holds, each after a further
        wait of the same length; such a frame is old, and the stream is dead.
        """
        started_s = time.monotonic()
        is_grabbed = self._capture.grab()
        is_late = self._read_s is not None and time.monotonic() - started_s >= self._read_s
        return is_grabbed and not is_late

    def retrieve(self) -> Pixels:
        """Convert the grabbed frame.

        Raises:
            SourceError: OpenCV cannot convert it, or gives a layout nobody knows.
        """
        try:
            found, picture = self._capture.retrieve()
            if found:
                return to_bgr(picture)
        except (cv2.error, PictureError) as err:
            raise SourceError(f"{self._label}: a frame cannot be converted: {err}") from err
        raise SourceError(f"{self._label}: a frame cannot be converted")

    def position_s(self) -> float | None:
        """Seconds since a recording's start."""
        if not self._is_recording:
            return None
        return self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000.0

    def release(self) -> None:
        """Close the stream."""
        self._capture.release()
