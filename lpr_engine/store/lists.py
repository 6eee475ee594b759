"""The lists vehicles stand on; a new store has one for each meaning but `custom`."""

from __future__ import annotations

from lpr_engine.model.clock import Clock
from lpr_engine.model.vehicle import STANDARD_LISTS, ListMeaning, PlateList
from lpr_engine.model.vehicle_book import KeptList, ListPage
from lpr_engine.model.vehicle_errors import (
    ChangedMeanwhileError,
    ListExistsError,
    ListFixedError,
    ListInUseError,
    ListUnknownError,
)
from lpr_engine.store.database import Database, Row
from lpr_engine.store.failures import translated
from lpr_engine.store.place import cursor_of, place_of
from lpr_engine.store.register import PlateRegister
from lpr_engine.store.revisions import from_ms, to_ms

MAX_PAGE = 500

_COLUMNS = (
    "name, meaning, revision, updated_at_ms,"
    " (SELECT count(*) FROM vehicle_lists WHERE list_name = lists.name) AS vehicles"
)


class ListRepository:
    """Implements `ListBook`."""

    def __init__(self, register: PlateRegister, clock: Clock) -> None:
        self._register = register
        self._clock = clock

    def page(self, limit: int, cursor: str | None = None) -> ListPage:
        """Lists by name.

        Raises:
            CursorError: the cursor is not one of ours.
            StoreError: the store refused it.
        """
        limit = min(max(1, limit), MAX_PAGE)
        after = ("",) if cursor is None else place_of(cursor, 1)
        found = self._register.ask(lambda database: _after(database, after[0], limit + 1))
        page = found[:limit]
        more = len(found) > limit
        return ListPage(page, cursor_of(page[-1].plate_list.name) if more else None)

    def get(self, name: str) -> KeptList:
        """One list.

        Raises:
            ListUnknownError: there is none of that name.
            StoreError: the store refused it.
        """
        return self._register.ask(lambda database: _known(database, name))

    def add(self, plate_list: PlateList) -> KeptList:
        """Keep a new list.

        Raises:
            ListExistsError: its name is taken.
            StoreError: the store refused it.
        """
        now_ms = to_ms(self._clock.now())
        return self._register.change(lambda database: _add(database, plate_list, now_ms))

    def update(self, plate_list: PlateList, seen: int | None = None) -> KeptList:
        """Change the meaning of the list of the same name.

        Raises:
            ListUnknownError: there is none of that name.
            ListFixedError: it is a standard list.
            ChangedMeanwhileError: it has another revision than `seen`.
            StoreError: the store refused it.
        """
        now_ms = to_ms(self._clock.now())
        return self._register.change(lambda database: _update(database, plate_list, seen, now_ms))

    def remove(self, name: str, seen: int | None = None, *, in_use: bool = False) -> KeptList:
        """Forget a list; with `in_use` its vehicles stay, and stand on it no longer.

        Raises:
            ListUnknownError: there is none of that name.
            ListFixedError: it is a standard list.
            ListInUseError: vehicles stand on it, and `in_use` is not said.
            ChangedMeanwhileError: it has another revision than `seen`.
            StoreError: the store refused it.
        """
        now_ms = to_ms(self._clock.now())
        return self._register.change(
            lambda database: _remove(database, name, seen, now_ms, in_use=in_use)
        )


def _add(database: Database, plate_list: PlateList, now_ms: int) -> KeptList:
    with database.transaction() as connection:
        known = database.row("SELECT 1 FROM lists WHERE name = ?", (plate_list.name,))
        if known is not None:
            raise ListExistsError(f"list {plate_list.name!r} is there already")
        connection.execute(
            "INSERT INTO lists (name, meaning, updated_at_ms) VALUES (?, ?, ?)",
            (plate_list.name, plate_list.meaning.value, now_ms),
        )
        return _known(database, plate_list.name)


def _update(database: Database, plate_list: PlateList, seen: int | None, now_ms: int) -> KeptList:
    with database.transaction() as connection:
        kept = _known(database, plate_list.name, seen)
        if kept.plate_list == plate_list:
            return kept
        _check_not_standard(plate_list.name)
        connection.execute(
            "UPDATE lists SET meaning = ?, revision = revision + 1, updated_at_ms = ?"
            " WHERE name = ?",
            (plate_list.meaning.value, now_ms, plate_list.name),
        )
        return _known(database, plate_list.name)


def _remove(
    database: Database, name: str, seen: int | None, now_ms: int, *, in_use: bool
) -> KeptList:
    with database.transaction() as connection:
        kept = _known(database, name, seen)
        _check_not_standard(name)
        if kept.vehicles and not in_use:
            raise ListInUseError(f"list {name!r} is in use; vehicles on it: {kept.vehicles}")
        connection.execute(
            "UPDATE vehicles SET revision = revision + 1, updated_at_ms = ?"
            " WHERE id IN (SELECT vehicle_id FROM vehicle_lists WHERE list_name = ?)",
            (now_ms, name),
        )
        connection.execute("DELETE FROM lists WHERE name = ?", (name,))
        return kept


def _known(database: Database, name: str, seen: int | None = None) -> KeptList:
    # Columns are fixed words of this module.
    row = database.row(f"SELECT {_COLUMNS} FROM lists WHERE name = ?", (name,))  # noqa: S608
    if row is None:
        raise ListUnknownError(f"there is no list {name!r}")
    kept = _read(row)
    if seen is not None and kept.revision != seen:
        raise ChangedMeanwhileError(f"list {name!r} is at revision {kept.revision}")
    return kept


def _check_not_standard(name: str) -> None:
    if name in STANDARD_LISTS:
        raise ListFixedError(f"list {name!r} always stays as it is")


def _after(database: Database, name: str, limit: int) -> tuple[KeptList, ...]:
    rows = database.rows(
        # Columns are fixed words of this module.
        f"SELECT {_COLUMNS} FROM lists WHERE name > ? ORDER BY name LIMIT ?",  # noqa: S608
        (name, limit),
    )
    with translated(database.path):
        return tuple(_read(row) for row in rows)


def _read(row: Row) -> KeptList:
    return KeptList(
        PlateList(row["name"], ListMeaning(row["meaning"])),
        row["revision"],
        from_ms(row["updated_at_ms"]),
        row["vehicles"],
    )
