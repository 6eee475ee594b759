"""Who may enter after a restore, settled between the database that is here and the one that comes.

An old backup knows keys that were revoked and passwords that were changed since. So the accounts
and keys that are here go on to count, unless somebody says otherwise. In any case nobody stays
signed in, no signed URL goes on to open anything, and the audit trail goes on.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Final, TypeAlias

from lpr_engine.model.backup import AccessSource, Admission
from lpr_engine.model.errors import StoreError
from lpr_engine.store.backup.staging import RestoreOrder
from lpr_engine.store.door_secrets import DOOR_SECRETS
from lpr_engine.store.failures import translated
from lpr_engine.store.revisions import to_ms
from lpr_engine.store.settings import write_setting

_LOGGER = logging.getLogger(__name__)

_ACCESS_TABLES: Final = ("accounts", "api_keys")
_OWNERLESS: Final = """
DELETE FROM api_keys
WHERE account_id IS NOT NULL AND account_id NOT IN (SELECT id FROM accounts)"""
_NEWER: Final = "SELECT * FROM audit WHERE at_ms > ? ORDER BY number DESC LIMIT ?"
_MOST_ENTRIES: Final = 20_000
_SETTLED = "admission"
_ACTOR = "engine"

_Table: TypeAlias = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class _Known:
    """Who may enter by one database."""

    accounts: _Table
    keys: _Table

    @property
    def is_empty(self) -> bool:
        return not self.accounts and not self.keys


def foresee(staged: Path, present: Path, wanted: AccessSource) -> Admission:
    """Who may enter if the staged database took the present one's place now; changes nothing.

    Raises:
        StoreError: the staged database cannot be read.
    """
    with translated(staged), _reading(staged) as connection:
        coming = _known(connection)
    return _admission(coming, _known_here(present), wanted)


def settle(staged: Path, present: Path, order: RestoreOrder) -> Admission:
    """Make the staged database let in whom the order says; once, and whole or not at all.

    Raises:
        DiskFullError: there is no space for it.
        StoreError: the staged database refuses it.
    """
    with translated(staged), closing(sqlite3.connect(staged, isolation_level=None)) as connection:
        admission = _settled(connection, order.aside)
        # What is here may be on its way out by now: it is looked at before, and then never again.
        if admission is None:
            here = _known_here(present)
            admission = _admission(_known(connection), here, order.access)
            connection.execute("BEGIN IMMEDIATE")
            _let_in(connection, here, admission)
            _follow_trail(connection, present, order, admission)
            write_setting(connection, _SETTLED, _to_json(order.aside, admission))
            connection.execute("COMMIT")
        _fold(connection, staged)
    return admission


def settled(database: Path, order: RestoreOrder) -> Admission | None:
    """What was settled before the database took its place.

    Raises:
        StoreError: it cannot be read.
    """
    with translated(database), _reading(database) as connection:
        return _settled(connection, order.aside)


def _admission(coming: _Known, here: _Known, wanted: AccessSource) -> Admission:
    if wanted is AccessSource.NOBODY:
        return Admission(AccessSource.NOBODY)
    if wanted is AccessSource.HERE and not here.is_empty:
        return Admission(AccessSource.HERE)
    accounts = _revived(coming.accounts, here.accounts, ("id", "role", "password_hash"))
    keys = _revived(coming.keys, here.keys, ("id", "digest", "scopes", "expires_at_ms"))
    return Admission(
        AccessSource.BACKUP,
        tuple(sorted(str(one["name"]) for one in accounts)),
        tuple(sorted(f"{one['name']} ({one['hint']}...)" for one in keys)),
    )


def _revived(coming: _Table, here: _Table, telling: Sequence[str]) -> _Table:
    """Those that do not let in here, or not with the same secret and rights."""
    known = {tuple(one.get(column) for column in telling) for one in here}
    return [one for one in coming if tuple(one.get(column) for column in telling) not in known]


def _let_in(connection: sqlite3.Connection, here: _Known, admission: Admission) -> None:
    # What was deleted would else stay readable in the file's free pages.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("DELETE FROM sessions")
    connection.execute("DELETE FROM settings WHERE key = ?", (DOOR_SECRETS,))
    if admission.source is AccessSource.BACKUP:
        return
    for table in reversed(_ACCESS_TABLES):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - a fixed word
    if admission.source is AccessSource.HERE:
        _insert(connection, "accounts", here.accounts)
        _insert(connection, "api_keys", here.keys)
        connection.execute(_OWNERLESS)


def _follow_trail(
    connection: sqlite3.Connection, present: Path, order: RestoreOrder, admission: Admission
) -> None:
    """Let the trail of what was done since the backup follow its own, with the restore itself."""
    last_ms = connection.execute("SELECT coalesce(max(at_ms), 0) FROM audit").fetchone()[0]
    newer = _read(present, _NEWER, (last_ms, _MOST_ENTRIES)) or []
    _insert(connection, "audit", newer[::-1], leave_out=("number",))
    entry = {
        "at_ms": max(to_ms(datetime.now(timezone.utc)), last_ms),
        "action": "restored",
        "succeeded": 1,
        "actor": _ACTOR,
        "subject": order.backup,
        "detail": str(admission),
    }
    _insert(connection, "audit", [entry])


def _insert(
    connection: sqlite3.Connection, table: str, rows: _Table, leave_out: Sequence[str] = ()
) -> None:
    """Put in what the table has columns for, since what is here may be of an older release.

    A row that the table refuses is damaged, and lets in nobody.
    """
    known = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    for row in rows:
        columns = [name for name in row if name in known and name not in leave_out]
        # Names of columns come from the table itself.
        connection.execute(
            f"INSERT OR IGNORE INTO {table} ({', '.join(columns)})"  # noqa: S608
            f" VALUES ({', '.join('?' * len(columns))})",
            [row[name] for name in columns],
        )


def _known_here(present: Path) -> _Known:
    """Nobody, where there is no database, or none that can be read."""
    accounts = _read(present, "SELECT * FROM accounts", ())
    keys = _read(present, "SELECT * FROM api_keys", ())
    return _Known([], []) if accounts is None or keys is None else _Known(accounts, keys)


def _known(connection: sqlite3.Connection) -> _Known:
    return _Known(
        _rows(connection, "SELECT * FROM accounts", ()),
        _rows(connection, "SELECT * FROM api_keys", ()),
    )


def _read(database: Path, query: str, values: Sequence[object]) -> _Table | None:
    if not database.exists():
        return None
    try:
        with _reading(database) as connection:
            return _rows(connection, query, values)
    except (sqlite3.Error, UnicodeDecodeError) as err:
        _LOGGER.warning("%s does not tell who may enter: %s", database, err)
        return None


def _rows(connection: sqlite3.Connection, query: str, values: Sequence[object]) -> _Table:
    cursor = connection.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


@contextmanager
def _reading(database: Path) -> Iterator[sqlite3.Connection]:
    uri = f"{database.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        yield connection


def _fold(connection: sqlite3.Connection, staged: Path) -> None:
    """Have all of it in one file, which is what changes places."""
    if connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
        raise StoreError(f"{staged}: its write-ahead log cannot be folded into it")


def _settled(connection: sqlite3.Connection, aside: str) -> Admission | None:
    row = connection.execute("SELECT value FROM settings WHERE key = ?", (_SETTLED,)).fetchone()
    try:
        data = {} if row is None else json.loads(row[0])
        if data.get("restore") != aside:
            return None
        return Admission(AccessSource(data["source"]), tuple(data["accounts"]), tuple(data["keys"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _to_json(aside: str, admission: Admission) -> str:
    return json.dumps(
        {
            "restore": aside,
            "source": admission.source.value,
            "accounts": admission.accounts,
            "keys": admission.keys,
        }
    )
