"""Many vehicles at once: every row planned against what is kept, then one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace

from lpr_engine.grammar.confusion import normalize
from lpr_engine.model.clock import Clock
from lpr_engine.model.vehicle import ValidityWindow, Vehicle
from lpr_engine.model.vehicle_book import KeptVehicle
from lpr_engine.model.vehicle_import import BadCell, ImportReport, ImportRow, Outcome, RowOutcome
from lpr_engine.store.database import Database
from lpr_engine.store.failures import translated
from lpr_engine.store.register import PlateRegister
from lpr_engine.store.revisions import to_ms
from lpr_engine.store.vehicle_rows import (
    VEHICLE_COLUMNS,
    list_names,
    read_vehicle,
    write_vehicle,
)

_WINDOW_FIELDS = frozenset(field.name for field in fields(ValidityWindow))
_VEHICLE_FIELDS = frozenset(field.name for field in fields(Vehicle)) - {"id", "window"}


class VehicleImporter:
    """Implements `VehicleImport`."""

    def __init__(self, register: PlateRegister, clock: Clock, new_id: Callable[[], str]) -> None:
        self._register = register
        self._clock = clock
        self._new_id = new_id

    def plan(self, rows: Sequence[ImportRow]) -> ImportReport:
        """What `take_in` would do now; changes nothing.

        Raises:
            StoreError: the store refused it.
        """
        return self._register.ask(lambda database: _Plan(database, self._new_id).report(rows))

    def take_in(self, rows: Sequence[ImportRow], *, skip_bad: bool) -> ImportReport:
        """Keep all rows or none; with `skip_bad` all good ones or none.

        Raises:
            StoreError: the store refused it; nothing was kept.
        """
        return self._register.change(lambda database: self._take_in(database, rows, skip_bad))

    def _take_in(
        self, database: Database, rows: Sequence[ImportRow], skip_bad: bool
    ) -> ImportReport:
        now_ms = to_ms(self._clock.now())
        with database.transaction() as connection:
            plan = _Plan(database, self._new_id)
            report = plan.report(rows)
            if report.bad and not skip_bad:
                return report
            for row in report.good:
                if row.outcome is not Outcome.UNCHANGED:
                    write_vehicle(connection, row.vehicle, plan.revision_after(row), now_ms)
        return replace(report, written=True)


class _Plan:
    """What is kept, and which lines have had their say about it."""

    def __init__(self, database: Database, new_id: Callable[[], str]) -> None:
        # Columns are fixed words of this room.
        rows = database.rows(f"SELECT {VEHICLE_COLUMNS} FROM vehicles")  # noqa: S608
        with translated(database.path):
            kept = [read_vehicle(row) for row in rows]
        self._by_id: dict[str, KeptVehicle] = {one.vehicle.id: one for one in kept}
        self._id_by_text: dict[str, str] = {one.vehicle.text: one.vehicle.id for one in kept}
        self._lists = list_names(database)
        self._new_id = new_id
        self._line_by_id: dict[str, int] = {}

    def report(self, rows: Sequence[ImportRow]) -> ImportReport:
        """All rows in their order."""
        good: list[RowOutcome] = []
        bad: list[BadCell] = []
        for row in rows:
            outcome = self._outcome(row)
            if isinstance(outcome, BadCell):
                bad.append(outcome)
            else:
                good.append(outcome)
        return ImportReport(tuple(good), tuple(bad))

    def revision_after(self, row: RowOutcome) -> int:
        """The revision that a row gives its vehicle."""
        kept = self._by_id.get(row.vehicle.id)
        return 1 if kept is None else kept.revision + 1

    def _outcome(self, row: ImportRow) -> RowOutcome | BadCell:
        kept = self._meant(row)
        vehicle = self._new(row.vehicle) if kept is None else _merged(kept.vehicle, row)
        changed = () if kept is None else _changes(kept.vehicle, vehicle)
        fault = self._fault(row.line, vehicle, text_is_new=kept is None or "text" in changed)
        if fault is not None:
            return fault
        self._line_by_id[vehicle.id] = row.line
        if kept is not None and "text" in changed:
            self._id_by_text.pop(kept.vehicle.text, None)
        self._id_by_text[vehicle.text] = vehicle.id
        if kept is None:
            return RowOutcome(row.line, Outcome.ADDED, vehicle)
        outcome = Outcome.CHANGED if changed else Outcome.UNCHANGED
        return RowOutcome(row.line, outcome, vehicle, changed)

    def _meant(self, row: ImportRow) -> KeptVehicle | None:
        known = self._by_id.get(row.vehicle.id)
        return known or self._by_id.get(self._id_by_text.get(row.vehicle.text, ""))

    def _new(self, vehicle: Vehicle) -> Vehicle:
        return vehicle if vehicle.id else replace(vehicle, id=self._new_id())

    def _fault(self, line: int, vehicle: Vehicle, *, text_is_new: bool) -> BadCell | None:
        before = self._line_by_id.get(vehicle.id)
        if before is not None:
            return BadCell(line, "", vehicle.text, f"line {before} is about the same vehicle")
        owner = self._id_by_text.get(vehicle.text, vehicle.id)
        if text_is_new and owner != vehicle.id:
            where = self._line_by_id.get(owner)
            who = f"vehicle {owner}" if where is None else f"line {where}"
            return BadCell(line, "text", vehicle.text, f"{who} has this plate already")
        missing = sorted(vehicle.lists - self._lists)
        if missing:
            return BadCell(line, "lists", missing[0], "there is no list of this name")
        if vehicle.window.ends_before_it_begins:
            return BadCell(line, "valid_until", "", "this is before valid_from")
        return None


def _merged(known: Vehicle, row: ImportRow) -> Vehicle:
    """What is kept, with what the row speaks of put in its place."""
    said = row.vehicle
    window = replace(
        known.window, **{name: getattr(said.window, name) for name in _WINDOW_FIELDS & row.given}
    )
    merged = replace(
        known,
        window=window,
        **{name: getattr(said, name) for name in _VEHICLE_FIELDS & row.given},
    )
    if merged.display is not None and normalize(merged.display) != merged.text:
        return replace(merged, display=None)
    return merged


def _changes(before: Vehicle, after: Vehicle) -> tuple[str, ...]:
    own = [name for name in _VEHICLE_FIELDS if getattr(before, name) != getattr(after, name)]
    window = [
        name
        for name in _WINDOW_FIELDS
        if getattr(before.window, name) != getattr(after.window, name)
    ]
    return tuple(sorted([*own, *window]))
