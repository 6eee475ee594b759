"""Lists over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.lpr_engine.api.people import Door, people_door


@pytest.fixture
def door(tmp_path) -> Iterator[Door]:
    with people_door(tmp_path) as opened:
        yield opened


def test_standard_lists_are_there_and_stay(door: Door) -> None:
    items = door.get("/lists").json["items"]
    assert [(one["name"], one["meaning"], one["standard"]) for one in items] == [
        (name, name, True) for name in ("allow", "block", "ignore", "watch")
    ]
    for reply in (
        door.ask("PUT", "/lists/allow", {"meaning": "block"}),
        door.ask("DELETE", "/lists/allow?in_use=true"),
    ):
        assert (reply.status, reply.code) == (409, "list_fixed")
    assert door.ask("PUT", "/lists/allow", {"meaning": "allow"}).status == 200


@pytest.mark.parametrize("name", ["guests", "Büro & Gäste", "名前", "a%2Fb", "?x=1#y", "=cmd"])
def test_a_list_of_any_name_comes_changes_and_goes(door: Door, name: str) -> None:
    made = door.ask("POST", "/lists", {"name": name, "meaning": "custom"})
    assert made.status == 201
    path = made.headers["Location"].removeprefix("/api/v1")
    assert path == f"/lists/{quote(name, safe='')}"
    assert door.get(path).json == made.json
    changed = door.ask("PUT", path, {"meaning": "allow"}, If_Match=made.headers["ETag"])
    assert (changed.json["meaning"], changed.json["revision"]) == ("allow", 2)
    stale = door.ask("DELETE", path, If_Match=made.headers["ETag"])
    assert (stale.status, stale.code) == (412, "precondition_failed")
    assert door.ask("DELETE", path, If_Match=changed.headers["ETag"]).status == 204
    assert door.get(path).code == "list_unknown"


def test_one_name_is_one_list_however_it_is_composed(door: Door) -> None:
    apart = "Bu\u0308ro"
    assert door.ask("POST", "/lists", {"name": apart, "meaning": "allow"}).status == 201
    again = door.ask("POST", "/lists", {"name": "B\u00fcro", "meaning": "allow"})
    assert (again.status, again.code) == (409, "list_exists")
    assert door.get(f"/lists/{quote(apart)}").json["name"] == "B\u00fcro"
    assert door.add(text="AB1", lists=[apart])["lists"] == ["B\u00fcro"]


def test_a_list_in_use_goes_only_when_that_is_said(door: Door) -> None:
    door.ask("POST", "/lists", {"name": "guests", "meaning": "allow"})
    vehicle = door.add(text="AB123", lists=["guests", "watch"])
    assert door.get("/lists/guests").json["vehicles"] == 1

    refused = door.ask("DELETE", "/lists/guests")
    assert (refused.status, refused.code) == (409, "list_in_use")
    assert door.ask("DELETE", "/lists/guests?in_use=true").status == 204

    left = door.get(f"/vehicles/{vehicle['id']}").json
    assert (left["lists"], left["revision"]) == (["watch"], 2)


@pytest.mark.parametrize(
    "name", ["", " x", "x ", "a|b", "a;b", "a,b", "a/b", "a\\b", "{x}", "..", "x" * 41, "a\nb", 7]
)
def test_a_name_that_is_none_is_refused(door: Door, name: object) -> None:
    reply = door.ask("POST", "/lists", {"name": name, "meaning": "allow"})
    assert (reply.status, set(reply.faults)) == (400, {"body.name"})


def test_a_meaning_must_be_known(door: Door) -> None:
    reply = door.ask("POST", "/lists", {"name": "x", "meaning": "maybe"})
    assert set(reply.faults) == {"body.meaning"}


def test_a_viewer_changes_nothing(door: Door) -> None:
    for method, path, body in (
        ("POST", "/lists", {"name": "x", "meaning": "allow"}),
        ("PUT", "/lists/allow", {"meaning": "allow"}),
        ("DELETE", "/lists/allow", None),
    ):
        assert door.ask(method, path, body, who="viewer").status == 403
    assert door.get("/lists", who="viewer").status == 200
