"""Accounts, sessions, keys and the audit trail as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lpr_engine.api.access.guests import Badge
from lpr_engine.model.access import Principal, Scope
from lpr_engine.model.account import Account, ApiKey, Session
from lpr_engine.model.audit import AuditEntry
from lpr_engine.model.contract import JsonObject, format_time


def me_to_json(principal: Principal, badge: Badge) -> JsonObject:
    """Who asks, and what our own page needs to know to go on asking."""
    session, ingress = badge.session, badge.ingress
    return {
        "name": principal.name,
        "kind": principal.kind.value,
        "scopes": scopes_to_json(principal.scopes),
        "account_id": principal.account_id,
        "csrf_token": badge.csrf_token,
        "session_id": None if session is None else session.id,
        "session_expires_at": None if session is None else format_time(session.expires_at),
        "base_path": "" if ingress is None else ingress.path,
    }


def account_to_json(account: Account) -> JsonObject:
    """An account, without what its password is checked against."""
    return {
        "id": account.id,
        "name": account.name,
        "role": account.role.value,
        "created_at": format_time(account.created_at),
        "password_changed_at": format_time(account.password_changed_at),
        "last_sign_in_at": _time_or_null(account.last_sign_in_at),
    }


def session_to_json(session: Session, current: str | None) -> JsonObject:
    """A session; `current` is the id of the asker's own."""
    return {
        "id": session.id,
        "account_id": session.account_id,
        "created_at": format_time(session.created_at),
        "expires_at": format_time(session.expires_at),
        "last_used_at": format_time(session.last_used_at),
        "address": session.address,
        "agent": session.agent,
        "current": session.id == current,
    }


def key_to_json(key: ApiKey) -> JsonObject:
    """An API key, without its token."""
    return {
        "id": key.id,
        "name": key.name,
        "hint": key.hint,
        "scopes": scopes_to_json(key.scopes),
        "account_id": key.account_id,
        "created_at": format_time(key.created_at),
        "expires_at": _time_or_null(key.expires_at),
        "last_used_at": _time_or_null(key.last_used_at),
    }


def entry_to_json(entry: AuditEntry) -> JsonObject:
    """An entry of the audit trail."""
    kind = entry.actor_kind
    return {
        "number": entry.number,
        "at": format_time(entry.at),
        "action": entry.action,
        "succeeded": entry.succeeded,
        "actor": entry.actor,
        "actor_kind": None if kind is None else kind.value,
        "address": entry.address,
        "subject": entry.subject,
        "detail": entry.detail,
    }


def scopes_to_json(scopes: Iterable[Scope]) -> list[str]:
    """Scopes from the least to the most."""
    chosen = set(scopes)
    return [scope.value for scope in Scope if scope in chosen]


def _time_or_null(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)
