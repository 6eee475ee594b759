"""What the engine's vision sees of a drive-by, frame by frame, kept so that all votes are equal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Observation
from lpr_engine.training.evaluation.drives.conditions import Conditions
from lpr_engine.training.evaluation.drives.drive import Drive, Shot
from lpr_engine.training.evaluation.drives.scene.stage import PlateView
from lpr_engine.vision.sight import PlateVision

_SAME_PLATE_IOU = 0.2

Glimpse = Callable[[Drive, Shot, "FrameRecord"], None]
"""Called with each picture that was looked at, before its pixels are let go."""


@dataclass(frozen=True, slots=True)
class Passer:
    """A car as the record knows it: its plate, and whether it only stood there."""

    text: str
    region: str
    is_parked: bool


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One observation, and the number of the car whose plate it shows; None for no plate.

    The crop's pixels are gone, its quality is kept.
    """

    observation: Observation
    passer: int | None


@dataclass(frozen=True, slots=True, eq=False)
class FrameRecord:
    """One picture's observations, and each car's plate as it truly was."""

    number: int
    time_s: float
    seen: tuple[Seen, ...]
    plates: tuple[PlateView | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class DriveRecord:
    """All that was seen of one drive-by; `size` is (width, height) of its pictures."""

    number: int
    conditions: Conditions
    passers: tuple[Passer, ...]
    size: tuple[int, int]
    frames: tuple[FrameRecord, ...]


def record_drive(drive: Drive, vision: PlateVision, glimpse: Glimpse | None = None) -> DriveRecord:
    """Look at every picture of a drive.

    Raises:
        ModelError: a model could not be run.
    """
    frames: list[FrameRecord] = []
    for shot in drive.shots():
        frame = _looked_at(shot, vision)
        frames.append(frame)
        if glimpse is not None:
            glimpse(drive, shot, frame)
    passers = tuple(
        Passer(plate.text, plate.region, course.is_parked)
        for plate, course in zip(drive.car_plates, drive.plan.courses, strict=True)
    )
    size = (drive.plan.view.width, drive.plan.view.height)
    return DriveRecord(drive.number, drive.conditions, passers, size, tuple(frames))


def _looked_at(shot: Shot, vision: PlateVision) -> FrameRecord:
    observations = vision.look([shot.pixels])[0]
    seen = tuple(Seen(_without_pixels(one), _whose(one, shot.plates)) for one in observations)
    return FrameRecord(shot.number, shot.time_s, seen, shot.plates)


def _without_pixels(observation: Observation) -> Observation:
    crop = replace(observation.crop, pixels=np.zeros((1, 1, 3), np.uint8))
    return replace(observation, crop=crop)


def _whose(observation: Observation, plates: Sequence[PlateView | None]) -> int | None:
    """The car whose plate the box covers best."""
    overlaps = [
        plate_box(plate).iou(observation.detection.box) if plate is not None else 0.0
        for plate in plates
    ]
    best = int(np.argmax(overlaps))
    return best if overlaps[best] >= _SAME_PLATE_IOU else None


def plate_box(plate: PlateView) -> Box:
    """The upright box around a plate, in pixels."""
    (x0, y0), (x1, y1) = plate.quad.min(axis=0).tolist(), plate.quad.max(axis=0).tolist()
    return Box(x0, y0, x1, y1)
