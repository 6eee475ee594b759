"""Vehicles as rows: what is written of one, and what is read back."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Iterable
from datetime import datetime, time

from lpr_engine.model.contract import format_time, parse_time
from lpr_engine.model.errors import StoreError
from lpr_engine.model.vehicle import ValidityWindow, Vehicle
from lpr_engine.model.vehicle_book import KeptVehicle
from lpr_engine.model.vehicle_errors import ListMissingError
from lpr_engine.store.database import Database, Row
from lpr_engine.store.revisions import from_ms

_UPSERT = """
INSERT INTO vehicles (id, text, display, label, owner, note, cameras, valid_from, valid_until,
    weekdays, from_time, until_time, haystack, revision, updated_at_ms)
VALUES (:id, :text, :display, :label, :owner, :note, :cameras, :valid_from, :valid_until,
    :weekdays, :from_time, :until_time, :haystack, :revision, :updated_at_ms)
ON CONFLICT (id) DO UPDATE SET
    text = excluded.text, display = excluded.display, label = excluded.label,
    owner = excluded.owner, note = excluded.note, cameras = excluded.cameras,
    valid_from = excluded.valid_from, valid_until = excluded.valid_until,
    weekdays = excluded.weekdays, from_time = excluded.from_time,
    until_time = excluded.until_time, haystack = excluded.haystack,
    revision = excluded.revision, updated_at_ms = excluded.updated_at_ms"""

_LISTS_OF_VEHICLE = (
    "(SELECT json_group_array(list_name) FROM vehicle_lists WHERE vehicle_id = vehicles.id)"
)
VEHICLE_COLUMNS = f"vehicles.*, {_LISTS_OF_VEHICLE} AS lists"


def write_vehicle(
    connection: sqlite3.Connection, vehicle: Vehicle, revision: int, now_ms: int
) -> KeptVehicle:
    """Within a transaction: a vehicle and the lists it stands on.

    Raises:
        StoreError: a time of its window has no zone.
    """
    values = _columns(vehicle) | {"revision": revision, "updated_at_ms": now_ms}
    connection.execute(_UPSERT, values)
    connection.execute("DELETE FROM vehicle_lists WHERE vehicle_id = ?", (vehicle.id,))
    connection.executemany(
        "INSERT INTO vehicle_lists (vehicle_id, list_name) VALUES (?, ?)",
        [(vehicle.id, name) for name in sorted(vehicle.lists)],
    )
    return KeptVehicle(vehicle, revision, from_ms(now_ms))


def read_vehicle(row: Row) -> KeptVehicle:
    """A row of `VEHICLE_COLUMNS`.

    Raises:
        ValueError: it makes no sense.
    """
    vehicle = Vehicle(
        id=row["id"],
        text=row["text"],
        label=row["label"],
        lists=frozenset(json.loads(row["lists"])),
        owner=row["owner"],
        window=_read_window(row),
        cameras=None if row["cameras"] is None else frozenset(json.loads(row["cameras"])),
        note=row["note"],
        display=row["display"],
    )
    return KeptVehicle(vehicle, row["revision"], from_ms(row["updated_at_ms"]))


def find_vehicle(database: Database, column: str, value: str) -> KeptVehicle | None:
    """The vehicle with a value in `id` or `text`.

    Raises:
        StoreError: the database refused it.
    """
    # The column is a fixed word of this room, the value is bound.
    sql = f"SELECT {VEHICLE_COLUMNS} FROM vehicles WHERE {column} = ? LIMIT 1"  # noqa: S608
    row = database.row(sql, (value,))
    return None if row is None else read_vehicle(row)


def list_names(database: Database) -> frozenset[str]:
    """The names of all lists.

    Raises:
        StoreError: the database refused it.
    """
    return frozenset(row["name"] for row in database.rows("SELECT name FROM lists"))


def check_lists(database: Database, names: Iterable[str]) -> None:
    """Refuse lists that are not there.

    Raises:
        ListMissingError: one is not.
        StoreError: the database refused it.
    """
    if missing := sorted(frozenset(names) - list_names(database)):
        raise ListMissingError(f"there is no list {missing[0]!r}")


def searchable(text: str) -> str:
    """Text as it is searched: whatever its case and composition."""
    return unicodedata.normalize("NFKC", text).casefold()


def _columns(vehicle: Vehicle) -> dict[str, object]:
    window = vehicle.window
    said = (vehicle.text, vehicle.display, vehicle.label, vehicle.owner, vehicle.note)
    return {
        "id": vehicle.id,
        "text": vehicle.text,
        "display": vehicle.display,
        "label": vehicle.label,
        "owner": vehicle.owner,
        "note": vehicle.note,
        "cameras": None if vehicle.cameras is None else json.dumps(sorted(vehicle.cameras)),
        "valid_from": _moment(window.valid_from),
        "valid_until": _moment(window.valid_until),
        "weekdays": None if window.weekdays is None else json.dumps(sorted(window.weekdays)),
        "from_time": None if window.from_time is None else window.from_time.isoformat(),
        "until_time": None if window.until_time is None else window.until_time.isoformat(),
        "haystack": searchable("\n".join(part for part in said if part)),
    }


def _moment(moment: datetime | None) -> str | None:
    if moment is not None and moment.tzinfo is None:
        raise StoreError(f"{moment.isoformat()}: a time without its zone")
    return None if moment is None else format_time(moment)


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
