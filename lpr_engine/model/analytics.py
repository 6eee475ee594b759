"""What the kept passages add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import Enum


class Step(Enum):
    """By what time is divided; the last two lay all weeks, or all days, over each other."""

    HOUR = "hour"
    DAY = "day"
    WEEKDAY = "weekday"
    HOUR_OF_DAY = "hour_of_day"


@dataclass(frozen=True, slots=True)
class Span:
    """Passages first seen from `since` on and before `until`, of one camera or of all.

    Local hours and days are those of `zone`, None for the machine's.
    """

    since: datetime
    until: datetime
    camera: str | None = None
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class TimeCount:
    """Passages of one stretch of local time; both ends carry the offset that held then."""

    start: datetime
    end: datetime
    passages: int


@dataclass(frozen=True, slots=True)
class PartCount:
    """Passages of one part of all weeks or days: a weekday from 0 (Monday), or an hour."""

    part: int
    passages: int


@dataclass(frozen=True, slots=True)
class NamedCount:
    """Passages of a camera or list; `name` None is for plates on no list."""

    name: str | None
    passages: int


@dataclass(frozen=True, slots=True)
class PlateCount:
    """How often a text was seen, and when first and last within the span."""

    text: str
    passages: int
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class Vehicles:
    """Different texts in a span; `first_time` are those of which no older passage is kept."""

    unique: int
    first_time: int


@dataclass(frozen=True, slots=True)
class Visits:
    """Pairs of a text's passages, in and then out, that ended in a span, and how long they took.

    Passages without a direction are looked through; None where there was no visit.
    """

    visits: int
    mean_s: float | None
    shortest_s: float | None
    median_s: float | None
    nine_of_ten_s: float | None
    longest_s: float | None
