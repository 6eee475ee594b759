"""Records of drive-bys made by hand, where what is seen is known to the letter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Detection, Observation, Reading
from lpr_engine.training.evaluation.drives.conditions import Conditions, draw_conditions
from lpr_engine.training.evaluation.drives.record import (
    DriveRecord,
    FrameRecord,
    Passer,
    Seen,
    plate_box,
)
from lpr_engine.training.evaluation.drives.scene.stage import PlateView

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
SLOTS = 10


def reading(text: str, sure: float = 0.97) -> Reading:
    """A reader's answer that gives each character that probability."""
    table = np.empty((SLOTS, len(ALPHABET)), np.float32)
    for slot, sign in enumerate(text.ljust(SLOTS, "_")):
        chance = sure if sign != "_" else 0.999
        table[slot] = (1 - chance) / (len(ALPHABET) - 1)
        table[slot, ALPHABET.index(sign)] = chance
    return Reading(text, table, ALPHABET)


@dataclass
class Reel:
    """Frames of one camera, five a second, in which cars drive to the right."""

    passers: Sequence[Passer]
    conditions: Conditions
    frames: list[FrameRecord] = field(default_factory=list)

    def show(self, *texts: str | None, sure: float = 0.97, stray: str | None = None) -> None:
        """One frame: what is read of each car's plate, None where it is not in view."""
        number = len(self.frames)
        plates = [self._plate(at, number, text) for at, text in enumerate(texts)]
        seen = [
            Seen(_observation(plate_box(plate), text, sure), at)
            for at, (plate, text) in enumerate(zip(plates, texts, strict=True))
            if plate is not None and text is not None
        ]
        if stray is not None:
            seen.append(Seen(_observation(Box(20, 600, 120, 625), stray, sure), None))
        self.frames.append(FrameRecord(number, number / 5, tuple(seen), tuple(plates)))

    def _plate(self, at: int, number: int, text: str | None) -> PlateView | None:
        if text is None:
            return None
        x = 300.0 if self.passers[at].is_parked else 100.0 + 30 * number % 900
        y = 100.0 + 150 * at
        quad = np.array([[x, y], [x + 100, y], [x + 100, y + 25], [x, y + 25]], np.float32)
        return PlateView(quad, 1.0)

    def record(self) -> DriveRecord:
        return DriveRecord(0, self.conditions, tuple(self.passers), (1280, 720), tuple(self.frames))


def _observation(box: Box, text: str, sure: float) -> Observation:
    crop = Crop(np.zeros((1, 1, 3), np.uint8), 0.9)
    return Observation(Detection(box, 0.9), crop, reading(text, sure))


@pytest.fixture(scope="session")
def conditions() -> Conditions:
    """Some conditions, at five frames a second."""
    drawn = draw_conditions(0, np.random.default_rng(1))
    return replace(drawn, recording=replace(drawn.recording, fps=5.0))


@pytest.fixture
def reel(conditions: Conditions) -> Callable[..., Reel]:
    """Make an empty reel for cars with these plates."""

    def make(*texts: str, parked: int | None = None) -> Reel:
        passers = [Passer(text, "DE", at == parked) for at, text in enumerate(texts)]
        return Reel(passers, conditions)

    return make
