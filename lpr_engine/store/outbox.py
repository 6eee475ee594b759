"""Revisions that no broker has confirmed yet; what the publisher sees of the store."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from lpr_engine.model.outbox import OutboxRow
from lpr_engine.store.database import Database
from lpr_engine.store.revisions import from_ms, read_passage

_LOGGER = logging.getLogger(__name__)


def pending_rows(database: Database, limit: int) -> list[OutboxRow]:
    """The oldest rows; one that cannot be read is set aside, so that it never blocks the rest.

    Raises:
        StoreError: the database refused it.
    """
    found = database.rows(
        "SELECT sequence, attempted, queued_at_ms, crop, frame, body FROM outbox"
        " WHERE unreadable = 0 ORDER BY sequence LIMIT ?",
        (max(0, limit),),
    )
    readable, unreadable = [], []
    for row in found:
        passage = read_passage(row)
        if passage is None:
            unreadable.append(row["sequence"])
            continue
        queued_at = from_ms(row["queued_at_ms"])
        readable.append(OutboxRow(row["sequence"], passage, bool(row["attempted"]), queued_at))
    if unreadable:
        _mark(database, "UPDATE outbox SET unreadable = 1 WHERE sequence = ?", unreadable)
        return readable or pending_rows(database, limit)
    return readable


def mark_attempted(database: Database, sequences: Sequence[int]) -> None:
    """Note durably that delivery begins.

    Raises:
        StoreError: the database refused it.
    """
    _mark(database, "UPDATE outbox SET attempted = 1 WHERE sequence = ?", sequences)


def acknowledge(database: Database, sequences: Sequence[int]) -> None:
    """Remove rows that the broker has confirmed; unknown ones are gone already.

    Raises:
        StoreError: the database refused it.
    """
    _mark(database, "DELETE FROM outbox WHERE sequence = ?", sequences)


def depth(database: Database) -> int:
    """How many rows wait.

    Raises:
        StoreError: the database refused it.
    """
    rows = database.rows("SELECT count(*) AS waiting FROM outbox WHERE unreadable = 0")
    return int(rows[0]["waiting"])


def _mark(database: Database, sql: str, sequences: Sequence[int]) -> None:
    if not sequences:
        return
    with database.transaction() as connection:
        connection.executemany(sql, [(sequence,) for sequence in sequences])
