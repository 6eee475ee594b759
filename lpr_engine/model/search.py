"""What to look for among the kept passages, and a page of what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from lpr_engine.model.passage import Direction, Passage, Stage


class TextKind(Enum):
    """How a text is looked for; every kind but the last tells only yes or no."""

    EXACT = "exact"
    PREFIX = "prefix"
    WILDCARD = "wildcard"
    REGEX = "regex"
    FUZZY = "fuzzy"


class Order(Enum):
    """Which passages come first.

    `best` is the nearest text, among equally near ones a passage's own text before an
    alternative, then the surest passage, then the newest.
    """

    NEWEST = "newest"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class TextQuery:
    """A text to look for; small letters and separators do not matter.

    Unless `alternatives` is off, a passage is found by each text that its vote held possible.
    `most_distance` bounds a fuzzy search; None bounds it by the text's length.
    """

    text: str
    kind: TextKind = TextKind.EXACT
    alternatives: bool = True
    most_distance: float | None = None


@dataclass(frozen=True, slots=True)
class PassageFilter:
    """What passages must be like, all of it at once; None and () let everything through.

    `since` and `until` bound `first_seen`, the latter excluded; `known` tells plates of vehicles
    from all others; `tag` is one that people gave.
    """

    cameras: tuple[str, ...] = ()
    zone: str | None = None
    direction: Direction | None = None
    list_name: str | None = None
    vehicle: str | None = None
    known: bool | None = None
    tag: str | None = None
    stage: Stage | None = None
    min_confidence: float | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: TextQuery | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """The nearest of a passage's texts; `distance` is 0 for all but a fuzzy search."""

    text: str
    distance: float
    alternative: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One passage of a page, and by which text it was found where one was looked for."""

    passage: Passage
    match: Match | None = None


@dataclass(frozen=True, slots=True)
class PassagePage:
    """Passages in the order asked for; `next_cursor` leads to those after, None at the end."""

    found: tuple[Found, ...]
    next_cursor: str | None

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages alone."""
        return tuple(one.passage for one in self.found)
