"""All vehicles and lists together: read at one instant, and told of when they change."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from lpr_engine.model.vehicle import ListMeaning, PlateList
from lpr_engine.model.vehicle_book import Register
from lpr_engine.store.database import Database
from lpr_engine.store.failures import translated
from lpr_engine.store.reader import Reader
from lpr_engine.store.thread import StoreThread
from lpr_engine.store.vehicle_rows import VEHICLE_COLUMNS, read_vehicle

T = TypeVar("T")


class PlateRegister:
    """Implements `RegisterSource`, and carries out what the books of vehicles and lists want.

    Listeners are called in the thread that made the change, when it is on disk.
    """

    def __init__(self, thread: StoreThread, reader: Reader) -> None:
        self._thread = thread
        self._reader = reader
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Have something called after each change."""
        self._listeners.append(listener)

    def register(self) -> Register:
        """All vehicles, by id, and all lists, by name.

        Raises:
            StoreError: the store refused it, or a row makes no sense.
        """
        return self._reader.ask(_read_register)

    def ask(self, question: Callable[[Database], T]) -> T:
        """Read, beside the store's thread.

        Raises:
            StoreError: the store refused it.
        """
        return self._reader.ask(question)

    def change(self, job: Callable[[Database], T]) -> T:
        """Write, in the store's thread, and tell the listeners.

        Raises:
            StoreError: the store refused it.
        """
        done = self._thread.call(job)
        for listener in self._listeners:
            listener()
        return done


def _read_register(database: Database) -> Register:
    # Names and columns are fixed words of this room.
    vehicles = database.rows(f"SELECT {VEHICLE_COLUMNS} FROM vehicles ORDER BY id")  # noqa: S608
    lists = database.rows("SELECT name, meaning FROM lists ORDER BY name")
    with translated(database.path):
        return Register(
            tuple(read_vehicle(row).vehicle for row in vehicles),
            tuple(PlateList(row["name"], ListMeaning(row["meaning"])) for row in lists),
        )
