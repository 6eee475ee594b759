"""The index in memory follows the texts on disk: new ones at once, forgotten ones in a day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from lpr_engine.store.texts import known
from lpr_engine.store.texts.index import TextIndex
from lpr_engine.store.texts.known import KnownTexts


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE texts (number INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT)")
    yield connection
    connection.close()


def put(connection: sqlite3.Connection, *texts: str) -> None:
    connection.executemany("INSERT INTO texts (text) VALUES (?)", [(text,) for text in texts])


def count(index: TextIndex) -> int:
    return len(index.beginning(""))


def test_new_texts_are_known_at_once(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "_AT_ONCE", 2)
    texts = KnownTexts()
    assert count(texts.as_of(connection)) == 0

    put(connection, "A1", "B22", "C3", "D4", "E5")
    assert count(texts.as_of(connection)) == 5
    put(connection, "F6")
    assert texts.as_of(connection).beginning("F").tolist() == [6]


def test_forgotten_texts_are_forgotten_when_a_day_is_over(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = KnownTexts()
    put(connection, "A1", "B2")
    before = texts.as_of(connection)
    connection.execute("DELETE FROM texts WHERE text = 'A1'")

    texts.renew(connection)
    assert texts.as_of(connection) is before
    monkeypatch.setattr(known, "_OLD_S", -1.0)
    texts.renew(connection)

    assert texts.as_of(connection).beginning("").tolist() == [2]
    assert count(before) == 2
