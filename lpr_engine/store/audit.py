"""The audit trail: it only grows at its end, and its oldest entries go."""

from __future__ import annotations

import re
import sqlite3
from datetime import datetime
from typing import Any, Final

from lpr_engine.model.access import PrincipalKind
from lpr_engine.model.audit import AuditEntry, AuditFilter, AuditPage
from lpr_engine.model.errors import CursorError
from lpr_engine.store.database import Database, Row
from lpr_engine.store.reader import Reader
from lpr_engine.store.revisions import from_ms, to_ms
from lpr_engine.store.thread import StoreThread

MAX_PAGE: Final = 500
MAX_SUCCEEDED: Final = 100_000
MAX_FAILED: Final = 20_000
_TRIM_EVERY: Final = 100
_BATCH: Final = 500
_CURSOR = re.compile(r"[0-9]{1,17}")

_INSERT = """
INSERT INTO audit (at_ms, action, succeeded, actor, actor_kind, address, subject, detail)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""

# Who fails on purpose pushes out failures, never what was really done.
_TRIM = """
DELETE FROM audit WHERE succeeded = ? AND number <= (
    SELECT number FROM audit WHERE succeeded = ? ORDER BY number DESC LIMIT 1 OFFSET ?)"""

_OLD = """
DELETE FROM audit WHERE number IN (SELECT number FROM audit WHERE at_ms < ? LIMIT ?)"""


class AuditRepository:
    """The trail, written by the store's thread and read beside it."""

    def __init__(self, thread: StoreThread, reader: Reader) -> None:
        self._thread = thread
        self._reader = reader

    def note(self, entry: AuditEntry) -> None:
        """Add an entry, which gets its number.

        Raises:
            StoreError: the store refused it.
        """
        self._thread.call(lambda database: _note(database, entry))

    def page(self, limit: int, before: str | None, wanted: AuditFilter) -> AuditPage:
        """Entries, newest first; `before` is an earlier page's cursor.

        Raises:
            CursorError: the cursor is none that a page handed out.
            StoreError: the database cannot be read.
        """
        limit = min(max(1, limit), MAX_PAGE)
        conditions, values = _conditions(wanted, before)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        entries = self._reader.all(
            _read_entry,
            # Conditions are fixed words of this module, values are bound.
            f"SELECT * FROM audit {where} ORDER BY number DESC LIMIT ?",  # noqa: S608
            (*values, limit + 1),
        )
        page, more = entries[:limit], len(entries) > limit
        return AuditPage(page, str(page[-1].number) if more else None)


def forget_old(database: Database, before: datetime) -> int:
    """Remove some entries from before a time; returns how many.

    Raises:
        StoreError: the database refused it.
    """
    with database.transaction() as connection:
        return connection.execute(_OLD, (to_ms(before), _BATCH)).rowcount


def _note(database: Database, entry: AuditEntry) -> None:
    kind = entry.actor_kind
    with database.transaction() as connection:
        number = connection.execute(
            _INSERT,
            (
                to_ms(entry.at),
                entry.action,
                entry.succeeded,
                entry.actor,
                None if kind is None else kind.value,
                entry.address,
                entry.subject,
                entry.detail,
            ),
        ).lastrowid
        if number is not None and number % _TRIM_EVERY == 0:
            trim(connection, succeeded=True, most=MAX_SUCCEEDED)
            trim(connection, succeeded=False, most=MAX_FAILED)


def trim(connection: sqlite3.Connection, *, succeeded: bool, most: int) -> None:
    """Within a transaction: leave the newest entries of one outcome."""
    connection.execute(_TRIM, (succeeded, succeeded, most))


def _conditions(wanted: AuditFilter, before: str | None) -> tuple[list[str], list[Any]]:
    chosen: list[tuple[str, Any]] = []
    if wanted.action is not None:
        chosen.append(("action = ?", wanted.action))
    if wanted.actor is not None:
        chosen.append(("actor = ?", wanted.actor))
    if wanted.succeeded is not None:
        chosen.append(("succeeded = ?", wanted.succeeded))
    if before is not None:
        if not _CURSOR.fullmatch(before):
            raise CursorError(f"not a cursor: {before[:80]!r}")
        chosen.append(("number < ?", int(before)))
    return [sql for sql, _ in chosen], [value for _, value in chosen]


def _read_entry(row: Row) -> AuditEntry:
    kind = row["actor_kind"]
    return AuditEntry(
        at=from_ms(row["at_ms"]),
        action=row["action"],
        succeeded=bool(row["succeeded"]),
        actor=row["actor"],
        actor_kind=None if kind is None else PrincipalKind(kind),
        address=row["address"],
        subject=row["subject"],
        detail=row["detail"],
        number=row["number"],
    )
