"""The product's main record: one vehicle plate passing one camera."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from lpr_engine.model.frame import Frame
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Observation


class Stage(Enum):
    """How settled a passage is."""

    PREVIEW = "preview"
    FINAL = "final"


class Direction(Enum):
    """Which way the plate crossed the camera's direction line."""

    IN = "in"
    OUT = "out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another text the vote holds possible."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Reason:
    """One check of a verdict: what was looked at, whether it passed, and in words why."""

    check: str
    passed: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of a passage; `list_name` is None for an unknown plate."""

    list_name: str | None = None
    vehicle: str | None = None
    open: bool = False
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """One revision of a passage.

    `id` (UUIDv7) is the same over all revisions; the highest `revision` wins. `box` is in 0..1
    of the evidence frame. `sequence`, `crop` and `frame` are set by the store on commit.
    """

    id: str
    revision: int
    stage: Stage
    engine: str
    camera: str
    text: str
    confidence: float
    characters: tuple[tuple[str, float], ...]
    first_seen: datetime
    last_seen: datetime
    readings: int
    box: Box
    alternatives: tuple[Alternative, ...] = ()
    display: str | None = None
    region: str | None = None
    direction: Direction = Direction.UNKNOWN
    zone: str | None = None
    verdict: Verdict = field(default_factory=Verdict)
    corrected_by: str | None = None
    sequence: int = 0
    crop: str | None = None
    frame: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The frame and observation that show a passage best: what the store keeps as pictures."""

    frame: Frame
    observation: Observation


@dataclass(frozen=True, slots=True)
class ReadingRecord:
    """One reading that voted, as it is kept with the passage."""

    taken_at: datetime
    text: str
    confidence: float
    quality: float
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class PassageUpdate:
    """A new revision on its way to the store: the value, its pictures, its votes.

    `new_readings` are those that no earlier update of the same passage carried.
    """

    passage: Passage
    evidence: Evidence
    new_readings: tuple[ReadingRecord, ...] = ()
