"""What to look for among the kept passages, and a page of what was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lpr_engine.model.passage import Passage, Stage


@dataclass(frozen=True, slots=True)
class PassageFilter:
    """What passages must be like; None lets everything through.

    `text` is looked for within the passage's text and within its alternatives.
    """

    camera: str | None = None
    stage: Stage | None = None
    text: str | None = None
    vehicle: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PassagePage:
    """Passages, newest first; `next_cursor` leads to the next older ones, None at the end."""

    passages: tuple[Passage, ...]
    next_cursor: str | None
