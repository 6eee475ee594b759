"""Sessions of browsers, known by the digests of their tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lpr_engine.model.account import (
    SESSION_IDLE,
    Lock,
    PasswordOvertakenError,
    Session,
    SessionHolder,
    SessionUnknownError,
)
from lpr_engine.store.accounts import ACCOUNT_COLUMNS, read_account
from lpr_engine.store.background import submit_quietly
from lpr_engine.store.database import Database, Row
from lpr_engine.store.reader import Reader
from lpr_engine.store.revisions import from_ms, to_ms
from lpr_engine.store.thread import StoreThread

MAX_OF_ACCOUNT: Final = 20

_INSERT = """
INSERT INTO sessions (id, digest, account_id, created_at_ms, expires_at_ms, last_used_at_ms,
    address, agent)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""

_FIND = f"""
SELECT sessions.*, {ACCOUNT_COLUMNS}
FROM sessions JOIN accounts ON accounts.id = sessions.account_id
WHERE sessions.digest = ?"""  # noqa: S608 - fixed words

_SURPLUS = """
DELETE FROM sessions WHERE account_id = ? AND id NOT IN (
    SELECT id FROM sessions WHERE account_id = ? ORDER BY last_used_at_ms DESC, id DESC LIMIT ?)"""

_CLOSED = "DELETE FROM sessions WHERE expires_at_ms <= ? OR last_used_at_ms <= ?"


class SessionRepository:
    """Sessions, written by the store's thread and read beside it."""

    def __init__(self, thread: StoreThread, reader: Reader) -> None:
        self._thread = thread
        self._reader = reader

    def open(self, session: Session, digest: bytes, lock: Lock) -> None:
        """Keep a new session of an account whose password was right; the oldest of many end.

        Raises:
            PasswordOvertakenError: it is not the account's password any more.
            StoreError: the store refused it.
        """
        self._thread.call(lambda database: _open(database, session, digest, lock))

    def find(self, digest: bytes) -> SessionHolder | None:
        """The session whose token has this digest, open or not.

        Raises:
            StoreError: the database cannot be read.
        """
        return self._reader.first(_read_holder, _FIND, (digest,))

    def all(self, account_id: str | None = None) -> tuple[Session, ...]:
        """Sessions of an account, or of all; last used first.

        Raises:
            StoreError: the database cannot be read.
        """
        return self._reader.all(
            _read_session,
            "SELECT * FROM sessions WHERE ? IS NULL OR account_id = ?"
            " ORDER BY last_used_at_ms DESC, id DESC",
            (account_id, account_id),
        )

    def end(self, session_id: str, account_id: str | None = None) -> Session:
        """Forget a session; one of another account than `account_id` counts as unknown.

        Raises:
            SessionUnknownError: there is none.
            StoreError: the store refused it.
        """
        return self._thread.call(lambda database: _end(database, session_id, account_id))

    def touch(self, session_id: str, at: datetime) -> None:
        """Note when it was used, without waiting; lost when the store is busy."""
        submit_quietly(self._thread, lambda database: _touch(database, session_id, at))

    def forget_closed(self, now: datetime) -> int:
        """Remove sessions that let nobody in any more; returns how many.

        Raises:
            StoreError: the store refused it.
        """
        return self._thread.call(lambda database: _forget_closed(database, now))


def _open(database: Database, session: Session, digest: bytes, lock: Lock) -> None:
    account_id = session.account_id
    with database.transaction() as connection:
        signed_in = connection.execute(
            "UPDATE accounts SET last_sign_in_at_ms = ? WHERE id = ? AND password_hash = ?",
            (to_ms(session.created_at), account_id, lock.password_hash),
        ).rowcount
        if not signed_in:
            raise PasswordOvertakenError("the password was changed meanwhile")
        connection.execute(
            _INSERT,
            (
                session.id,
                digest,
                account_id,
                to_ms(session.created_at),
                to_ms(session.expires_at),
                to_ms(session.last_used_at),
                session.address,
                session.agent,
            ),
        )
        connection.execute(_SURPLUS, (account_id, account_id, MAX_OF_ACCOUNT))


def _end(database: Database, session_id: str, account_id: str | None) -> Session:
    with database.transaction() as connection:
        row = connection.execute(
            "SELECT * FROM sessions WHERE id = ? AND (? IS NULL OR account_id = ?)",
            (session_id, account_id, account_id),
        ).fetchone()
        if row is None:
            raise SessionUnknownError(f"there is no session {session_id[:64]}")
        connection.execute("DELETE FROM sessions WHERE id = ?", (session_id,))
        return _read_session(row)


def _touch(database: Database, session_id: str, at: datetime) -> None:
    with database.transaction() as connection:
        connection.execute(
            "UPDATE sessions SET last_used_at_ms = ? WHERE id = ?",
            (to_ms(at), session_id),
        )


def _forget_closed(database: Database, now: datetime) -> int:
    with database.transaction() as connection:
        return connection.execute(_CLOSED, (to_ms(now), to_ms(now - SESSION_IDLE))).rowcount


def _read_holder(row: Row) -> SessionHolder:
    return SessionHolder(_read_session(row), read_account(row))


def _read_session(row: Row) -> Session:
    return Session(
        id=row["id"],
        account_id=row["account_id"],
        created_at=from_ms(row["created_at_ms"]),
        expires_at=from_ms(row["expires_at_ms"]),
        last_used_at=from_ms(row["last_used_at_ms"]),
        address=row["address"],
        agent=row["agent"],
    )
