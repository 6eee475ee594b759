"""From the schema a file has to the schema this program knows, step by step."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from contextlib import closing

from lpr_engine.model.errors import StoreError
from lpr_engine.store.database import Database
from lpr_engine.store.failures import DamagedDatabaseError
from lpr_engine.store.schema import MIGRATIONS, Migration

_LOGGER = logging.getLogger(__name__)

_VERSION_TABLE = """
CREATE TABLE IF NOT EXISTS schema_version (
    version INTEGER PRIMARY KEY,
    applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
)"""


def migrate(database: Database, steps: Sequence[Migration] = MIGRATIONS) -> int:
    """Bring a database up to the newest step; an interrupted run goes on where it stopped.

    Raises:
        StoreError: the file comes from a newer program, from another one, or a step failed.
    """
    version = usable_version(database, steps)
    for step in steps:
        if step.version > version:
            _apply(database, step)
    return steps[-1].version


def usable_version(database: Database, steps: Sequence[Migration] = MIGRATIONS) -> int:
    """The schema version of a file that these steps can bring up to date; changes nothing.

    Raises:
        StoreError: the file comes from a newer program, or from another one.
    """
    version, newest = current_version(database), steps[-1].version
    if version > newest:
        raise StoreError(
            f"{database.path}: schema version {version} comes from a newer release;"
            f" this one knows versions up to {newest}"
        )
    return version


def current_version(database: Database) -> int:
    """The last step a file has seen; 0 for a new one.

    Raises:
        DamagedDatabaseError: it holds this program's tables without their version.
        StoreError: the file holds tables, but not this program's.
    """
    tables = {row["name"] for row in database.rows("SELECT name FROM sqlite_master")}
    if "schema_version" in tables:
        rows = database.rows("SELECT coalesce(max(version), 0) AS version FROM schema_version")
        return int(rows[0]["version"])
    if tables & _own_tables():
        raise DamagedDatabaseError(f"{database.path}: its schema version is lost")
    if tables:
        raise StoreError(f"{database.path}: this is another program's database")
    return 0


def check_schema(database: Database) -> None:
    """Compare a migrated file's tables and indexes with those of a fresh one.

    Raises:
        DamagedDatabaseError: one is missing or has another form.
    """
    found = _definitions(database.connection)
    for name, definition in _fresh_definitions().items():
        if found.get(name) != definition:
            raise DamagedDatabaseError(f"{database.path}: {name} is not as it was made")


def check_nothing_acts(database: Database) -> None:
    """Make sure that no view or trigger is there but this program's, which writing would set off.

    Raises:
        StoreError: there is one.
    """
    found = database.rows("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')")
    foreign = [row["name"] for row in found if row["name"] not in _fresh_definitions()]
    if foreign:
        raise StoreError(f"{database.path}: it holds something that acts by itself")


def _own_tables() -> set[str]:
    return {name for name in _fresh_definitions() if not name.startswith("sqlite_")}


def _fresh_definitions() -> dict[str, str | None]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute(_VERSION_TABLE)
        for step in MIGRATIONS:
            for statement in step.statements:
                connection.execute(statement)
        return _definitions(connection)


def _definitions(connection: sqlite3.Connection) -> dict[str, str | None]:
    return dict(connection.execute("SELECT name, sql FROM sqlite_master").fetchall())


def _apply(database: Database, step: Migration) -> None:
    with database.transaction() as connection:
        connection.execute(_VERSION_TABLE)
        for statement in step.statements:
            connection.execute(statement)
        connection.execute("INSERT INTO schema_version (version) VALUES (?)", (step.version,))
    _LOGGER.info("%s: schema version %s", database.path.name, step.version)
