"""Vehicles of earlier releases are there, found and changed like new ones."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.vehicle import STANDARD_LISTS, Vehicle
from lpr_engine.model.vehicle_book import VehicleFilter
from lpr_engine.store.database import Database
from lpr_engine.store.migration import migrate
from lpr_engine.store.opening import DATABASE_NAME
from lpr_engine.store.schema import MIGRATIONS
from lpr_engine.store.store import PassageStore

OLD = Vehicle("v1", "AB123C", "Anna", frozenset({"allow"}), owner="Ben", note="rings")


def test_vehicles_of_an_earlier_release_go_on(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / DATABASE_NAME, isolation_level=None)
    connection.row_factory = sqlite3.Row
    database = Database(connection, tmp_path / DATABASE_NAME)
    migrate(database, [step for step in MIGRATIONS if step.version <= 2])
    with database.transaction() as writing:
        writing.execute(
            "INSERT INTO vehicles (id, text, label, owner, note) VALUES (?, ?, ?, ?, ?)",
            (OLD.id, OLD.text, OLD.label, OLD.owner, OLD.note),
        )
        writing.execute("INSERT INTO vehicle_lists VALUES (?, 'allow')", (OLD.id,))
    connection.close()

    with PassageStore(StorageSection(directory=tmp_path)) as store:
        books = store.books
        assert books.vehicles.get("v1").vehicle == OLD
        for words in ("anna", "BEN", "ring", "ab-12"):
            (found,) = books.vehicles.page(5, filters=VehicleFilter(words)).vehicles
            assert (found.vehicle, found.revision) == (OLD, 1)
        assert {one.plate_list.name for one in books.lists.page(9).lists} == set(STANDARD_LISTS)
        assert books.vehicles.update(OLD, seen=1) == found
