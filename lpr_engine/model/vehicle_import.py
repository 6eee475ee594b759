"""Many vehicles taken in at once from a table: its rows, what would become of them, the port."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from lpr_engine.model.vehicle import Vehicle


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row of a table; `given` names the fields of vehicle and window that it speaks of.

    The vehicle's id is empty where the row has none.
    """

    line: int
    vehicle: Vehicle
    given: frozenset[str]


@dataclass(frozen=True, slots=True)
class BadCell:
    """Why a row cannot be taken in; `column` is empty where the whole row is at fault."""

    line: int
    column: str
    value: str
    reason: str


class Outcome(Enum):
    """What a row does."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """A good row's vehicle as it is or would be kept, and which of its fields change."""

    line: int
    outcome: Outcome
    vehicle: Vehicle
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became, or would become, of every row; `written` tells which."""

    good: tuple[RowOutcome, ...]
    bad: tuple[BadCell, ...]
    written: bool = False

    def count(self, outcome: Outcome) -> int:
        """How many good rows do this."""
        return sum(row.outcome is outcome for row in self.good)


class VehicleImport(Protocol):
    """The store as somebody sees it who brings many vehicles. Thread-safe.

    A row is about the vehicle of its id, else about the one with its text, else about a new one.

    Raises:
        StoreError: the store refused it; nothing was kept.
    """

    def plan(self, rows: Sequence[ImportRow]) -> ImportReport:
        """What `take_in` would do now; changes nothing."""
        ...

    def take_in(self, rows: Sequence[ImportRow], *, skip_bad: bool) -> ImportReport:
        """Keep all rows or none, in one transaction; with `skip_bad` all good ones or none."""
        ...
