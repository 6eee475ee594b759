"""A road with plates on it, and a reader that errs the way readers do."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import count

import numpy as np
import pytest

from lpr_engine.config.sections import CameraSection, TrackingSection
from lpr_engine.grammar.confusion import mistake_kernel
from lpr_engine.model.frame import Frame
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Detection, Observation, Reading
from lpr_engine.model.passage import PassageUpdate, Stage
from lpr_engine.tracking.tracker import PlateTracker

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
SIGNS = ALPHABET[:-1]
SLOTS = 10
START = datetime(2026, 5, 1, 12, tzinfo=timezone.utc)
WIDTH, HEIGHT = 1280, 720


def make_reading(
    text: str, certainty: float = 0.95, slots: int = SLOTS, region: str | None = None
) -> Reading:
    """A reader's answer that spells `text` with that probability of each character.

    As with real readers, there is little doubt that the slots behind the text are empty.
    """
    slots = max(slots, len(text))
    table = np.empty((slots, len(ALPHABET)), dtype=np.float32)
    for slot, sign in enumerate(text.ljust(slots, "_")):
        sure = certainty if sign != "_" else 0.98
        table[slot] = (1 - sure) / (len(ALPHABET) - 1)
        table[slot, ALPHABET.index(sign)] = sure
    return Reading(text, table, ALPHABET, "_", region, 0.9 if region else 0.0)


@dataclass
class NoisyReader:
    """Misreads a character by its likeness, drops or doubles one, and half knows when it does."""

    rng: np.random.Generator
    misread: float = 0.12
    lost: float = 0.04

    def read(self, text: str) -> Reading:
        kernel = mistake_kernel(SIGNS)
        signs: list[tuple[str, str, float]] = []
        for sign in text:
            if self.rng.random() < self.lost:
                continue
            wrong = self.rng.choice(list(SIGNS), p=kernel[SIGNS.index(sign)])
            if self.rng.random() < self.misread:
                signs.append((str(wrong), sign, self.rng.uniform(0.45, 0.9)))
            else:
                signs.append((sign, str(wrong), self.rng.uniform(0.6, 0.995)))
            if self.rng.random() < self.lost / 2:
                signs.append((sign, "_", self.rng.uniform(0.45, 0.8)))
        table = np.full((max(SLOTS, len(signs)), len(ALPHABET)), 1e-4)
        table[:, -1] = 1.0
        for slot, (seen, runner_up, certainty) in enumerate(signs):
            table[slot] = 1e-4
            table[slot, ALPHABET.index(runner_up)] += 0.8 * (1 - certainty)
            table[slot, ALPHABET.index(seen)] += certainty
        table /= table.sum(axis=1, keepdims=True)
        best = "".join(ALPHABET[at] for at in table.argmax(axis=1)).replace("_", "")
        return Reading(best, table.astype(np.float32), ALPHABET)


def make_observation(
    text: str | None,
    x: float,
    y: float,
    width: float = 100.0,
    certainty: float = 0.95,
    quality: float = 0.9,
    reading: Reading | None = None,
) -> Observation:
    """A plate with its centre at that pixel; unread where there is neither text nor reading."""
    height = width / 4
    box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    if reading is None and text is not None:
        reading = make_reading(text, certainty)
    pixels = np.zeros((8, 32, 3), dtype=np.uint8)
    return Observation(Detection(box, 0.9), Crop(pixels, quality), reading)


def make_frame(time_s: float, number: int = 0, width: int = WIDTH, height: int = HEIGHT) -> Frame:
    pixels = np.broadcast_to(np.zeros((1, 1, 3), dtype=np.uint8), (height, width, 3))
    wall = START + timedelta(seconds=time_s if math.isfinite(time_s) else 0.0)
    return Frame("gate", pixels, wall, time_s, number)


@dataclass
class Road:
    """A tracker, and everything it has said."""

    tracker: PlateTracker
    updates: list[PassageUpdate] = field(default_factory=list)

    def see(self, time_s: float, *observations: Observation) -> list[PassageUpdate]:
        told = self.tracker.update(make_frame(time_s), observations)
        self.updates += told
        return told

    def drive(
        self,
        text: str,
        times: Iterable[float],
        path: Callable[[float], tuple[float, float]],
        width: float = 100.0,
    ) -> None:
        for time_s in times:
            self.see(time_s, make_observation(text, *path(time_s), width))

    def stand(self, text: str, times: Iterable[float], at: tuple[float, float]) -> None:
        for time_s in times:
            self.see(time_s, make_observation(text, *at))

    def finish(self) -> list[PassageUpdate]:
        self.updates += self.tracker.finish()
        return self.finals

    @property
    def finals(self) -> list[PassageUpdate]:
        return [update for update in self.updates if update.passage.stage is Stage.FINAL]

    @property
    def previews(self) -> list[PassageUpdate]:
        return [update for update in self.updates if update.passage.stage is Stage.PREVIEW]

    @property
    def texts(self) -> list[str]:
        return [update.passage.text for update in self.finals]


def make_road(camera: CameraSection | None = None, tracking: TrackingSection | None = None) -> Road:
    numbers = count(1)
    return Road(
        PlateTracker(
            "home",
            camera or CameraSection("gate", "test"),
            tracking or TrackingSection(),
            lambda: f"passage-{next(numbers)}",
        )
    )


def steps(start_s: float, end_s: float, fps: float) -> list[float]:
    """Times of frames, the end left out."""
    return [start_s + number / fps for number in range(round((end_s - start_s) * fps))]


class Workshop:
    """What the tests build with."""

    signs = SIGNS
    width, height = WIDTH, HEIGHT
    reader = NoisyReader
    reading = staticmethod(make_reading)
    observation = staticmethod(make_observation)
    frame = staticmethod(make_frame)
    road = staticmethod(make_road)
    steps = staticmethod(steps)


@pytest.fixture(scope="session")
def build() -> type[Workshop]:
    """Builders of readings, observations, frames and roads."""
    return Workshop


@pytest.fixture
def road() -> Road:
    """One camera with the default rules."""
    return make_road()
