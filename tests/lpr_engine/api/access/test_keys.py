"""API keys: shown once, as wide as whoever made them at most, and gone at once when removed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lpr_engine.config.sections import ApiSection
from lpr_engine.model.access import Role
from tests.lpr_engine.api.access.house import House, Visitor, opened


def make(visitor: Visitor, *scopes: str, **more: object) -> Any:
    reply = visitor.post("keys", {"name": "Node-RED", "scopes": list(scopes) or ["read"], **more})
    assert reply.status == 201
    return reply.json


def holder(house: House, key: str) -> Visitor:
    return house.visitor(Authorization=f"Bearer {key}")


def test_a_key_is_shown_once_and_opens(house: House) -> None:
    visitor = house.signed_in("Ben", Role.VIEWER)
    made = make(visitor, "read", "metrics")
    key = made.pop("key")
    assert key.startswith(made["hint"])
    assert made == {
        "id": made["id"],
        "name": "Node-RED",
        "hint": made["hint"],
        "scopes": ["metrics", "read"],
        "account_id": visitor.get("me").json["account_id"],
        "created_at": "2026-03-01T12:00:00.000Z",
        "expires_at": None,
        "last_used_at": None,
    }
    assert visitor.get("keys").json == {"items": [made], "next_cursor": None}
    me = holder(house, key).get("me").json
    assert (me["name"], me["kind"], me["csrf_token"]) == ("Node-RED", "key", None)


@pytest.mark.parametrize("form", ["Bearer {}", "bearer {}", "BEARER {}"])
def test_the_schemes_case_does_not_matter(house: House, form: str) -> None:
    key = make(house.signed_in())["key"]
    assert house.visitor(Authorization=form.format(key)).get("me").status == 200


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer  {}", "{}", "Basic {}", "Bearer x{}",
     "Bearer {}x", "Bearer \xff", "Bearer " + "x" * 4000],
)  # fmt: skip
def test_what_is_no_key_opens_nothing(house: House, header: str) -> None:
    key = make(house.signed_in())["key"]
    assert house.visitor(Authorization=header.format(key)).get("me").status == 401


def test_a_wrong_key_is_not_helped_by_a_cookie(house: House) -> None:
    visitor = house.signed_in()
    assert visitor.get("me", Authorization="Bearer wrong").status == 401


def test_each_scope_opens_its_own(house: House) -> None:
    admin = house.signed_in()
    statuses = {}
    for scope in ("metrics", "read", "operate", "admin"):
        visitor = holder(house, make(admin, scope)["key"])
        statuses[scope] = (
            visitor.get("me").status,
            visitor.post("works").status,
            visitor.get("accounts").status,
        )
    assert statuses == {
        "metrics": (403, 403, 403),
        "read": (200, 403, 403),
        "operate": (403, 200, 403),
        "admin": (403, 403, 200),
    }


def test_nobody_makes_a_key_that_may_more_than_they(house: House) -> None:
    for name, role, scope in (("Ben", Role.VIEWER, "operate"), ("Carla", Role.OPERATOR, "admin")):
        reply = house.signed_in(name, role).post("keys", {"name": "k", "scopes": ["read", scope]})
        assert (reply.status, reply.code) == (403, "scope_too_wide")
    assert house.store.access.keys.all() == ()


def test_a_key_makes_no_other_unless_it_administers(house: House) -> None:
    admin = house.signed_in()
    narrow = holder(house, make(admin, "read", "operate")["key"])
    for method, path, body in (
        ("GET", "keys", None),
        ("POST", "keys", {"name": "k", "scopes": ["read"]}),
        ("GET", "sessions", None),
    ):
        reply = narrow.ask(method, path, body)
        assert (reply.status, reply.code) == (403, "session_needed")
    wide = holder(house, make(admin, "read", "admin")["key"])
    assert make(wide, "read")["account_id"] == admin.get("me").json["account_id"]
    assert wide.post("keys", {"name": "k", "scopes": ["operate"]}).status == 403


def test_a_removed_key_is_out_at_once(house: House) -> None:
    visitor = house.signed_in("Ben", Role.VIEWER)
    made = make(visitor)
    program = holder(house, made["key"])
    assert program.get("me").status == 200
    assert visitor.ask("DELETE", f"keys/{made['id']}").status == 204
    assert program.get("me").status == 401
    reply = visitor.ask("DELETE", f"keys/{made['id']}")
    assert (reply.status, reply.code) == (404, "key_unknown")


def test_a_key_ends_when_it_was_told_to_and_a_clock_set_back_prolongs_it_not(
    house: House,
) -> None:
    made = make(house.signed_in(), expires_at="2026-03-02t13:00:00+01:00")
    assert made["expires_at"] == "2026-03-02T12:00:00.000Z"
    program = holder(house, made["key"])
    house.clock.advance(timedelta(hours=23))
    assert program.get("me").status == 200
    house.clock.advance(timedelta(hours=1))
    assert program.get("me").status == 401
    house.clock.advance(timedelta(days=-30))
    assert program.get("me").status == 401


def test_use_is_noted(house: House) -> None:
    visitor = house.signed_in()
    made = make(visitor)
    house.clock.advance(timedelta(minutes=3))
    for _ in range(3):
        holder(house, made["key"]).get("me")
    house.store.depth()
    assert visitor.get("keys").json["items"][0]["last_used_at"] == "2026-03-01T12:03:00.000Z"


def test_people_manage_their_own_keys_and_admins_all(house: House) -> None:
    admin = house.signed_in("Anna")
    ben, carla = house.signed_in("Ben", Role.VIEWER), house.signed_in("Carla", Role.VIEWER)
    made = make(ben)
    assert carla.get("keys").json["items"] == []
    assert carla.ask("PATCH", f"keys/{made['id']}", {"name": "mine"}).status == 404
    assert carla.ask("DELETE", f"keys/{made['id']}").status == 404
    assert ben.ask("PATCH", f"keys/{made['id']}", {"name": " gate "}).json["name"] == "gate"
    assert [one["name"] for one in admin.get("keys").json["items"]] == ["gate"]
    assert admin.ask("DELETE", f"keys/{made['id']}").status == 204
    entries = [
        (one["action"], one["actor"], one["subject"])
        for one in admin.get("audit?limit=3").json["items"]
    ]
    assert entries == [
        ("key_removed", "Anna", f"gate ({made['hint']})"),
        ("key_renamed", "Ben", f"gate ({made['hint']})"),
        ("key_added", "Ben", f"Node-RED ({made['hint']})"),
    ]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "body.name"),
        ({"name": "k"}, "body.scopes"),
        ({"name": "k", "scopes": []}, "body.scopes"),
        ({"name": "k", "scopes": ["root"]}, "body.scopes.0"),
        ({"name": "k", "scopes": ["read", "read"]}, "body.scopes"),
        ({"name": "k", "scopes": "read"}, "body.scopes"),
        ({"name": "\t", "scopes": ["read"]}, "body.name"),
        ({"name": "k", "scopes": ["read"], "expires_at": "tomorrow"}, "body.expires_at"),
        ({"name": "k", "scopes": ["read"], "expires_at": 5}, "body.expires_at"),
        ({"name": "k", "scopes": ["read"], "expires_at": "2026-03-01T12:00:00Z"},
         "body.expires_at"),
        ({"name": "k", "scopes": ["read"], "expires_at": "0001-01-01T00:00:00+23:59"},
         "body.expires_at"),
        ({"name": "k", "scopes": ["read"], "account_id": None}, "body.account_id"),
    ],
)  # fmt: skip
def test_bad_forms_are_told_where(house: House, body: object, where: str) -> None:
    reply = house.signed_in().post("keys", body)
    assert reply.status == 400
    assert where in [fault["where"] for fault in reply.json["errors"]]


def test_the_configured_token_looks_and_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    section = ApiSection(port=0, token="a-token-of-decent-length")
    with opened(tmp_path_factory.mktemp("token"), section) as house:
        visitor = holder(house, "a-token-of-decent-length")
        me = visitor.get("me").json
        assert (me["name"], me["kind"], me["scopes"]) == ("token", "token", ["metrics", "read"])
        assert visitor.post("works").status == 403
        assert visitor.post("keys", {"name": "k", "scopes": ["read"]}).status == 403
        assert holder(house, "a-token-of-decent-lengt").get("me").status == 401
        assert holder(house, "a-token-of-decent-length-").get("me").status == 401
        assert "a-token-of-decent-length" not in repr(house.access)
