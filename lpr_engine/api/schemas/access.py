"""Who may enter, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lpr_engine.model.access import PrincipalKind, Role, Scope
from lpr_engine.model.contract import JsonObject

_ID: Final[JsonObject] = {"type": "string", "format": "uuid"}
_ID_OR_NULL: Final[JsonObject] = {"type": ["string", "null"], "format": "uuid"}
_TIME: Final[JsonObject] = {"type": "string", "format": "date-time"}
_TIME_OR_NULL: Final[JsonObject] = {"type": ["string", "null"], "format": "date-time"}
_TEXT: Final[JsonObject] = {"type": "string"}
_TEXT_OR_NULL: Final[JsonObject] = {"type": ["string", "null"]}
_FLAG: Final[JsonObject] = {"type": "boolean"}
_ROLE: Final[JsonObject] = {"type": "string", "enum": [role.value for role in Role]}
_SCOPES: Final[JsonObject] = {
    "type": "array",
    "items": {"type": "string", "enum": [scope.value for scope in Scope]},
    "uniqueItems": True,
}
_KINDS: Final = [kind.value for kind in PrincipalKind]

NAME: Final[JsonObject] = {"type": "string", "minLength": 1, "maxLength": 64}
PASSWORD: Final[JsonObject] = {
    "type": "string",
    "format": "password",
    "minLength": 8,
    "maxLength": 256,
    "description": "Any characters; only the length counts.",
}
_SHOWN_PASSWORD: Final[JsonObject] = {
    "type": "string",
    "format": "password",
    "minLength": 1,
    "maxLength": 256,
}


def _object(properties: JsonObject, optional: tuple[str, ...] = ()) -> JsonObject:
    """What we answer: every key, always."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties}


def _form(properties: JsonObject, optional: tuple[str, ...] = ()) -> JsonObject:
    """What we are sent: no key that is not known."""
    return {**_object(properties, optional), "additionalProperties": False}


_ME: Final = _object(
    {
        "name": _TEXT,
        "kind": {"enum": _KINDS},
        "scopes": _SCOPES,
        "account_id": _TEXT_OR_NULL,
        "csrf_token": {
            **_TEXT_OR_NULL,
            "description": "For the header X-CSRF-Token of every request that changes something;"
            " null for who needs none.",
        },
        "session_id": _ID_OR_NULL,
        "session_expires_at": _TIME_OR_NULL,
        "base_path": {
            **_TEXT,
            "description": "Under which path the browser finds the engine; empty but for ingress.",
        },
    }
)

_ACCOUNT: Final = _object(
    {
        "id": _ID,
        "name": _TEXT,
        "role": _ROLE,
        "created_at": _TIME,
        "password_changed_at": _TIME,
        "last_sign_in_at": _TIME_OR_NULL,
    }
)

_SESSION: Final = _object(
    {
        "id": _ID,
        "account_id": _ID,
        "created_at": _TIME,
        "expires_at": _TIME,
        "last_used_at": {**_TIME, "description": "To the minute."},
        "address": _TEXT,
        "agent": {**_TEXT, "description": "What the browser calls itself."},
        "current": {**_FLAG, "description": "Whether it is the one that asks."},
    }
)

_KEY_PROPERTIES: Final[JsonObject] = {
    "id": _ID,
    "name": _TEXT,
    "hint": {**_TEXT, "description": "How the key begins."},
    "scopes": _SCOPES,
    "account_id": {**_ID_OR_NULL, "description": "Null when made on the engine's machine."},
    "created_at": _TIME,
    "expires_at": _TIME_OR_NULL,
    "last_used_at": {**_TIME_OR_NULL, "description": "To the minute."},
}

_AUDIT_ENTRY: Final = _object(
    {
        "number": {"type": "integer", "minimum": 1},
        "at": _TIME,
        "action": _TEXT,
        "succeeded": _FLAG,
        "actor": _TEXT,
        "actor_kind": {"enum": [*_KINDS, None]},
        "address": _TEXT_OR_NULL,
        "subject": _TEXT_OR_NULL,
        "detail": _TEXT_OR_NULL,
    }
)

_LINK: Final = _object(
    {
        "path": {**_TEXT, "description": "As it was asked for."},
        "url": {**_TEXT, "description": "Relative to the host; opens without any other proof."},
    }
)

SIGN_IN: Final = _form({"name": NAME, "password": _SHOWN_PASSWORD})
SETUP: Final = _form(
    {"code": {"type": "string", "maxLength": 64}, "name": NAME, "password": PASSWORD}
)
PASSWORD_CHANGE: Final = _form({"current": _SHOWN_PASSWORD, "new": PASSWORD})
NEW_ACCOUNT: Final = _form({"name": NAME, "role": _ROLE, "password": PASSWORD})
ACCOUNT_CHANGE: Final[JsonObject] = {
    **_form({"name": NAME, "role": _ROLE, "password": PASSWORD}, ("name", "role", "password")),
    "minProperties": 1,
}
NEW_KEY: Final = _form(
    {
        "name": NAME,
        "scopes": {**_SCOPES, "minItems": 1},
        "expires_at": {**_TIME_OR_NULL, "description": "Never, if left out."},
    },
    ("expires_at",),
)
KEY_CHANGE: Final = _form({"name": NAME})
LINK_REQUEST: Final = _form(
    {
        "paths": {
            "type": "array",
            "items": {"type": "string", "minLength": 1, "maxLength": 256},
            "minItems": 1,
            "maxItems": 100,
            "description": "Paths under the API, as a passage's `crop` and `frame`.",
        },
        "lifetime_s": {"type": "integer", "minimum": 1, "maximum": 86_400, "default": 600},
    },
    ("lifetime_s",),
)

SCHEMAS: Final[Mapping[str, JsonObject]] = {
    "Me": _ME,
    "SetupState": _object({"needed": _FLAG}),
    "Account": _ACCOUNT,
    "Session": _SESSION,
    "ApiKey": _object(_KEY_PROPERTIES),
    "NewApiKey": _object(
        {**_KEY_PROPERTIES, "key": {**_TEXT, "description": "The key itself, shown only now."}}
    ),
    "AuditEntry": _AUDIT_ENTRY,
    "MediaLinks": _object({"items": {"type": "array", "items": _LINK}, "expires_at": _TIME}),
    "SignIn": SIGN_IN,
    "Setup": SETUP,
    "PasswordChange": PASSWORD_CHANGE,
    "NewAccount": NEW_ACCOUNT,
    "AccountChange": ACCOUNT_CHANGE,
    "NewKey": NEW_KEY,
    "KeyChange": KEY_CHANGE,
    "LinkRequest": LINK_REQUEST,
}
