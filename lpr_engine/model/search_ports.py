"""The store as those see it who look for passages, pass them on, or count them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from lpr_engine.model.analytics import (
    NamedCount,
    PartCount,
    PlateCount,
    Span,
    Step,
    TimeCount,
    Vehicles,
    Visits,
)
from lpr_engine.model.kept import KeptPassage
from lpr_engine.model.passage import Passage, ReadingRecord
from lpr_engine.model.search import Order, PassageFilter, PassagePage


class PassageFinder(Protocol):
    """Looks for passages in their highest revision. Thread-safe; blocks shortly.

    Raises:
        StoreError: the database cannot be read.
    """

    def find(
        self,
        filters: PassageFilter,
        limit: int,
        order: Order = Order.NEWEST,
        after: str | None = None,
    ) -> PassagePage:
        """A page of passages in an order; `after` is an earlier page's cursor.

        Raises:
            CursorError: the cursor is not one of this search.
            SearchError: the text cannot be looked for, or it takes too long.
        """
        ...

    def get(self, passage_id: str) -> Passage | None:
        """One passage, or None."""
        ...

    def readings(self, passage_id: str) -> tuple[ReadingRecord, ...]:
        """The readings that voted for a passage, oldest first."""
        ...

    def walk(self, filters: PassageFilter) -> Iterator[tuple[KeptPassage, ...]]:
        """All passages that were kept when the walk began, newest first, some at a time.

        Raises:
            SearchError: the text cannot be looked for, or it takes too long.
        """
        ...


class PassageCounts(Protocol):
    """Counts passages. Thread-safe; blocks shortly.

    Raises:
        SearchError: counting takes too long, or the span is too long for the steps.
        StoreError: the database cannot be read.
    """

    def by_time(self, span: Span, step: Step) -> tuple[TimeCount, ...]:
        """Passages of each local hour or day, those without any included."""
        ...

    def by_part(self, span: Span, step: Step) -> tuple[PartCount, ...]:
        """Passages of each weekday, or of each hour of the day, over all of a span."""
        ...

    def by_camera(self, span: Span) -> tuple[NamedCount, ...]:
        """Passages of each camera, by name."""
        ...

    def by_list(self, span: Span) -> tuple[NamedCount, ...]:
        """Passages of each list, by name, and of plates on no list."""
        ...

    def top_plates(self, span: Span, limit: int) -> tuple[PlateCount, ...]:
        """The texts seen most often."""
        ...

    def vehicles(self, span: Span) -> Vehicles:
        """How many different texts a span saw, and how many of them for the first time."""
        ...

    def visits(self, span: Span) -> Visits:
        """What the visits that ended in a span add up to."""
        ...
