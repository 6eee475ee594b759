"""The vehicles and lists a user keeps; the rules load from here."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime, time

from lpr_engine.model.contract import format_time, parse_time
from lpr_engine.model.errors import StoreError
from lpr_engine.model.vehicle import ListMeaning, PlateList, ValidityWindow, Vehicle
from lpr_engine.store.database import Database, Row
from lpr_engine.store.failures import translated
from lpr_engine.store.thread import StoreThread

_INSERT = """
INSERT INTO vehicles (id, text, label, owner, note, cameras, valid_from, valid_until, weekdays,
    from_time, until_time)
VALUES (:id, :text, :label, :owner, :note, :cameras, :valid_from, :valid_until, :weekdays,
    :from_time, :until_time)"""

_UPDATE = """
UPDATE vehicles SET text = :text, label = :label, owner = :owner, note = :note,
    cameras = :cameras, valid_from = :valid_from, valid_until = :valid_until,
    weekdays = :weekdays, from_time = :from_time, until_time = :until_time
WHERE id = :id"""


class VehicleRepository:
    """Vehicles and lists, by the store's thread; safe to call from any thread."""

    def __init__(self, thread: StoreThread) -> None:
        self._thread = thread

    def add(self, vehicle: Vehicle) -> None:
        """Keep a new vehicle.

        Raises:
            StoreError: its id is taken, one of its lists is missing, or the store refused it.
        """
        self._thread.call(lambda database: _add(database, vehicle))

    def update(self, vehicle: Vehicle) -> None:
        """Replace the vehicle of the same id.

        Raises:
            StoreError: there is none, one of its lists is missing, or the store refused it.
        """
        self._thread.call(lambda database: _update(database, vehicle))

    def remove(self, vehicle_id: str) -> None:
        """Forget a vehicle; its passages stay.

        Raises:
            StoreError: there is none, or the store refused it.
        """
        self._thread.call(lambda database: _remove(database, "vehicles", "id", vehicle_id))

    def all(self) -> tuple[Vehicle, ...]:
        """All vehicles, by id.

        Raises:
            StoreError: the store refused it, or a row makes no sense.
        """
        return self._thread.call(_read_vehicles)

    def lists(self) -> tuple[PlateList, ...]:
        """All lists, by name; a new store has one for each meaning but `custom`.

        Raises:
            StoreError: the store refused it, or a row makes no sense.
        """
        return self._thread.call(_read_lists)

    def put_list(self, plate_list: PlateList) -> None:
        """Keep a list, or change the meaning of the one with the same name.

        Raises:
            StoreError: the store refused it.
        """
        self._thread.call(lambda database: _put_list(database, plate_list))

    def remove_list(self, name: str) -> None:
        """Forget a list; its vehicles stay, and stand on it no longer.

        Raises:
            StoreError: there is none, or the store refused it.
        """
        self._thread.call(lambda database: _remove(database, "lists", "name", name))


def _add(database: Database, vehicle: Vehicle) -> None:
    with database.transaction() as connection:
        known = connection.execute("SELECT 1 FROM vehicles WHERE id = ?", (vehicle.id,)).fetchone()
        if known is not None:
            raise StoreError(f"vehicle {vehicle.id!r} is there already")
        connection.execute(_INSERT, _columns(vehicle))
        _put_on_lists(connection, vehicle)


def _update(database: Database, vehicle: Vehicle) -> None:
    with database.transaction() as connection:
        changed = connection.execute(_UPDATE, _columns(vehicle)).rowcount
        if not changed:
            raise StoreError(f"there is no vehicle {vehicle.id!r}")
        connection.execute("DELETE FROM vehicle_lists WHERE vehicle_id = ?", (vehicle.id,))
        _put_on_lists(connection, vehicle)


def _remove(database: Database, table: str, key: str, value: str) -> None:
    with database.transaction() as connection:
        # Table and key are fixed words of this module, the value is bound.
        sql = f"DELETE FROM {table} WHERE {key} = ?"  # noqa: S608
        if not connection.execute(sql, (value,)).rowcount:
            raise StoreError(f"there is no {value!r} among the {table}")


def _put_list(database: Database, plate_list: PlateList) -> None:
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO lists (name, meaning) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET meaning = excluded.meaning",
            (plate_list.name, plate_list.meaning.value),
        )


def _put_on_lists(connection: sqlite3.Connection, vehicle: Vehicle) -> None:
    known = {row["name"] for row in connection.execute("SELECT name FROM lists")}
    if missing := sorted(vehicle.lists - known):
        raise StoreError(f"vehicle {vehicle.id!r}: there is no list {missing[0]!r}")
    connection.executemany(
        "INSERT INTO vehicle_lists (vehicle_id, list_name) VALUES (?, ?)",
        [(vehicle.id, name) for name in sorted(vehicle.lists)],
    )


def _read_lists(database: Database) -> tuple[PlateList, ...]:
    rows = database.rows("SELECT name, meaning FROM lists ORDER BY name")
    with translated(database.path):
        return tuple(PlateList(row["name"], ListMeaning(row["meaning"])) for row in rows)


def _read_vehicles(database: Database) -> tuple[Vehicle, ...]:
    lists: dict[str, set[str]] = {}
    for row in database.rows("SELECT vehicle_id, list_name FROM vehicle_lists"):
        lists.setdefault(row["vehicle_id"], set()).add(row["list_name"])
    rows = database.rows("SELECT * FROM vehicles ORDER BY id")
    with translated(database.path):
        return tuple(_read_vehicle(row, lists.get(row["id"], set())) for row in rows)


def _columns(vehicle: Vehicle) -> dict[str, object]:
    window = vehicle.window
    return {
        "id": vehicle.id,
        "text": vehicle.text,
        "label": vehicle.label,
        "owner": vehicle.owner,
        "note": vehicle.note,
        "cameras": None if vehicle.cameras is None else json.dumps(sorted(vehicle.cameras)),
        "valid_from": _moment(window.valid_from),
        "valid_until": _moment(window.valid_until),
        "weekdays": None if window.weekdays is None else json.dumps(sorted(window.weekdays)),
        "from_time": None if window.from_time is None else window.from_time.isoformat(),
        "until_time": None if window.until_time is None else window.until_time.isoformat(),
    }


def _moment(moment: datetime | None) -> str | None:
    if moment is not None and moment.tzinfo is None:
        raise StoreError(f"{moment.isoformat()}: a time without its zone")
    return None if moment is None else format_time(moment)


def _read_vehicle(row: Row, lists: set[str]) -> Vehicle:
    return Vehicle(
        id=row["id"],
        text=row["text"],
        label=row["label"],
        lists=frozenset(lists),
        owner=row["owner"],
        window=_read_window(row),
        cameras=None if row["cameras"] is None else frozenset(json.loads(row["cameras"])),
        note=row["note"],
    )


def _read_window(row: Row) -> ValidityWindow:
    def read_moment(text: str | None) -> datetime | None:
        return None if text is None else parse_time(text)

    def read_hour(text: str | None) -> time | None:
        return None if text is None else time.fromisoformat(text)

    return ValidityWindow(
        valid_from=read_moment(row["valid_from"]),
        valid_until=read_moment(row["valid_until"]),
        weekdays=None if row["weekdays"] is None else frozenset(json.loads(row["weekdays"])),
        from_time=read_hour(row["from_time"]),
        until_time=read_hour(row["until_time"]),
    )
