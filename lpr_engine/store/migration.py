"""From the schema a file has to the schema this program knows, step by step."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from lpr_engine.model.errors import StoreError
from lpr_engine.store.database import Database
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
    version = current_version(database)
    newest = steps[-1].version
    if version > newest:
        raise StoreError(
            f"{database.path}: schema version {version} comes from a newer release;"
            f" this one knows versions up to {newest}"
        )
    for step in steps:
        if step.version > version:
            _apply(database, step)
    return newest


def current_version(database: Database) -> int:
    """The last step a file has seen; 0 for a new one.

    Raises:
        StoreError: the file holds tables, but not this program's.
    """
    tables = {row["name"] for row in database.rows("SELECT name FROM sqlite_master")}
    if "schema_version" in tables:
        rows = database.rows("SELECT coalesce(max(version), 0) AS version FROM schema_version")
        return int(rows[0]["version"])
    if tables:
        raise StoreError(f"{database.path}: this is another program's database")
    return 0


def _apply(database: Database, step: Migration) -> None:
    with database.transaction() as connection:
        connection.execute(_VERSION_TABLE)
        for statement in step.statements:
            connection.execute(statement)
        connection.execute("INSERT INTO schema_version (version) VALUES (?)", (step.version,))
    _LOGGER.info("%s: schema version %s", database.path.name, step.version)
