"""API keys of programs, known by the digests of their tokens."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime
from typing import Final

from lpr_engine.model.access import Scope
from lpr_engine.model.account import (
    AccountGoneError,
    ApiKey,
    KeyHolder,
    KeyUnknownError,
    TooManyKeysError,
)
from lpr_engine.store.accounts import ACCOUNT_COLUMNS, read_account
from lpr_engine.store.background import submit_quietly
from lpr_engine.store.database import Database, Row
from lpr_engine.store.reader import Reader
from lpr_engine.store.revisions import from_ms, to_ms
from lpr_engine.store.thread import StoreThread

MAX_KEYS: Final = 1000
MAX_OF_ACCOUNT: Final = 50

_INSERT = """
INSERT INTO api_keys (id, digest, account_id, name, hint, scopes, created_at_ms, expires_at_ms,
    last_used_at_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)"""

_FIND = f"""
SELECT api_keys.*, accounts.role IS NOT NULL AS is_owned, {ACCOUNT_COLUMNS}
FROM api_keys LEFT JOIN accounts ON accounts.id = api_keys.account_id
WHERE api_keys.digest = ?"""  # noqa: S608 - fixed words

_COUNT = "SELECT count(*), count(*) FILTER (WHERE account_id = ?) FROM api_keys"


class KeyRepository:
    """API keys, written by the store's thread and read beside it."""

    def __init__(self, thread: StoreThread, reader: Reader) -> None:
        self._thread = thread
        self._reader = reader

    def add(self, key: ApiKey, digest: bytes) -> None:
        """Keep a new key.

        Raises:
            TooManyKeysError: there are too many already.
            AccountGoneError: its account is gone.
            StoreError: the store refused it.
        """
        self._thread.call(lambda database: _add(database, key, digest))

    def find(self, digest: bytes) -> KeyHolder | None:
        """The key whose token has this digest, valid or not.

        Raises:
            StoreError: the database cannot be read.
        """
        return self._reader.first(_read_holder, _FIND, (digest,))

    def all(self, account_id: str | None = None) -> tuple[ApiKey, ...]:
        """Keys of an account, or of all; newest first.

        Raises:
            StoreError: the database cannot be read.
        """
        return self._reader.all(
            _read_key,
            "SELECT * FROM api_keys WHERE ? IS NULL OR account_id = ?"
            " ORDER BY created_at_ms DESC, id DESC",
            (account_id, account_id),
        )

    def rename(self, key_id: str, name: str, account_id: str | None = None) -> ApiKey:
        """Change its name; one of another account than `account_id` counts as unknown.

        Raises:
            KeyUnknownError: there is none.
            StoreError: the store refused it.
        """
        return self._thread.call(lambda database: _rename(database, key_id, name, account_id))

    def remove(self, key_id: str, account_id: str | None = None) -> ApiKey:
        """Forget a key; one of another account than `account_id` counts as unknown.

        Raises:
            KeyUnknownError: there is none.
            StoreError: the store refused it.
        """
        return self._thread.call(lambda database: _remove(database, key_id, account_id))

    def touch(self, key_id: str, at: datetime) -> None:
        """Note when it was used, without waiting; lost when the store is busy."""
        submit_quietly(self._thread, lambda database: _touch(database, key_id, at))


def _add(database: Database, key: ApiKey, digest: bytes) -> None:
    with database.transaction() as connection:
        _require_owner(connection, key.account_id)
        total, own = connection.execute(_COUNT, (key.account_id,)).fetchone()
        if total >= MAX_KEYS or own >= MAX_OF_ACCOUNT:
            raise TooManyKeysError("there are as many API keys as may be; remove one")
        connection.execute(
            _INSERT,
            (
                key.id,
                digest,
                key.account_id,
                key.name,
                key.hint,
                " ".join(sorted(scope.value for scope in key.scopes)),
                to_ms(key.created_at),
                None if key.expires_at is None else to_ms(key.expires_at),
            ),
        )


def _require_owner(connection: sqlite3.Connection, account_id: str | None) -> None:
    if account_id is None:
        return
    known = connection.execute("SELECT 1 FROM accounts WHERE id = ?", (account_id,)).fetchone()
    if known is None:
        raise AccountGoneError("the key's account does not exist any more")


def _rename(database: Database, key_id: str, name: str, account_id: str | None) -> ApiKey:
    with database.transaction() as connection:
        found = _find_own(connection, key_id, account_id)
        connection.execute("UPDATE api_keys SET name = ? WHERE id = ?", (name, key_id))
        return replace(found, name=name)


def _remove(database: Database, key_id: str, account_id: str | None) -> ApiKey:
    with database.transaction() as connection:
        found = _find_own(connection, key_id, account_id)
        connection.execute("DELETE FROM api_keys WHERE id = ?", (key_id,))
        return found


def _find_own(connection: sqlite3.Connection, key_id: str, account_id: str | None) -> ApiKey:
    row = connection.execute(
        "SELECT * FROM api_keys WHERE id = ? AND (? IS NULL OR account_id = ?)",
        (key_id, account_id, account_id),
    ).fetchone()
    if row is None:
        raise KeyUnknownError(f"there is no API key {key_id[:64]}")
    return _read_key(row)


def _touch(database: Database, key_id: str, at: datetime) -> None:
    with database.transaction() as connection:
        connection.execute(
            "UPDATE api_keys SET last_used_at_ms = ? WHERE id = ?", (to_ms(at), key_id)
        )


def _read_holder(row: Row) -> KeyHolder:
    return KeyHolder(_read_key(row), read_account(row) if row["is_owned"] else None)


def _read_key(row: Row) -> ApiKey:
    expires_ms, used_ms = row["expires_at_ms"], row["last_used_at_ms"]
    return ApiKey(
        id=row["id"],
        name=row["name"],
        hint=row["hint"],
        scopes=frozenset(Scope(word) for word in row["scopes"].split()),
        created_at=from_ms(row["created_at_ms"]),
        account_id=row["account_id"],
        expires_at=None if expires_ms is None else from_ms(expires_ms),
        last_used_at=None if used_ms is None else from_ms(used_ms),
    )
