"""What happened, by number: the seam between those who tell of passages and those who keep them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from lpr_engine.model.passage import Passage


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Kept revisions by `sequence`: all that there are up to and including `until`."""

    passages: tuple[Passage, ...]
    until: int


@dataclass(frozen=True, slots=True)
class PassagesExpired:
    """One sweep of retention removed so many passages, all of them last seen before then."""

    passages: int
    before: datetime


ExpiryListener: TypeAlias = Callable[[PassagesExpired], None]
"""Somebody who wants to know of sweeps, from any thread; must return at once, never raise."""


class PassageJournal(Protocol):
    """The store as somebody sees it who wants to miss nothing. Thread-safe; blocks shortly.

    Of each passage only its newest revision is kept: a number whose revision was replaced, or
    whose passage was deleted, leads nowhere.
    """

    def last_sequence(self) -> int:
        """The number of the newest revision; 0 before the first.

        Raises:
            StoreError: the store cannot be read.
        """
        ...

    def since(self, sequence: int, limit: int) -> JournalPage:
        """The oldest revisions, so many at most, whose numbers are higher than that.

        Raises:
            StoreError: the store cannot be read.
        """
        ...
