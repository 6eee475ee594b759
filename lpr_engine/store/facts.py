"""A passage's facts and spellings, kept in the transaction that keeps its revision."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from lpr_engine.grammar.confusion import normalize
from lpr_engine.model.passage import Passage

MOST_ALTERNATIVES = 5

_UPSERT = """
INSERT INTO facts (first_seen_ms, number, passage_id, camera, stage, direction, zone, list_name,
    vehicle, confidence, text)
VALUES (:first_seen_ms, :number, :id, :camera, :stage, :direction, :zone, :list_name, :vehicle,
    :confidence, :text_number)
ON CONFLICT (passage_id) DO UPDATE SET
    first_seen_ms = excluded.first_seen_ms, camera = excluded.camera, stage = excluded.stage,
    direction = excluded.direction, zone = excluded.zone, list_name = excluded.list_name,
    vehicle = excluded.vehicle, confidence = excluded.confidence, text = excluded.text"""


def keep_facts(
    connection: sqlite3.Connection, passage: Passage, columns: Mapping[str, object]
) -> None:
    """Within a transaction: what a revision is found by, in place of the one before.

    `columns` are those of the passage's row.
    """
    known = connection.execute(
        "SELECT first_seen_ms, number FROM facts WHERE passage_id = ?", (passage.id,)
    ).fetchone()
    number = passage.sequence if known is None else known[1]
    texts = _numbers_of(connection, _spellings(passage))
    connection.execute(_UPSERT, {**columns, "number": number, "text_number": texts.get(0)})
    place = (columns["first_seen_ms"], number)
    before = {} if known is None else _spelled_at(connection, tuple(known))
    if known is not None and (tuple(known), before) == (place, texts):
        return
    if before:
        connection.execute("DELETE FROM spellings WHERE seen_ms = ? AND passage = ?", tuple(known))
    _spell(connection, place, texts)
    _forget(connection, [text for text in before.values() if text not in texts.values()])


def _spellings(passage: Passage) -> dict[int, str]:
    """The distinct texts by rank; 0 is the passage's own, which is missing if it is empty."""
    alternatives = [other.text for other in passage.alternatives[:MOST_ALTERNATIVES]]
    distinct = dict.fromkeys(normalize(text) for text in (passage.text, *alternatives))
    return {rank: text for rank, text in enumerate(distinct) if text}


# Few statements with many values: between two of them another thread may take its turn.


def _numbers_of(connection: sqlite3.Connection, spellings: Mapping[int, str]) -> dict[int, int]:
    """The texts' numbers by rank; new texts get theirs."""
    if not spellings:
        return {}
    texts = list(spellings.values())
    rows, marks = ", ".join(["(?)"] * len(texts)), ", ".join("?" * len(texts))
    # No names or values in these, only marks for them.
    connection.execute(f"INSERT OR IGNORE INTO texts (text) VALUES {rows}", texts)  # noqa: S608
    query = f"SELECT text, number FROM texts WHERE text IN ({marks})"  # noqa: S608
    numbers = dict(connection.execute(query, texts).fetchall())
    return {rank: numbers[text] for rank, text in spellings.items()}


def _spelled_at(connection: sqlite3.Connection, place: Sequence[object]) -> dict[int, int]:
    found = connection.execute(
        "SELECT rank, text FROM spellings WHERE seen_ms = ? AND passage = ?", place
    )
    return dict(found)


def _spell(
    connection: sqlite3.Connection, place: tuple[object, object], texts: Mapping[int, int]
) -> None:
    if not texts:
        return
    rows = ", ".join(["(?, ?, ?, ?)"] * len(texts))
    values = [value for rank, text in texts.items() for value in (*place, rank, text)]
    connection.execute(
        f"INSERT INTO spellings (seen_ms, passage, rank, text) VALUES {rows}",  # noqa: S608 - marks
        values,
    )


def _forget(connection: sqlite3.Connection, texts: Sequence[int]) -> None:
    """A plate's text is not kept longer than the last passage that is spelled by it."""
    connection.executemany(
        "DELETE FROM texts WHERE number = ?1"
        " AND NOT EXISTS (SELECT 1 FROM spellings WHERE text = ?1)",
        [(text,) for text in texts],
    )
