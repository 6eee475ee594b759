"""The vehicles a user keeps; the rules judge by them."""

from __future__ import annotations

from lpr_engine.grammar.confusion import normalize
from lpr_engine.model.clock import Clock
from lpr_engine.model.vehicle import Vehicle
from lpr_engine.model.vehicle_book import KeptVehicle, VehicleFilter, VehiclePage
from lpr_engine.model.vehicle_errors import (
    ChangedMeanwhileError,
    PlateTakenError,
    VehicleExistsError,
    VehicleUnknownError,
)
from lpr_engine.store.database import Database
from lpr_engine.store.failures import translated
from lpr_engine.store.place import cursor_of, place_of
from lpr_engine.store.register import PlateRegister
from lpr_engine.store.revisions import to_ms
from lpr_engine.store.vehicle_rows import (
    VEHICLE_COLUMNS,
    check_lists,
    find_vehicle,
    read_vehicle,
    searchable,
    write_vehicle,
)

MAX_PAGE = 500
_MOST_WORDS = 8

_ON_LIST = "id IN (SELECT vehicle_id FROM vehicle_lists WHERE list_name = ?)"
_HAS_WORD = "(instr(haystack, ?) > 0 OR (? != '' AND instr(text, ?) > 0))"


class VehicleRepository:
    """Implements `VehicleBook`."""

    def __init__(self, register: PlateRegister, clock: Clock) -> None:
        self._register = register
        self._clock = clock

    def page(
        self, limit: int, cursor: str | None = None, filters: VehicleFilter | None = None
    ) -> VehiclePage:
        """Vehicles by text, then by id.

        Raises:
            CursorError: the cursor is not one of ours.
            StoreError: the store refused it.
        """
        limit = min(max(1, limit), MAX_PAGE)
        after = None if cursor is None else place_of(cursor, 2)
        wanted = filters or VehicleFilter()
        found = self._register.ask(lambda database: _search(database, limit + 1, after, wanted))
        page = found[:limit]
        last = page[-1].vehicle if len(found) > limit else None
        return VehiclePage(page, None if last is None else cursor_of(last.text, last.id))

    def get(self, vehicle_id: str) -> KeptVehicle:
        """One vehicle.

        Raises:
            VehicleUnknownError: there is none of that id.
            StoreError: the store refused it.
        """
        return self._register.ask(lambda database: _known(database, vehicle_id))

    def add(self, vehicle: Vehicle) -> KeptVehicle:
        """Keep a new vehicle.

        Raises:
            VehicleExistsError: its id is taken.
            PlateTakenError: another vehicle has its text.
            ListMissingError: one of its lists is not there.
            StoreError: the store refused it.
        """
        now_ms = to_ms(self._clock.now())
        return self._register.change(lambda database: _add(database, vehicle, now_ms))

    def update(self, vehicle: Vehicle, seen: int | None = None) -> KeptVehicle:
        """Replace the vehicle of the same id; one that is the same already stays as it is.

        Raises:
            VehicleUnknownError: there is none of that id.
            ChangedMeanwhileError: it has another revision than `seen`.
            PlateTakenError: another vehicle has its text.
            ListMissingError: one of its lists is not there.
            StoreError: the store refused it.
        """
        now_ms = to_ms(self._clock.now())
        return self._register.change(lambda database: _update(database, vehicle, seen, now_ms))

    def remove(self, vehicle_id: str, seen: int | None = None) -> KeptVehicle:
        """Forget a vehicle; its passages stay.

        Raises:
            VehicleUnknownError: there is none of that id.
            ChangedMeanwhileError: it has another revision than `seen`.
            StoreError: the store refused it.
        """
        return self._register.change(lambda database: _remove(database, vehicle_id, seen))


def _add(database: Database, vehicle: Vehicle, now_ms: int) -> KeptVehicle:
    with database.transaction() as connection:
        if find_vehicle(database, "id", vehicle.id) is not None:
            raise VehicleExistsError(f"vehicle {vehicle.id!r} is there already")
        _check(database, vehicle)
        return write_vehicle(connection, vehicle, 1, now_ms)


def _update(database: Database, vehicle: Vehicle, seen: int | None, now_ms: int) -> KeptVehicle:
    with database.transaction() as connection:
        kept = _known(database, vehicle.id, seen)
        if kept.vehicle == vehicle:
            return kept
        _check(database, vehicle)
        return write_vehicle(connection, vehicle, kept.revision + 1, now_ms)


def _remove(database: Database, vehicle_id: str, seen: int | None) -> KeptVehicle:
    with database.transaction() as connection:
        kept = _known(database, vehicle_id, seen)
        connection.execute("DELETE FROM vehicles WHERE id = ?", (vehicle_id,))
        return kept


def _known(database: Database, vehicle_id: str, seen: int | None = None) -> KeptVehicle:
    kept = find_vehicle(database, "id", vehicle_id)
    if kept is None:
        raise VehicleUnknownError(f"there is no vehicle {vehicle_id!r}")
    if seen is not None and kept.revision != seen:
        raise ChangedMeanwhileError(f"vehicle {vehicle_id!r} is at revision {kept.revision}")
    return kept


def _check(database: Database, vehicle: Vehicle) -> None:
    check_lists(database, vehicle.lists)
    other = find_vehicle(database, "text", vehicle.text)
    if other is not None and other.vehicle.id != vehicle.id:
        raise PlateTakenError(
            f"{vehicle.text} is the plate of vehicle {other.vehicle.id!r} ({other.vehicle.label})"
        )


def _search(
    database: Database, limit: int, after: tuple[str, ...] | None, filters: VehicleFilter
) -> tuple[KeptVehicle, ...]:
    conditions = _conditions(filters)
    if after is not None:
        conditions.append(("(text, id) > (?, ?)", after))
    where = f"WHERE {' AND '.join(sql for sql, _ in conditions)}" if conditions else ""
    values = [value for _, values in conditions for value in values]
    rows = database.rows(
        # Conditions are fixed words of this module, values are bound.
        f"SELECT {VEHICLE_COLUMNS} FROM vehicles {where} ORDER BY text, id LIMIT ?",  # noqa: S608
        (*values, limit),
    )
    with translated(database.path):
        return tuple(read_vehicle(row) for row in rows)


def _conditions(filters: VehicleFilter) -> list[tuple[str, tuple[str, ...]]]:
    wanted: list[tuple[str, tuple[str, ...]]] = []
    for word in (filters.words or "").split()[:_MOST_WORDS]:
        plate = normalize(word)
        wanted.append((_HAS_WORD, (searchable(word), plate, plate)))
    if filters.text is not None:
        wanted.append(("text = ?", (normalize(filters.text),)))
    if filters.list_name is not None:
        wanted.append((_ON_LIST, (filters.list_name,)))
    return wanted
