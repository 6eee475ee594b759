"""What people do to passages: correct, tag, note and remove them; the values and the ports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lpr_engine.model.passage import Passage, Verdict

MOST_TAGS = 20
"""Of one passage."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says a passage's plate spells; `display` is how it stands on the plate.

    `seen` is the revision that they have before their eyes, None where they do not say.
    """

    passage_id: str
    text: str
    corrected_by: str
    display: str | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class CorrectedPassage:
    """A passage as a person put it right, and as the engine had read it."""

    passage: Passage
    read: Passage
    corrected_at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote to a passage."""

    text: str
    noted_by: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Remarks:
    """All that people said of a passage; `corrected` is None while it is as it was read."""

    tags: tuple[str, ...] = ()
    note: Note | None = None
    corrected: CorrectedPassage | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, and how many passages have it."""

    name: str
    passages: int


@dataclass(frozen=True, slots=True)
class TagPage:
    """Tags by name; `next_cursor` leads to those behind them, None at the end."""

    tags: tuple[Tag, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """Corrected passages, last corrected first; `next_cursor` leads to earlier ones."""

    corrections: tuple[CorrectedPassage, ...]
    next_cursor: str | None


class PassageRemarks(Protocol):
    """The store as somebody sees it who remarks on passages. Thread-safe; blocks shortly.

    Raises:
        PassageUnknownError: there is no such passage.
        StoreError: the store refused it.
    """

    def of(self, passage_id: str) -> Remarks:
        """What was said of a passage."""
        ...

    def tag(self, passage_id: str, name: str) -> Remarks:
        """Give a passage a tag, if it has it not yet.

        Raises:
            TooManyTagsError: it has as many as it may have.
        """
        ...

    def untag(self, passage_id: str, name: str) -> Remarks:
        """Take a tag away, if it is there."""
        ...

    def note(self, passage_id: str, text: str, noted_by: str) -> Remarks:
        """Replace a passage's note; an empty one is none."""
        ...

    def tags(self, limit: int, cursor: str | None = None) -> TagPage:
        """All tags that passages have.

        Raises:
            CursorError: the cursor is none that a page handed out.
        """
        ...


class CorrectionBook(Protocol):
    """The store as training sees it. Thread-safe; blocks shortly."""

    def page(
        self, limit: int, cursor: str | None = None, since: datetime | None = None
    ) -> CorrectionPage:
        """Corrected passages, last corrected first; with `since` those corrected from then on.

        Raises:
            CursorError: the cursor is none that a page handed out.
            StoreError: the store refused it.
        """
        ...


class CorrectableArchive(Protocol):
    """The store as whoever corrects and removes passages sees it."""

    def correct(self, correction: Correction, verdict: Verdict) -> Passage:
        """Keep a correction of a final passage as its next revision; the same again is no news."""
        ...

    def remove(self, passage_id: str, seen: int | None = None) -> Passage:
        """Forget a final passage with all that belongs to it alone; returns it as it was."""
        ...


class PassageActions(Protocol):
    """What may be done to kept passages. Thread-safe; blocks shortly.

    Raises:
        PassageUnknownError: there is no such passage.
        PassageUnfinishedError: its vehicle is still in sight.
        ChangedMeanwhileError: it has another revision than was seen.
        StoreError: the store refused it.
    """

    def correct(self, correction: Correction) -> Passage:
        """Put a passage right; it is judged anew, opens nothing, and is told to everyone."""
        ...

    def remove(self, passage_id: str, seen: int | None = None) -> Passage:
        """Forget a passage, its readings, and its pictures that no other passage shows."""
        ...


class PassageWatcher(Protocol):
    """Somebody who wants to know what people do to passages; must return at once, never raise."""

    def passage_corrected(self, passage: Passage) -> None:
        """Take note of a correction."""
        ...

    def passage_removed(self, passage: Passage, last: Passage | None) -> None:
        """Take note of a removal; `last` is the last final of its camera that is left."""
        ...
