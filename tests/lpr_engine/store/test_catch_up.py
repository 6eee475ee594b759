"""Passages of an earlier release: searchable soon, in steps that may be cut off anywhere."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.contract import passage_to_json
from lpr_engine.model.passage import Passage
from lpr_engine.model.search import PassageFilter, TextKind, TextQuery
from lpr_engine.store import catch_up as catching_up
from lpr_engine.store import store as stores
from lpr_engine.store.catch_up import catch_up
from lpr_engine.store.database import Database
from lpr_engine.store.migration import migrate
from lpr_engine.store.opening import DATABASE_NAME, open_database
from lpr_engine.store.schema import MIGRATIONS
from lpr_engine.store.store import PassageStore

from .conftest import NOON, HeldClock, make_passage, make_update

ROOT = Path(__file__).parents[3]
EVERYTHING = PassageFilter()
BY_ALTERNATIVE = PassageFilter(text=TextQuery("A8", TextKind.PREFIX))

_INSERT = """
INSERT INTO passages (id, revision, stage, camera, text, confidence, first_seen_ms, last_seen_ms,
    direction, sequence, body)
VALUES (?, 1, 'final', 'gate', ?, 0.9, 0, ?, 'unknown', ?, ?)"""


@pytest.fixture
def old(storage: StorageSection) -> list[Passage]:
    """Passages that version 2 kept, oldest first; the body is what counts."""
    storage.directory.mkdir()
    kept = [
        replace(make_passage(seen=NOON + timedelta(minutes=number)), sequence=number + 1)
        for number in range(130)
    ]
    kept.sort(key=lambda one: one.id)
    path = storage.directory / DATABASE_NAME
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        migrate(Database(connection, path), MIGRATIONS[:2])
        connection.executemany(
            _INSERT,
            [
                (one.id, one.text, number, one.sequence, json.dumps(passage_to_json(one)))
                for number, one in enumerate(kept)
            ],
        )
        connection.execute(
            "INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', ?)", (len(kept),)
        )
        connection.execute("INSERT INTO alternatives VALUES (?, 0, 'A8123C', 0.1)", (kept[0].id,))
    return kept


@pytest.fixture
def database(storage: StorageSection, old: list[Passage]) -> Iterator[Database]:
    opened = open_database(storage.directory, NOON).database
    yield opened
    opened.close()


def found(store: PassageStore, filters: PassageFilter = EVERYTHING) -> tuple[Passage, ...]:
    return store.search.find(filters, 1000).passages


def test_small_database_is_searchable_at_once(storage: StorageSection, old: list[Passage]) -> None:
    with PassageStore(storage, clock=HeldClock()) as store:
        assert found(store) == tuple(reversed(old))
        assert found(store, BY_ALTERNATIVE) == tuple(reversed(old))


def test_large_one_gets_there_newest_first_while_commits_go_on(
    storage: StorageSection, old: list[Passage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "_CATCH_UP_S", -1.0)
    with PassageStore(storage, clock=HeldClock()) as store:
        assert found(store) == tuple(reversed(old[-catching_up.BATCH :]))
        new = store.commit(make_update(make_passage(seen=NOON + timedelta(days=1))))
        assert new.sequence == len(old) + 1

        store.catch_up()

        assert found(store) == (new, *reversed(old))
        assert found(store, BY_ALTERNATIVE) == (new, *reversed(old))
        store.catch_up()


def test_step_that_is_cut_off_is_taken_again(
    database: Database, storage: StorageSection, old: list[Passage]
) -> None:
    assert catch_up(database, 40)
    with pytest.raises(ZeroDivisionError), database.transaction() as connection:
        connection.execute("DELETE FROM settings WHERE key = 'facts_due'")
        _ = 1 / 0
    database.close()

    with PassageStore(storage, clock=HeldClock()) as store:
        assert found(store) == tuple(reversed(old))


_UNTIL_KILLED = """
import sys
from pathlib import Path
from lpr_engine.store.catch_up import catch_up
from lpr_engine.store.opening import open_database
from tests.lpr_engine.store.conftest import NOON
database = open_database(Path(sys.argv[1]), NOON).database
print("begun", flush=True)
while catch_up(database, 3):
    print("step", flush=True)
"""


def test_killed_in_the_middle_again_and_again(storage: StorageSection, old: list[Passage]) -> None:
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", _UNTIL_KILLED, str(storage.directory)],
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(3)] == ["begun\n", "step\n", "step\n"]
        process.kill()
        process.communicate()

    with PassageStore(storage, clock=HeldClock()) as store:
        assert store.problems == ()
        assert found(store) == tuple(reversed(old))
        assert found(store, BY_ALTERNATIVE) == tuple(reversed(old))


def test_unreadable_passage_stops_nothing(database: Database, old: list[Passage]) -> None:
    with database.transaction() as connection:
        connection.execute("UPDATE passages SET body = '{' WHERE id = ?", (old[70].id,))

    steps = 1
    while catch_up(database, 40):
        steps += 1

    assert steps == 5
    counted = database.rows("SELECT count(*) AS facts FROM facts")[0]["facts"]
    assert counted == len(old) - 1


def test_new_database_has_nothing_to_catch_up_with(tmp_path: Path) -> None:
    opened = open_database(tmp_path, NOON).database
    with closing(opened.connection):
        assert not catch_up(opened)
