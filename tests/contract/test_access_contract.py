"""Who may enter, written exactly as the examples that all sides of the contract share."""

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from lpr_engine.api.access.guests import Badge
from lpr_engine.api.access.ingress import IngressUser
from lpr_engine.api.access.payloads import (
    account_to_json,
    entry_to_json,
    key_to_json,
    me_to_json,
    session_to_json,
)
from lpr_engine.api.schemas.access import SCHEMAS
from lpr_engine.api.validation import Validator
from lpr_engine.model.access import SCOPES_OF_ROLE, Principal, PrincipalKind, Role, Scope
from lpr_engine.model.account import Account, ApiKey, Session
from lpr_engine.model.audit import AuditEntry

FOLDER = Path(__file__).parent
NOON = datetime(2026, 5, 4, 12, tzinfo=timezone.utc)
ANNA = Account(
    "019f2b9e-8c00-7a11-8f00-3c5d7e9fa001",
    "Anna",
    Role.ADMIN,
    NOON,
    NOON,
    NOON + timedelta(days=1),
)
SESSION = Session(
    "019f2b9e-8c00-7a11-8f00-3c5d7e9fa002",
    ANNA.id,
    NOON + timedelta(days=1),
    NOON + timedelta(days=31),
    NOON + timedelta(days=1, hours=2),
    "192.168.1.20",
    "Mozilla/5.0",
)
KEY = ApiKey(
    "019f2b9e-8c00-7a11-8f00-3c5d7e9fa003",
    "Node-RED",
    "lprk_Zx4w",
    frozenset({Scope.READ, Scope.OPERATE}),
    NOON,
    ANNA.id,
    NOON + timedelta(days=365),
)
TOKEN = "lprk_Zx4wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
WHO = Principal("Anna", PrincipalKind.ACCOUNT, SCOPES_OF_ROLE[Role.ADMIN], ANNA.id)
USER = IngressUser("u1", "Ben", Role.VIEWER, "/api/hassio_ingress/aBc", ())
SIGNATURE = "5f0c8e1a.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
FAILED = AuditEntry(NOON, "sign_in", False, "Anna", None, "192.168.1.66", number=4711)
CHANGED = AuditEntry(
    NOON, "account_added", True, "Anna", PrincipalKind.ACCOUNT, "192.168.1.20", "Ben",
    "viewer", number=4712,
)  # fmt: skip
WRITTEN = {
    "me": ("Me", me_to_json(WHO, Badge(SESSION, csrf_token="c2VjcmV0"))),
    "me_through_ingress": ("Me", me_to_json(USER.principal, Badge(ingress=USER, csrf_token="YQ"))),
    "account": ("Account", account_to_json(ANNA)),
    "session": ("Session", session_to_json(SESSION, SESSION.id)),
    "api_key": ("ApiKey", key_to_json(KEY)),
    "api_key_new": ("NewApiKey", {**key_to_json(KEY), "key": TOKEN}),
    "audit_entry": ("AuditEntry", entry_to_json(CHANGED)),
    "audit_entry_failed": ("AuditEntry", entry_to_json(FAILED)),
}
SHOWN = {
    "setup_state": "SetupState",
    "media_links": "MediaLinks",
    "sign_in": "SignIn",
    "setup": "Setup",
    "password_change": "PasswordChange",
    "account_new": "NewAccount",
    "account_change": "AccountChange",
    "api_key_wanted": "NewKey",
    "api_key_change": "KeyChange",
    "media_links_wanted": "LinkRequest",
}


def example(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", WRITTEN)
def test_payloads_are_the_examples(name):
    _, payload = WRITTEN[name]
    assert payload == example(name)
    assert list(payload) == list(example(name))


@pytest.mark.parametrize(
    ("name", "schema"), [*((name, schema) for name, (schema, _) in WRITTEN.items()), *SHOWN.items()]
)
def test_examples_fit_their_schemas_and_leave_nothing_out(name, schema):
    assert Validator(SCHEMAS[schema], SCHEMAS).faults(example(name), name) == []
    assert set(example(name)) == set(SCHEMAS[schema]["properties"])


def test_every_schema_has_an_example():
    assert {schema for schema, _ in WRITTEN.values()} | set(SHOWN.values()) == set(SCHEMAS)
