"""Connections that only read: few, for a short while, gone when the store is closed."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.errors import SearchTooLongError, StoreError
from lpr_engine.store import readers as connections
from lpr_engine.store.failures import StoreBusyError, StoreClosedError
from lpr_engine.store.opening import DATABASE_NAME
from lpr_engine.store.readers import Readers
from lpr_engine.store.store import PassageStore

from .conftest import HeldClock, make_update

FOREVER = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


@pytest.fixture
def readers(tmp_path: Path) -> Iterator[Readers]:
    with PassageStore(StorageSection(directory=tmp_path), clock=HeldClock()) as store:
        store.commit(make_update())
        readers = Readers(tmp_path / DATABASE_NAME, most=2)
        yield readers
        readers.close()


def test_question_that_takes_too_long_is_ended_and_the_next_is_answered(readers: Readers) -> None:
    with pytest.raises(SearchTooLongError, match="shorter time"), readers.reading(0.05) as one:
        one.execute(FOREVER).fetchone()

    for _ in range(3):
        with readers.reading() as one:
            assert one.execute("SELECT count(*) FROM passages").fetchone()[0] == 1


def test_nobody_waits_for_others_beyond_a_limit(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_BUSY_TIMEOUT_S", 0.01)
    with readers.reading(), readers.reading(), pytest.raises(StoreBusyError), readers.reading():
        pass
    with readers.reading():
        pass


def test_nothing_can_be_written(readers: Readers) -> None:
    with pytest.raises(StoreError, match="readonly"), readers.reading() as one:
        one.execute("DELETE FROM passages")


def test_reader_sees_one_instant(readers: Readers, tmp_path: Path) -> None:
    counted = "SELECT count(*) FROM facts"
    with readers.reading() as one:
        before = one.execute(counted).fetchone()[0]
        with sqlite3.connect(tmp_path / DATABASE_NAME, isolation_level=None) as writer:
            writer.execute("DELETE FROM facts")
        writer.close()
        assert one.execute(counted).fetchone()[0] == before
    with readers.reading() as one:
        assert one.execute(counted).fetchone()[0] == 0


def test_connection_in_use_is_closed_when_it_is_given_back(readers: Readers) -> None:
    used = threading.Event()
    closed = threading.Event()
    seen: list[int] = []

    def read() -> None:
        with readers.reading() as one:
            used.set()
            closed.wait(5)
            seen.append(one.execute("SELECT count(*) FROM passages").fetchone()[0])

    reader = threading.Thread(target=read)
    reader.start()
    assert used.wait(5)
    readers.close()
    closed.set()
    reader.join()

    assert seen == [1]
    with pytest.raises(StoreClosedError), readers.reading():
        pass
