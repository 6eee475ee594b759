"""Accounts, and what their owners come in with: sessions of browsers, keys of programs."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from lpr_engine.model.access import SCOPES_OF_ROLE, Role, Scope
from lpr_engine.model.errors import ConflictError, UnknownError

SESSION_LIFETIME: Final = timedelta(days=30)
SESSION_IDLE: Final = timedelta(days=7)
CLOCK_TOLERANCE: Final = timedelta(minutes=5)
"""How far clocks are corrected in passing; who is seen further in the future proves nothing."""


class AccountUnknownError(UnknownError):
    """There is no such account."""

    code = "account_unknown"


class AccountTakenError(ConflictError):
    """An account of that name is there already."""

    code = "account_taken"


class AccountGoneError(ConflictError):
    """The account of whoever asks was removed or renamed while they asked."""

    code = "account_gone"


class LastAdminError(ConflictError):
    """Without this account nobody could administer the engine any more."""

    code = "last_admin"


class SetupDoneError(ConflictError):
    """There is an account, so the first one cannot be made again."""

    code = "setup_done"


class PasswordOvertakenError(ConflictError):
    """The password was changed, or the account removed, while it was being used."""

    code = "password_overtaken"


class SessionUnknownError(UnknownError):
    """There is no such session."""

    code = "session_unknown"


class KeyUnknownError(UnknownError):
    """There is no such API key."""

    code = "key_unknown"


class TooManyKeysError(ConflictError):
    """There are as many API keys as the engine keeps."""

    code = "too_many_keys"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in; names differ by more than case and width of their letters."""

    id: str
    name: str
    role: Role
    created_at: datetime
    password_changed_at: datetime
    last_sign_in_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lock:
    """An account with what its password is checked against, an encoded argon2id hash."""

    account: Account
    password_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that signed in, from `address`, calling itself `agent`."""

    id: str
    account_id: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime
    address: str
    agent: str

    def is_open(self, now: datetime) -> bool:
        """Whether it lets in; a clock that was set back shortens it, and never prolongs it."""
        is_young = now < min(self.expires_at, self.last_used_at + SESSION_IDLE)
        return is_young and now > self.last_used_at - CLOCK_TOLERANCE


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What a program comes in with; `hint` is how its token begins.

    Without `account_id` it was made by hand on the engine's machine.
    """

    id: str
    name: str
    hint: str
    scopes: frozenset[Scope]
    created_at: datetime
    account_id: str | None = None
    expires_at: datetime | None = None
    last_used_at: datetime | None = None

    def is_valid(self, now: datetime) -> bool:
        """Whether it lets in; one that ends does not count before it was made."""
        if self.expires_at is None:
            return True
        return self.created_at - CLOCK_TOLERANCE < now < self.expires_at


@dataclass(frozen=True, slots=True)
class SessionHolder:
    """A session and whose it is."""

    session: Session
    account: Account


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """A key and whose it is."""

    key: ApiKey
    account: Account | None

    @property
    def scopes(self) -> frozenset[Scope]:
        """What the key may do: never more than its owner may now."""
        if self.account is None:
            return self.key.scopes
        return self.key.scopes & SCOPES_OF_ROLE[self.account.role]


def name_key(name: str) -> str:
    """What two names share that are the same to people."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name.strip()).casefold())
