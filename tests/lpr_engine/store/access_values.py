"""Accounts, sessions and keys as the door hands them to the store."""

from __future__ import annotations

from datetime import datetime, timedelta

import uuid6

from lpr_engine.model.access import Role, Scope
from lpr_engine.model.account import Account, ApiKey, Lock, Session

from .conftest import NOON

HASH = "$argon2id$v=19$m=8,t=1,p=1$salt$hash"


def make_lock(name: str = "Anna", role: Role = Role.ADMIN, password_hash: str = HASH) -> Lock:
    return Lock(Account(str(uuid6.uuid7()), name, role, NOON, NOON), password_hash)


def make_session(account: Account, at: datetime = NOON, days: int = 30) -> Session:
    return Session(
        str(uuid6.uuid7()), account.id, at, at + timedelta(days=days), at, "10.0.0.7", "Firefox"
    )


def make_key(account: Account | None = None, name: str = "script") -> ApiKey:
    return ApiKey(
        str(uuid6.uuid7()),
        name,
        "lprk_abcd",
        frozenset({Scope.READ, Scope.METRICS}),
        NOON,
        None if account is None else account.id,
        NOON + timedelta(days=90),
    )
