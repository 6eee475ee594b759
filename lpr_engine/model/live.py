"""What a camera shows right now: a frame, what was seen in it, and the plates being followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from lpr_engine.model.frame import Frame
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Observation
from lpr_engine.model.passage import Direction, Passage


@dataclass(frozen=True, slots=True)
class Followed:
    """A plate in view, and what its readings say together so far.

    `number` is its own among all that this camera followed since the start. `box`, in 0..1 of the
    frame, is that of the detection it was last seen by. `passage` is the id under which it was
    told of, None before that.
    """

    number: int
    box: Box
    text: str | None
    confidence: float
    zone: str | None
    direction: Direction
    passage: str | None


@dataclass(frozen=True, slots=True, eq=False)
class LiveFrame:
    """A frame with all that is known of it.

    `looked_at` is the number of the frame that `observations` were made in: its own, or an
    earlier one since which nothing has moved, so that nobody looked again. Only of what is
    `followed` is told how it reads.
    """

    frame: Frame
    observations: tuple[Observation, ...]
    looked_at: int
    followed: tuple[Followed, ...] = ()


@dataclass(frozen=True, slots=True)
class PictureForm:
    """How a frame is to be drawn: at most so wide, so good, with the plates framed or not."""

    width: int
    quality: int
    annotated: bool = False

    def size_of(self, frame: Frame) -> tuple[int, int]:
        """Width and height of the picture, in pixels; never larger than the frame."""
        if frame.width <= self.width:
            return frame.width, frame.height
        return self.width, max(1, round(frame.height * self.width / frame.width))


class LiveListener(Protocol):
    """Somebody who may want to see what the cameras show."""

    def frame_shown(self, shown: LiveFrame) -> None:
        """Take note of a camera's newest frame; must return at once and never raise."""
        ...


class LivePainter(Protocol):
    """Frames to pictures. Thread-safe; takes its time."""

    def jpeg(self, shown: LiveFrame, form: PictureForm) -> bytes:
        """A frame as JPEG.

        Raises:
            PictureError: it cannot be encoded.
        """
        ...


class LastFinals(Protocol):
    """The store as somebody sees it who asks what a camera saw last. Blocks shortly."""

    def last_final(self, camera: str) -> Passage | None:
        """A camera's last final passage.

        Raises:
            StoreError: the store cannot be read.
        """
        ...
