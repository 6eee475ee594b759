"""Passages as the tracker hands them in, and stores over real folders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
import uuid6

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.frame import Frame
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Detection, Observation
from lpr_engine.model.passage import (
    Alternative,
    Evidence,
    Passage,
    PassageUpdate,
    ReadingRecord,
    Stage,
)
from lpr_engine.model.pixels import Pixels
from lpr_engine.store.store import PassageStore

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)


class HeldClock:
    """A clock whose hands tests move."""

    def __init__(self, now: datetime = NOON) -> None:
        self.current = now
        self.seconds = 0.0

    def now(self) -> datetime:
        return self.current

    def monotonic_s(self) -> float:
        return self.seconds

    def advance(self, elapsed: timedelta) -> None:
        self.current += elapsed
        self.seconds += elapsed.total_seconds()


def noise(seed: int, height: int, width: int) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def make_evidence(seed: int = 0, height: int = 48, width: int = 64) -> Evidence:
    box = Box(4, 4, 36, 14)
    return Evidence(
        Frame("gate", noise(seed, height, width), NOON, seed / 10, seed),
        Observation(Detection(box, 0.9), Crop(noise(seed + 1, 10, 32), 0.8), None),
    )


def make_passage(
    passage_id: str | None = None,
    revision: int = 1,
    stage: Stage = Stage.PREVIEW,
    *,
    text: str = "AB123C",
    camera: str = "gate",
    seen: datetime = NOON,
    corrected_by: str | None = None,
    alternatives: tuple[Alternative, ...] = (Alternative("A8123C", 0.1),),
) -> Passage:
    return Passage(
        id=passage_id or str(uuid6.uuid7()),
        revision=revision,
        stage=stage,
        engine="engine",
        camera=camera,
        text=text,
        confidence=0.91,
        characters=tuple((sign, 0.97) for sign in text),
        first_seen=seen,
        last_seen=seen + timedelta(seconds=revision),
        readings=revision,
        box=Box(0.1, 0.2, 0.3, 0.25),
        alternatives=alternatives,
        corrected_by=corrected_by,
    )


def make_update(
    passage: Passage | None = None, seed: int = 0, votes: int = 1, evidence: Evidence | None = None
) -> PassageUpdate:
    passage = passage or make_passage()
    vote = ReadingRecord(passage.first_seen, passage.text, 0.9, 0.8, Box(0.1, 0.2, 0.3, 0.25))
    return PassageUpdate(passage, evidence or make_evidence(seed), (vote,) * votes)


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def storage(tmp_path: Path) -> StorageSection:
    return StorageSection(directory=tmp_path / "data")


@pytest.fixture
def open_store(storage: StorageSection, clock: HeldClock) -> Iterator[Callable[[], PassageStore]]:
    """Open the store over this test's folder; called again, the one before is closed."""
    opened: list[PassageStore] = []

    def open_one() -> PassageStore:
        for earlier in opened:
            earlier.close()
        opened.append(PassageStore(storage, clock=clock).open())
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Callable[[], PassageStore]) -> PassageStore:
    return open_store()
