"""The seams of the house: what the pipeline knows of the rooms whose classes it never sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from lpr_engine.model.figures import CameraHealth
from lpr_engine.model.frame import Frame
from lpr_engine.model.live import Followed
from lpr_engine.model.look import Look
from lpr_engine.model.observation import Crop, Detection, Observation, Reading
from lpr_engine.model.outbox import OutboxRow
from lpr_engine.model.passage import Passage, PassageUpdate, Verdict
from lpr_engine.model.pixels import Pixels


class FrameSource(Protocol):
    """A camera, file or folder that yields frames; reconnecting is its own business."""

    def frames(self) -> Iterator[Frame]:
        """Yield frames until the source ends or is closed; blocks while there is none.

        Raises:
            SourceRefusedError: the source can never work as configured.
            SourceError: a source that does not reconnect (a file) cannot be read.
        """
        ...

    def close(self) -> None:
        """Make `frames` end soon; may be called from any thread, more than once."""
        ...

    @property
    def health(self) -> CameraHealth:
        """What the source is doing now."""
        ...

    @property
    def reconnects(self) -> int:
        """How often the stream was opened again since the start."""
        ...

    @property
    def last_error(self) -> str | None:
        """The last failure in words, credentials masked; None while all is well."""
        ...


class PlateDetector(Protocol):
    """Pixels to detections."""

    def detect(self, pictures: Sequence[Pixels]) -> list[list[Detection]]:
        """Detections of each picture, best first, boxes in pixels of that picture."""
        ...


class PlateCropper(Protocol):
    """A detection's pixels, enhanced for the reader."""

    def crop(self, picture: Pixels, detection: Detection) -> Crop:
        """Cut one plate out of its picture."""
        ...


class PlateReader(Protocol):
    """Crops to readings."""

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        """One reading for each crop, in order."""
        ...


class PlateSight(Protocol):
    """Detector, cropper and reader in one: pictures to observations."""

    def look_timed(
        self, pictures: Sequence[Pixels], least_confidences: Sequence[float] | None = None
    ) -> Look:
        """Every plate of each picture, read, best detection first.

        `least_confidences`, one for each picture, leaves out what was detected with less.
        """
        ...


class PassageTracker(Protocol):
    """One camera's tracks: observations over time to passages."""

    def update(self, frame: Frame, observations: Sequence[Observation]) -> list[PassageUpdate]:
        """Take one frame's observations; return the revisions that became due."""
        ...

    def skip(self, frame: Frame) -> list[PassageUpdate]:
        """Let a frame's time pass that was not looked at, the scene being still."""
        ...

    def finish(self) -> list[PassageUpdate]:
        """End all tracks (clip over, camera stopped); return their final revisions."""
        ...

    def in_view(self) -> tuple[Followed, ...]:
        """The plates that the last frame showed, or that were seen before and stand there still."""
        ...


class VerdictRules(Protocol):
    """What the user's vehicles and lists say of a passage."""

    def judge(self, passage: Passage) -> Verdict:
        """The verdict with every check that led to it."""
        ...


class PassageArchive(Protocol):
    """Where passages are kept; the commit also fills the outbox, in one transaction."""

    def commit(self, update: PassageUpdate) -> Passage:
        """Keep a revision; returns it with sequence, crop and frame set.

        Raises:
            DiskFullError: there is no space; nothing of the revision was kept.
            StoreError: the database refused it.
        """
        ...


class Outbox(Protocol):
    """The store as a publisher sees it. Thread-safe; blocks shortly."""

    def pending(self, limit: int) -> list[OutboxRow]:
        """The oldest rows that no broker has confirmed, by sequence."""
        ...

    def mark_attempted(self, sequences: Sequence[int]) -> None:
        """Note durably, before the first byte is sent, that delivery begins."""
        ...

    def acknowledge(self, sequences: Sequence[int]) -> None:
        """Remove rows that the broker has confirmed."""
        ...

    def depth(self) -> int:
        """How many rows wait."""
        ...


class PassageListener(Protocol):
    """Somebody who wants each committed revision, such as a publisher or a terminal."""

    def passage_committed(self, passage: Passage, update: PassageUpdate) -> None:
        """Take note of it; must return at once and never raise."""
        ...


class StageMeter(Protocol):
    """Takes the duration of each pipeline stage. Thread-safe; returns at once."""

    def observe(self, stage: str, elapsed_ms: float) -> None:
        """Count one duration of a stage, in milliseconds."""
        ...


class CommandHandler(Protocol):
    """What may be asked of a running engine. Thread-safe; returns soon, long work runs elsewhere.

    Raises:
        CameraUnknownError: there is no such camera.
        LprError: what was asked cannot be done; its code reaches the one who asked.
    """

    def enable_camera(self, camera: str, enabled: bool) -> None:
        """Start or stop looking at a camera."""
        ...

    def set_confidence(self, camera: str, value: float) -> None:
        """Set the detector's threshold of a camera, 0..1."""
        ...

    def take_snapshot(self, camera: str) -> str | None:
        """Keep the camera's next picture; returns its path under the API if already known."""
        ...
