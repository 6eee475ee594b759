"""Accounts and the hashes of their passwords."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Final

from lpr_engine.model.access import Role
from lpr_engine.model.account import (
    Account,
    AccountTakenError,
    AccountUnknownError,
    LastAdminError,
    Lock,
    SetupDoneError,
    name_key,
)
from lpr_engine.store.database import Database, Row
from lpr_engine.store.reader import Reader
from lpr_engine.store.revisions import from_ms, to_ms
from lpr_engine.store.thread import StoreThread

_INSERT = """
INSERT INTO accounts (id, name, name_key, role, password_hash, created_at_ms,
    password_changed_at_ms, last_sign_in_at_ms)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""

ACCOUNT_COLUMNS: Final = (
    "accounts.name AS account_name, accounts.role AS account_role,"
    " accounts.created_at_ms AS account_created_at_ms,"
    " accounts.password_changed_at_ms, accounts.last_sign_in_at_ms"
)
_SELECT = f"SELECT id AS account_id, password_hash, {ACCOUNT_COLUMNS} FROM accounts"  # noqa: S608


class AccountRepository:
    """Accounts, written by the store's thread and read beside it."""

    def __init__(self, thread: StoreThread, reader: Reader) -> None:
        self._thread = thread
        self._reader = reader

    def is_empty(self) -> bool:
        """Whether nobody can sign in yet.

        Raises:
            StoreError: the database cannot be read.
        """
        return self._reader.first(bool, "SELECT 1 FROM accounts LIMIT 1") is None

    def all(self) -> tuple[Account, ...]:
        """All accounts, by name.

        Raises:
            StoreError: the database cannot be read.
        """
        return self._reader.all(read_account, f"{_SELECT} ORDER BY name_key")

    def get(self, account_id: str) -> Account:
        """One account.

        Raises:
            AccountUnknownError: there is none.
            StoreError: the database cannot be read.
        """
        found = self._reader.first(read_account, f"{_SELECT} WHERE id = ?", (account_id,))
        if found is None:
            raise _unknown(account_id)
        return found

    def find(self, name: str) -> Lock | None:
        """What a password for that name has to fit; None when there is no such account.

        Raises:
            StoreError: the database cannot be read.
        """
        return self._reader.first(_read_lock, f"{_SELECT} WHERE name_key = ?", (name_key(name),))

    def add_first(self, lock: Lock) -> None:
        """Keep the first account.

        Raises:
            SetupDoneError: there is one already.
            StoreError: the store refused it.
        """
        self._thread.call(lambda database: _add_first(database, lock))

    def add(self, lock: Lock) -> None:
        """Keep a new account.

        Raises:
            AccountTakenError: its name is taken.
            StoreError: the store refused it.
        """
        self._thread.call(lambda database: _add(database, lock))

    def update(self, account_id: str, name: str, role: Role) -> Account:
        """Change name and role.

        Raises:
            AccountUnknownError: there is no such account.
            AccountTakenError: the name is taken.
            LastAdminError: nobody would be left to administer.
            StoreError: the store refused it.
        """
        self._thread.call(lambda database: _update(database, account_id, name, role))
        return self.get(account_id)

    def set_password(self, account_id: str, password_hash: str, at: datetime) -> None:
        """Change the password and end all sessions of the account.

        Raises:
            AccountUnknownError: there is no such account.
            StoreError: the store refused it.
        """
        self._thread.call(lambda database: _set_password(database, account_id, password_hash, at))

    def rehash(self, lock: Lock, password_hash: str) -> None:
        """Keep the same password under another hash, unless it was changed meanwhile.

        Raises:
            StoreError: the store refused it.
        """
        self._thread.call(lambda database: _rehash(database, lock, password_hash))

    def remove(self, account_id: str) -> None:
        """Forget an account with its sessions and keys.

        Raises:
            AccountUnknownError: there is no such account.
            LastAdminError: nobody would be left to administer.
            StoreError: the store refused it.
        """
        self._thread.call(lambda database: _remove(database, account_id))


def read_account(row: Row) -> Account:
    """An account from a row with `account_id` and ACCOUNT_COLUMNS."""
    last_ms = row["last_sign_in_at_ms"]
    return Account(
        id=row["account_id"],
        name=row["account_name"],
        role=Role(row["account_role"]),
        created_at=from_ms(row["account_created_at_ms"]),
        password_changed_at=from_ms(row["password_changed_at_ms"]),
        last_sign_in_at=None if last_ms is None else from_ms(last_ms),
    )


def _read_lock(row: Row) -> Lock:
    return Lock(read_account(row), row["password_hash"])


def _add_first(database: Database, lock: Lock) -> None:
    with database.transaction() as connection:
        if connection.execute("SELECT 1 FROM accounts LIMIT 1").fetchone() is not None:
            raise SetupDoneError("there is an account already")
        _insert(connection, lock)


def _add(database: Database, lock: Lock) -> None:
    with database.transaction() as connection:
        _require_free(connection, lock.account.name, lock.account.id)
        _insert(connection, lock)


def _insert(connection: sqlite3.Connection, lock: Lock) -> None:
    account = lock.account
    last = account.last_sign_in_at
    connection.execute(
        _INSERT,
        (
            account.id,
            account.name,
            name_key(account.name),
            account.role.value,
            lock.password_hash,
            to_ms(account.created_at),
            to_ms(account.password_changed_at),
            None if last is None else to_ms(last),
        ),
    )


def _update(database: Database, account_id: str, name: str, role: Role) -> None:
    with database.transaction() as connection:
        _require_free(connection, name, account_id)
        changed = connection.execute(
            "UPDATE accounts SET name = ?, name_key = ?, role = ? WHERE id = ?",
            (name, name_key(name), role.value, account_id),
        ).rowcount
        if not changed:
            raise _unknown(account_id)
        _require_admin(connection)


def _set_password(database: Database, account_id: str, password_hash: str, at: datetime) -> None:
    with database.transaction() as connection:
        changed = connection.execute(
            "UPDATE accounts SET password_hash = ?, password_changed_at_ms = ? WHERE id = ?",
            (password_hash, to_ms(at), account_id),
        ).rowcount
        if not changed:
            raise _unknown(account_id)
        connection.execute("DELETE FROM sessions WHERE account_id = ?", (account_id,))


def _rehash(database: Database, lock: Lock, password_hash: str) -> None:
    with database.transaction() as connection:
        connection.execute(
            "UPDATE accounts SET password_hash = ? WHERE id = ? AND password_hash = ?",
            (password_hash, lock.account.id, lock.password_hash),
        )


def _remove(database: Database, account_id: str) -> None:
    with database.transaction() as connection:
        if not connection.execute("DELETE FROM accounts WHERE id = ?", (account_id,)).rowcount:
            raise _unknown(account_id)
        _require_admin(connection)


def _require_free(connection: sqlite3.Connection, name: str, account_id: str) -> None:
    taken = connection.execute(
        "SELECT 1 FROM accounts WHERE name_key = ? AND id <> ?", (name_key(name), account_id)
    ).fetchone()
    if taken is not None:
        raise AccountTakenError("an account of that name is there already")


def _require_admin(connection: sqlite3.Connection) -> None:
    """Undoes the transaction that leaves no admin."""
    if connection.execute("SELECT 1 FROM accounts WHERE role = 'admin'").fetchone() is None:
        raise LastAdminError("this is the last account that may administer the engine")


def _unknown(account_id: str) -> AccountUnknownError:
    return AccountUnknownError(f"there is no account {account_id[:64]}")
