"""The tables of who may enter: accounts, their sessions and keys, and the audit trail.

Of passwords, sessions and keys only hashes are kept: a copy of the file opens no door.
"""

from __future__ import annotations

from typing import Final

_ACCOUNTS = """
CREATE TABLE accounts (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    password_hash TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    password_changed_at_ms INTEGER NOT NULL,
    last_sign_in_at_ms INTEGER
)"""

_SESSIONS = """
CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    last_used_at_ms INTEGER NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL
)"""

_API_KEYS = """
CREATE TABLE api_keys (
    id TEXT PRIMARY KEY NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    account_id TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    hint TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER,
    last_used_at_ms INTEGER
)"""

_AUDIT = """
CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    action TEXT NOT NULL,
    succeeded INTEGER NOT NULL,
    actor TEXT NOT NULL,
    actor_kind TEXT,
    address TEXT,
    subject TEXT,
    detail TEXT
)"""

STATEMENTS: Final = (
    _ACCOUNTS,
    _SESSIONS,
    "CREATE INDEX sessions_of_account ON sessions (account_id, last_used_at_ms)",
    _API_KEYS,
    "CREATE INDEX api_keys_of_account ON api_keys (account_id)",
    _AUDIT,
    "CREATE INDEX audit_by_outcome ON audit (succeeded, number)",
    "CREATE INDEX audit_by_age ON audit (at_ms)",
)
