"""The log is folded beside the commits, and stays short whatever readers do."""

from __future__ import annotations

import logging
import secrets
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lpr_engine.config.sections import StorageSection
from lpr_engine.store import checkpoints
from lpr_engine.store.checkpoints import fold, open_folding
from lpr_engine.store.database import Database
from lpr_engine.store.opening import DATABASE_NAME, open_database
from lpr_engine.store.store import PassageStore

from .conftest import NOON, make_update

FRAME_BYTES = 4096 + 24
LONGEST_S = 30.0

# In a process of its own: to close the file would take this one's locks on it away.
IN_THE_FILE = """
import sqlite3, sys
file = sqlite3.connect(f"file:{sys.argv[1]}?immutable=1", uri=True)
print(file.execute("SELECT count(*) FROM passages").fetchone()[0])
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / DATABASE_NAME


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    """A database whose commits fold nothing."""
    opened = open_database(path.parent, NOON).database
    opened.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    opened.rows("PRAGMA wal_autocheckpoint = 0")
    yield opened
    opened.close()


def write(database: Database, times: int = 1) -> None:
    for _ in range(times):
        with database.transaction() as connection:
            connection.execute(
                "INSERT INTO settings VALUES ('big', ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                # SQLite writes no page that stays as it is.
                (secrets.token_hex(20_000),),
            )


def log_frames(path: Path) -> int:
    return path.with_name(path.name + "-wal").stat().st_size // FRAME_BYTES


def begin_reading(reader: sqlite3.Connection) -> None:
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM settings").fetchone()


def kept_in_file(path: Path) -> int:
    """What is kept if the log is left out of account."""
    command = [sys.executable, "-c", IN_THE_FILE, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    # While pages are written one of them may be newer than another.
    return int(done.stdout) if done.returncode == 0 else 0


def until(holds: Callable[[], bool]) -> bool:
    """Whether it came to hold in time."""
    deadline_s = time.monotonic() + LONGEST_S
    while not holds():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)
    return True


def test_passages_get_into_the_file_while_the_store_is_open(
    open_store: Callable[[], PassageStore],
    storage: StorageSection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checkpoints, "ROWS_BETWEEN", 1)
    store = open_store()

    for seed in range(5):
        store.commit(make_update(seed=seed))

    path = storage.directory / DATABASE_NAME
    assert until(lambda: kept_in_file(path) == 5)


def test_few_rows_are_left_in_the_log(database: Database, path: Path) -> None:
    keeper = checkpoints.Checkpoints(path)
    keeper.begin(database)
    write(database)
    keeper.note(database)
    keeper.stop()

    frames = log_frames(path)
    assert frames > 0
    write(database)
    assert log_frames(path) > frames


def test_log_begins_anew_once_it_is_folded(database: Database, path: Path) -> None:
    with closing(open_folding(path)) as folding:
        write(database, 3)
        frames = log_frames(path)
        for _ in range(10):
            fold(folding)
            write(database, 3)

    assert log_frames(path) == frames


def test_log_grows_no_more_once_a_slow_reader_has_gone(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "MOST_FRAMES", 20)
    with closing(open_folding(path)) as folding, closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM settings WHERE key = 'big'").fetchone() == (0,)
        for _ in range(10):
            write(database)
            fold(folding)
        held_up = log_frames(path)
        assert held_up > 100
        assert reader.execute("SELECT count(*) FROM settings WHERE key = 'big'").fetchone() == (0,)
        reader.execute("ROLLBACK")

        fold(folding)
        write(database, 3)

    assert log_frames(path) == held_up


def test_a_long_log_is_waited_for_although_readers_never_leave_it_all_at_once(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "MOST_FRAMES", 20)
    monkeypatch.setattr(checkpoints, "LONGEST_WAIT_S", LONGEST_S)
    with (
        closing(open_folding(path)) as folding,
        closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as first,
        closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as second,
    ):
        write(database, 5)
        begin_reading(first)

        def take_turns() -> None:
            begin_reading(second)
            first.execute("ROLLBACK")

        frames = log_frames(path)
        turn = threading.Timer(0.2, take_turns)
        turn.start()
        fold(folding)
        write(database)
        turn.join()

        assert second.in_transaction
        assert log_frames(path) == frames


def test_commits_fold_a_log_that_nobody_else_folds(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "BRAKE_FRAMES", 40)
    keeper = checkpoints.Checkpoints(path)
    keeper.begin(database)
    keeper.stop()

    write(database, 50)

    assert log_frames(path) < 80


def test_what_cannot_be_folded_is_told_once(
    database: Database,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(checkpoints, "ROWS_BETWEEN", 1)
    keeper = checkpoints.Checkpoints(path)
    keeper.begin(database)
    try:
        keeper._connection.close()
        for _ in range(3):
            write(database)
            keeper.note(database)
            until(lambda: not keeper._due.is_set())
    finally:
        keeper.stop()

    told = [one for one in caplog.records if one.levelno == logging.WARNING]
    assert [one.getMessage().split(":")[0] for one in told] == [
        "the log cannot be folded into the database"
    ]


def test_it_can_be_ended_before_it_began_and_twice(path: Path) -> None:
    keeper = checkpoints.Checkpoints(path)

    keeper.stop()
    keeper.stop()

    assert keeper._thread not in threading.enumerate()


def test_the_file_is_on_disk_before_the_log_is_begun_anew(database: Database, path: Path) -> None:
    full = 2
    with closing(open_folding(path)) as folding:
        assert folding.execute("PRAGMA synchronous").fetchone() == (full,)
