"""Schema steps: once each, in order, whole or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.errors import StoreError
from lpr_engine.store.database import Database
from lpr_engine.store.migration import check_schema, current_version, migrate
from lpr_engine.store.opening import DATABASE_NAME
from lpr_engine.store.schema import MIGRATIONS, Migration
from lpr_engine.store.store import PassageStore

NEWEST = MIGRATIONS[-1].version


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    connection = sqlite3.connect(tmp_path / DATABASE_NAME, isolation_level=None)
    connection.row_factory = sqlite3.Row
    yield Database(connection, tmp_path / DATABASE_NAME)
    connection.close()


def applied(database: Database) -> list[int]:
    rows = database.rows("SELECT version FROM schema_version ORDER BY version")
    return [row["version"] for row in rows]


def tables(database: Database) -> set[str]:
    return {row["name"] for row in database.rows("SELECT name FROM sqlite_master")}


def test_steps_are_numbered_without_gaps() -> None:
    assert [step.version for step in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_new_database_gets_every_step_once(database: Database) -> None:
    assert migrate(database) == NEWEST
    assert migrate(database) == NEWEST
    assert applied(database) == [step.version for step in MIGRATIONS]
    check_schema(database)


@pytest.mark.parametrize("start", range(1, NEWEST))
def test_older_database_goes_on_from_its_version(database: Database, start: int) -> None:
    migrate(database, MIGRATIONS[:start])

    migrate(database)

    assert current_version(database) == NEWEST
    check_schema(database)


def test_failing_step_leaves_nothing_and_can_be_repeated(database: Database) -> None:
    migrate(database)
    next_version = NEWEST + 1
    broken = Migration(
        next_version, ("CREATE TABLE added (x)", "INSERT INTO added VALUES (1)", "NOT SQL")
    )
    before = tables(database)

    with pytest.raises(StoreError, match="syntax error"):
        migrate(database, (*MIGRATIONS, broken))

    assert tables(database) == before
    assert current_version(database) == NEWEST
    repaired = Migration(next_version, broken.statements[:-1])
    assert migrate(database, (*MIGRATIONS, repaired)) == next_version
    assert len(database.rows("SELECT x FROM added")) == 1


def test_interrupted_first_step_is_begun_again(database: Database, tmp_path: Path) -> None:
    """The connection dies with half of the statements done, as with a killed process."""
    database.connection.execute("BEGIN IMMEDIATE")
    for statement in MIGRATIONS[0].statements[:5]:
        database.connection.execute(statement)
    database.connection.close()

    with PassageStore(StorageSection(directory=tmp_path)) as store:
        assert store.problems == ()
        assert store.depth() == 0


def test_database_from_a_newer_release_is_refused_and_left_alone(
    database: Database, tmp_path: Path
) -> None:
    migrate(database)
    database.connection.execute("INSERT INTO schema_version (version) VALUES (99)")

    with pytest.raises(StoreError, match="version 99 comes from a newer release"):
        PassageStore(StorageSection(directory=tmp_path)).open()

    assert current_version(database) == 99
    assert list(tmp_path.glob("*.damaged-*")) == []
