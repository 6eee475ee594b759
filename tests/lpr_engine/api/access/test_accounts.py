"""Accounts: made, changed and removed by admins, at once and for good."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lpr_engine.model.access import Role
from tests.lpr_engine.api.access.house import PASSWORD, House, Visitor

NEW = {"name": "Ben", "role": "viewer", "password": "12345678"}


def make(visitor: Visitor, **changes: object) -> Any:
    reply = visitor.post("accounts", {**NEW, **changes})
    assert reply.status == 201
    return reply.json


def test_a_new_account_can_sign_in(house: House) -> None:
    admin = house.signed_in()
    made = make(admin, name=" Be\u0308n ")
    assert made == {
        "id": made["id"],
        "name": "B\u00ebn",
        "role": "viewer",
        "created_at": "2026-03-01T12:00:00.000Z",
        "password_changed_at": "2026-03-01T12:00:00.000Z",
        "last_sign_in_at": None,
    }
    house.clock.advance(timedelta(minutes=5))
    assert house.visitor().sign_in("b\u00eaN".replace("\u00ea", "\u00eb"), "12345678").status == 200
    found = admin.get(f"accounts/{made['id']}").json
    assert found == {**made, "last_sign_in_at": "2026-03-01T12:05:00.000Z"}
    page = admin.get("accounts").json
    assert ([one["name"] for one in page["items"]], page["next_cursor"]) == (["Anna", "Bën"], None)


def test_accounts_are_for_admins(house: House) -> None:
    made = make(house.signed_in())
    for visitor, status in (
        (house.visitor(), 401),
        (house.signed_in("Viewer", Role.VIEWER), 403),
        (house.signed_in("Operator", Role.OPERATOR), 403),
    ):
        assert visitor.get("accounts").status == status
        assert visitor.get(f"accounts/{made['id']}").status == status
        assert visitor.post("accounts", NEW).status == status
        assert visitor.ask("PATCH", f"accounts/{made['id']}", {"role": "admin"}).status == status
        assert visitor.ask("DELETE", f"accounts/{made['id']}").status == status


def test_a_role_counts_from_the_next_request_on(house: House) -> None:
    admin = house.signed_in()
    made = make(admin)
    ben = house.visitor()
    ben.sign_in("Ben", "12345678")
    key = ben.post("keys", {"name": "k", "scopes": ["read"]}).json["key"]
    assert ben.post("works").status == 403
    assert admin.ask("PATCH", f"accounts/{made['id']}", {"role": "admin"}).json["role"] == "admin"
    assert ben.post("works").status == 200
    wide = ben.post("keys", {"name": "k", "scopes": ["admin"]}).json["key"]
    assert house.visitor(Authorization=f"Bearer {wide}").get("accounts").status == 200
    admin.ask("PATCH", f"accounts/{made['id']}", {"role": "viewer"})
    assert ben.post("works").status == 403
    assert house.visitor(Authorization=f"Bearer {wide}").get("accounts").status == 403
    assert house.visitor(Authorization=f"Bearer {key}").get("me").status == 200


def test_a_name_is_changed_and_the_rest_stays(house: House) -> None:
    admin = house.signed_in()
    made = make(admin)
    changed = admin.ask("PATCH", f"accounts/{made['id']}", {"name": "Benjamin"}).json
    assert changed == {**made, "name": "Benjamin"}
    assert house.visitor().sign_in("Benjamin", "12345678").status == 200
    assert house.visitor().sign_in("Ben", "12345678").status == 401


def test_a_new_password_by_an_admin_ends_the_sessions(house: House) -> None:
    admin = house.signed_in()
    made = make(admin)
    ben = house.visitor()
    ben.sign_in("Ben", "12345678")
    house.clock.advance(timedelta(minutes=1))
    changed = admin.ask("PATCH", f"accounts/{made['id']}", {"password": "another one"}).json
    assert changed["password_changed_at"] == "2026-03-01T12:01:00.000Z"
    assert ben.get("me").status == 401
    assert ben.sign_in("Ben", "12345678").status == 401
    assert ben.sign_in("Ben", "another one").status == 200


def test_a_removed_account_is_out_at_once(house: House) -> None:
    admin = house.signed_in()
    made = make(admin)
    ben = house.visitor()
    ben.sign_in("Ben", "12345678")
    key = ben.post("keys", {"name": "k", "scopes": ["read"]}).json["key"]
    assert admin.ask("DELETE", f"accounts/{made['id']}").status == 204
    assert ben.get("me").status == 401
    assert house.visitor(Authorization=f"Bearer {key}").get("me").status == 401
    assert admin.get(f"accounts/{made['id']}").status == 404
    assert admin.ask("DELETE", f"accounts/{made['id']}").code == "account_unknown"


def test_the_last_admin_stays(house: House) -> None:
    admin = house.signed_in()
    own = admin.get("me").json["account_id"]
    for reply in (
        admin.ask("DELETE", f"accounts/{own}"),
        admin.ask("PATCH", f"accounts/{own}", {"role": "operator"}),
    ):
        assert (reply.status, reply.code) == (409, "last_admin")
    make(admin, role="admin")
    assert admin.ask("DELETE", f"accounts/{own}").status == 204
    assert admin.get("me").status == 401


def test_names_are_taken_once(house: House) -> None:
    admin = house.signed_in()
    made = make(admin)
    reply = admin.post("accounts", {**NEW, "name": "BEN"})
    assert (reply.status, reply.code) == (409, "account_taken")
    reply = admin.ask("PATCH", f"accounts/{made['id']}", {"name": "anna"})
    assert (reply.status, reply.code) == (409, "account_taken")


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"name": ""}, "body.name"),
        ({"name": "   "}, "body.name"),
        ({"name": "a\nb"}, "body.name"),
        ({"name": "a\u200bb"}, "body.name"),
        ({"name": "a" * 65}, "body.name"),
        ({"name": ["a"]}, "body.name"),
        ({"role": "root"}, "body.role"),
        ({"role": None}, "body.role"),
        ({"password": "1234567"}, "body.password"),
        ({"password": "e\u0301" * 4 + "abc"}, "body.password"),
        ({"password": "x" * 257}, "body.password"),
        ({"password": 12345678}, "body.password"),
        ({"id": "x"}, "body.id"),
    ],
)
def test_bad_forms_are_told_where_and_make_nothing(
    house: House, changes: dict[str, object], where: str
) -> None:
    admin = house.signed_in()
    reply = admin.post("accounts", {**NEW, **changes})
    assert reply.status == 400
    assert where in [fault["where"] for fault in reply.json["errors"]]
    assert len(house.store.access.accounts.all()) == 1
    assert "1234567" not in reply.body.decode()


def test_half_characters_are_no_text(house: House) -> None:
    admin = house.signed_in()
    body = b'{"name": "\\ud800", "role": "viewer", "password": "12345678"}'
    headers = {
        "Content-Type": "application/json",
        "X-CSRF-Token": str(admin.csrf),
        "Cookie": "; ".join(f"{name}={value}" for name, value in admin.cookies.items()),
    }
    assert admin.send("POST", "accounts", body, headers).status == 400


@pytest.mark.parametrize("body", [{}, {"name": "x", "more": 1}])
def test_changes_are_named(house: House, body: object) -> None:
    admin = house.signed_in()
    own = admin.get("me").json["account_id"]
    assert admin.ask("PATCH", f"accounts/{own}", body).status == 400


@pytest.mark.parametrize("account_id", ["x", "..", "%00", "01900000-0000-7000-8000-000000000000"])
def test_unknown_accounts_are_not_found(house: House, account_id: str) -> None:
    admin = house.signed_in()
    assert admin.get(f"accounts/{account_id}").status == 404
    assert admin.ask("PATCH", f"accounts/{account_id}", {"name": "x"}).status == 404
    assert admin.ask("DELETE", f"accounts/{account_id}").status == 404


def test_changes_are_written_down_without_passwords(house: House) -> None:
    admin = house.signed_in()
    made = make(admin)
    admin.ask("PATCH", f"accounts/{made['id']}", {"role": "operator", "password": "another one"})
    admin.ask("DELETE", f"accounts/{made['id']}")
    entries = admin.get("audit?limit=3").json["items"]
    assert [(one["action"], one["subject"], one["detail"]) for one in entries] == [
        ("account_removed", "Ben", None),
        ("account_changed", "Ben", "password, role; now Ben, operator"),
        ("account_added", "Ben", "viewer"),
    ]


def change(visitor: Visitor, current: str, new: str) -> Any:
    return visitor.post("me/password", {"current": current, "new": new})


def test_ones_own_password_is_changed_with_the_current_one(house: House) -> None:
    visitor = house.signed_in("Ben", Role.VIEWER)
    before = dict(visitor.cookies)
    other = house.visitor()
    other.sign_in("Ben")
    reply = change(visitor, PASSWORD, "another one")
    assert (reply.status, reply.json["name"]) == (200, "Ben")
    assert visitor.get("me").status == 200
    assert visitor.post("sign-out").status == 204
    # Whoever stole the cookie is out as well.
    assert other.get("me").status == 401
    other.cookies = before
    assert other.get("me").status == 401
    assert other.sign_in("Ben").status == 401
    assert other.sign_in("Ben", "another one").status == 200


def test_a_wrong_current_password_changes_nothing_and_is_slowed_down(house: House) -> None:
    visitor = house.signed_in()
    replies = [change(visitor, "wrong", "another one") for _ in range(6)]
    assert [(reply.status, reply.code) for reply in replies] == [
        *[(403, "password_wrong")] * 5,
        (429, "sign_in_throttled"),
    ]
    assert visitor.get("me").status == 200
    house.clock.advance(timedelta(minutes=16))
    assert house.visitor().sign_in().status == 200
    failed = visitor.get("audit?action=password_changed&succeeded=false").json["items"]
    assert len(failed) == 5


def test_a_short_password_is_told_before_anything_is_tried(house: House) -> None:
    visitor = house.signed_in()
    reply = change(visitor, PASSWORD, "short")
    assert (reply.status, reply.json["errors"][0]["where"]) == (400, "body.new")


def test_keys_have_no_password(house: House) -> None:
    key = house.signed_in().post("keys", {"name": "k", "scopes": ["read", "admin"]}).json["key"]
    reply = change(house.visitor(Authorization=f"Bearer {key}"), PASSWORD, "another one")
    assert (reply.status, reply.code) == (403, "session_needed")
