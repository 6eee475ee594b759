"""Who may enter, as the door sees the store. Thread-safe; each call blocks shortly.

Every call raises StoreError when the store refuses it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from lpr_engine.model.access import Role
from lpr_engine.model.account import Account, ApiKey, KeyHolder, Lock, Session, SessionHolder
from lpr_engine.model.audit import AuditEntry, AuditFilter, AuditPage


class AccountBook(Protocol):
    """Accounts and the hashes of their passwords."""

    def is_empty(self) -> bool:
        """Whether nobody can sign in yet."""
        ...

    def all(self) -> tuple[Account, ...]:
        """All accounts, by name."""
        ...

    def get(self, account_id: str) -> Account:
        """One account.

        Raises:
            AccountUnknownError: there is none.
        """
        ...

    def find(self, name: str) -> Lock | None:
        """What a password for that name has to fit; None when there is no such account."""
        ...

    def add_first(self, lock: Lock) -> None:
        """Keep the first account.

        Raises:
            SetupDoneError: there is one already.
        """
        ...

    def add(self, lock: Lock) -> None:
        """Keep a new account.

        Raises:
            AccountTakenError: its name is taken.
        """
        ...

    def update(self, account_id: str, name: str, role: Role) -> Account:
        """Change name and role.

        Raises:
            AccountUnknownError: there is no such account.
            AccountTakenError: the name is taken.
            LastAdminError: nobody would be left to administer.
        """
        ...

    def set_password(self, account_id: str, password_hash: str, at: datetime) -> None:
        """Change the password and end all sessions of the account.

        Raises:
            AccountUnknownError: there is no such account.
        """
        ...

    def rehash(self, lock: Lock, password_hash: str) -> None:
        """Keep the same password under another hash, unless it was changed meanwhile."""
        ...

    def remove(self, account_id: str) -> None:
        """Forget an account with its sessions and keys.

        Raises:
            AccountUnknownError: there is no such account.
            LastAdminError: nobody would be left to administer.
        """
        ...


class SessionBook(Protocol):
    """Sessions, known by the digests of their tokens."""

    def open(self, session: Session, digest: bytes, lock: Lock) -> None:
        """Keep a new session of an account whose password was right; the oldest of many end.

        Raises:
            PasswordOvertakenError: it is not the account's password any more.
        """
        ...

    def find(self, digest: bytes) -> SessionHolder | None:
        """The session whose token has this digest, open or not."""
        ...

    def all(self, account_id: str | None = None) -> tuple[Session, ...]:
        """Sessions of an account, or of all; last used first."""
        ...

    def end(self, session_id: str, account_id: str | None = None) -> Session:
        """Forget a session; one of another account than `account_id` counts as unknown.

        Raises:
            SessionUnknownError: there is none.
        """
        ...

    def touch(self, session_id: str, at: datetime) -> None:
        """Note when it was used, without waiting; lost when the store is busy."""
        ...


class KeyBook(Protocol):
    """API keys, known by the digests of their tokens."""

    def add(self, key: ApiKey, digest: bytes) -> None:
        """Keep a new key.

        Raises:
            TooManyKeysError: there are too many already.
            AccountGoneError: its account is gone.
        """
        ...

    def find(self, digest: bytes) -> KeyHolder | None:
        """The key whose token has this digest, valid or not."""
        ...

    def all(self, account_id: str | None = None) -> tuple[ApiKey, ...]:
        """Keys of an account, or of all; newest first."""
        ...

    def rename(self, key_id: str, name: str, account_id: str | None = None) -> ApiKey:
        """Change its name; one of another account than `account_id` counts as unknown.

        Raises:
            KeyUnknownError: there is none.
        """
        ...

    def remove(self, key_id: str, account_id: str | None = None) -> ApiKey:
        """Forget a key; one of another account than `account_id` counts as unknown.

        Raises:
            KeyUnknownError: there is none.
        """
        ...

    def touch(self, key_id: str, at: datetime) -> None:
        """Note when it was used, without waiting; lost when the store is busy."""
        ...


class AuditTrail(Protocol):
    """What was done at the door; bounded, the oldest entries go."""

    def note(self, entry: AuditEntry) -> None:
        """Add an entry, which gets its number."""
        ...

    def page(self, limit: int, before: str | None, wanted: AuditFilter) -> AuditPage:
        """Entries, newest first; `before` is an earlier page's cursor.

        Raises:
            CursorError: the cursor is none that a page handed out.
        """
        ...


@dataclass(frozen=True, slots=True)
class DoorSecrets:
    """What the door signs with; `keys` by id, the first one is used for new signatures.

    `cookie_suffix` tells the cookies of engines on one host apart and is no secret.
    """

    cookie_suffix: str
    keys: Mapping[str, bytes] = field(repr=False)


class SecretKeeper(Protocol):
    """Secrets that outlive a restart."""

    def current(self) -> DoorSecrets:
        """The secrets now; keys are replaced now and then, and the one before still counts."""
        ...
