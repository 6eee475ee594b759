"""Vehicles over HTTP: kept as they were said, changed only as they were seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.lpr_engine.api.people import Door, people_door

FULL = {
    "text": "b-äö 42",
    "display": "B-ÄÖ 42",
    "label": "Lieferung 🚚",
    "owner": "Bäckerei",
    "note": "rings\ntwice",
    "lists": ["allow", "watch"],
    "cameras": ["gate", "yard"],
    "window": {
        "valid_from": "2026-03-01T12:00:00.000Z",
        "valid_until": "2026-03-31T12:00:00.250Z",
        "weekdays": ["mon", "sun"],
        "from_time": "22:30",
        "until_time": "04:00:30",
    },
}
PLAIN_WINDOW = dict.fromkeys(FULL["window"])


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with people_door(tmp_path_factory.mktemp("door")) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _empty(door: Door) -> Iterator[None]:
    yield
    for vehicle in door.store.books.register.register().vehicles:
        door.store.books.vehicles.remove(vehicle.id)


def test_a_vehicle_comes_back_as_it_was_said(door: Door) -> None:
    reply = door.ask("POST", "/vehicles", FULL)

    assert reply.status == 201
    made = reply.json
    assert made == {
        **FULL,
        "text": "BÄÖ42",
        "id": made["id"],
        "revision": 1,
        "updated_at": made["updated_at"],
    }
    again = door.get(reply.headers["Location"].removeprefix("/api/v1"))
    assert (again.json, again.headers["ETag"]) == (made, reply.headers["ETag"])
    assert door.get("/vehicles").json == {"items": [made], "next_cursor": None}


def test_a_plate_alone_is_enough(door: Door) -> None:
    made = door.add(text="ab-123 c")
    assert made | {"id": "", "updated_at": ""} == {
        "id": "",
        "text": "AB123C",
        "display": "AB-123 C",
        "label": "AB-123 C",
        "owner": None,
        "note": "",
        "lists": [],
        "cameras": None,
        "window": PLAIN_WINDOW,
        "revision": 1,
        "updated_at": "",
    }
    assert door.add(text="xy9")["display"] is None


def test_put_replaces_and_patch_merges(door: Door) -> None:
    path = f"/vehicles/{door.add(**FULL)['id']}"

    patched = door.ask(
        "PATCH", path, {"owner": None, "lists": ["block"], "window": {"weekdays": None}}
    ).json
    assert patched["owner"] is None
    assert patched["lists"] == ["block"]
    assert patched["window"] == {**FULL["window"], "weekdays": None}
    assert (patched["label"], patched["revision"]) == (FULL["label"], 2)

    moved = door.ask("PATCH", path, {"text": "CD-456"}).json
    assert (moved["text"], moved["display"], moved["label"]) == ("CD456", "CD-456", FULL["label"])

    replaced = door.ask("PUT", path, {"text": "CD456"}).json
    assert replaced["cameras"] is None
    assert replaced["window"] == PLAIN_WINDOW
    assert replaced["revision"] == 4


def test_what_changes_nothing_counts_for_nothing(door: Door) -> None:
    made = door.add(**FULL)
    path = f"/vehicles/{made['id']}"
    assert door.ask("PATCH", path, {"label": FULL["label"]}).json == made
    assert door.ask("PUT", path, FULL).json == made


def test_a_vehicle_is_forgotten_once(door: Door) -> None:
    path = f"/vehicles/{door.add(text='AB123')['id']}"
    assert door.ask("DELETE", path).status == 204
    for method, body in (("GET", None), ("DELETE", None), ("PUT", {"text": "AB123"})):
        gone = door.ask(method, path, body)
        assert (gone.status, gone.code) == (404, "vehicle_unknown")


@pytest.mark.parametrize(
    ("method", "body"), [("PUT", {"text": "AB123"}), ("PATCH", {"note": "x"}), ("DELETE", None)]
)
def test_nobody_changes_what_they_have_not_seen(
    door: Door, method: str, body: dict[str, Any] | None
) -> None:
    path = f"/vehicles/{door.add(text='AB123')['id']}"
    old = door.get(path).headers["ETag"]
    theirs = door.ask("PATCH", path, {"label": "theirs"}, If_Match=old)
    assert theirs.status == 200

    for tag in (old, "W/" + theirs.headers["ETag"], '"1"', "nonsense", '"' + "x" * 500 + '"'):
        refused = door.ask(method, path, body, If_Match=tag)
        assert (refused.status, refused.code) == (412, "precondition_failed")
    assert door.get(path).json == theirs.json

    tags = f'"other", {theirs.headers["ETag"]}'
    assert door.ask(method, path, body, If_Match=tags).status in {200, 204}


def test_any_state_will_do_for_a_star(door: Door) -> None:
    path = f"/vehicles/{door.add(text='AB123')['id']}"
    assert door.ask("PATCH", path, {"label": "x"}, If_Match="*").status == 200


def test_what_is_held_already_is_not_sent_again(door: Door) -> None:
    path = f"/vehicles/{door.add(text='AB123')['id']}"
    tag = door.get(path).headers["ETag"]
    held = door.get(path, If_None_Match=tag)
    assert (held.status, held.body) == (304, b"")
    door.ask("PATCH", path, {"label": "new"})
    assert door.get(path, If_None_Match=tag).status == 200


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "body.text"),
        ({"text": ""}, "body.text"),
        ({"text": "- -"}, "body.text"),
        ({"text": "A" * 21}, "body.text"),
        ({"text": "A" * 61}, "body.text"),
        ({"text": 123}, "body.text"),
        ({"text": "AB\u0007"}, "body.text"),
        ({"text": "AB1", "display": "AB-2"}, "body.display"),
        ({"text": "AB1", "label": "x" * 101}, "body.label"),
        ({"text": "AB1", "label": "a\nb"}, "body.label"),
        ({"text": "AB1", "note": "x" * 2001}, "body.note"),
        ({"text": "AB1", "note": "\u001b[2J"}, "body.note"),
        ({"text": "AB1", "lists": ["a|b"]}, "body.lists.0"),
        ({"text": "AB1", "lists": ["allow", "allow"]}, "body.lists"),
        ({"text": "AB1", "cameras": ["../etc"]}, "body.cameras.0"),
        ({"text": "AB1", "window": {"weekdays": ["someday"]}}, "body.window.weekdays.0"),
        ({"text": "AB1", "window": {"from_time": "25:00"}}, "body.window.from_time"),
        ({"text": "AB1", "window": {"from_time": "24:00"}}, "body.window.from_time"),
        ({"text": "AB1", "window": {"valid_from": "yesterday"}}, "body.window.valid_from"),
        (
            {"text": "AB1", "window": {"valid_from": "0001-01-01T00:00:00+14:00"}},
            "body.window.valid_from",
        ),
        (
            {
                "text": "AB1",
                "window": {
                    "valid_from": "2026-05-02T00:00:00Z",
                    "valid_until": "2026-05-01T00:00:00Z",
                },
            },
            "body.window.valid_until",
        ),
        ({"text": "AB1", "id": "mine"}, "body.id"),
        ({"text": "AB1", "colour": "red"}, "body.colour"),
        ([], "body"),
        ("AB1", "body"),
    ],
)
def test_a_body_that_makes_no_sense_is_told_where(door: Door, body: object, where: str) -> None:
    made = door.add(text="ZZ9")
    for method, path in (("POST", "/vehicles"), ("PUT", f"/vehicles/{made['id']}")):
        refused = door.ask(method, path, body)
        assert (refused.status, refused.code) == (400, "request_invalid")
        assert where in refused.faults
    assert door.get(f"/vehicles/{made['id']}").json == made


def test_a_patch_is_held_to_the_same_rules(door: Door) -> None:
    path = f"/vehicles/{door.add(**FULL)['id']}"
    for change, where in (
        ({}, "body"),
        ({"text": None}, "body.text"),
        ({"display": "CD 1"}, "body.display"),
        ({"window": {"valid_until": "2026-01-01T00:00:00Z"}}, "body.window.valid_until"),
        ({"revision": 7}, "body.revision"),
    ):
        refused = door.ask("PATCH", path, change)
        assert (refused.status, set(refused.faults) >= {where}) == (400, True), change


def test_two_vehicles_never_have_one_plate(door: Door) -> None:
    first, second = door.add(text="AB123"), door.add(text="CD456")
    for reply in (
        door.ask("POST", "/vehicles", {"text": "a-b 1 2 3"}),
        door.ask("PATCH", f"/vehicles/{second['id']}", {"text": "AB123"}),
    ):
        assert (reply.status, reply.code) == (409, "plate_taken")
        assert first["id"] in reply.json["detail"]


def test_a_list_must_be_there(door: Door) -> None:
    reply = door.ask("POST", "/vehicles", {"text": "AB123", "lists": ["gusts"]})
    assert (reply.status, reply.code) == (409, "list_missing")


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("", ["AB123", "BÄÖ42"]),
        ("?q=b%C3%A4ck%20RINGS", ["BÄÖ42"]),
        ("?q=ab-123", ["AB123"]),
        ("?text=b%20%C3%A4%C3%B6-42", ["BÄÖ42"]),
        ("?list=watch", ["BÄÖ42"]),
        ("?list=nowhere", []),
        ("?q=%25_%27%3B--", []),
    ],
)
def test_vehicles_are_found(door: Door, query: str, texts: list[str]) -> None:
    door.add(**FULL)
    door.add(text="AB123", label="Anna")
    assert [one["text"] for one in door.get(f"/vehicles{query}").json["items"]] == texts


def test_pages_lead_through_all(door: Door) -> None:
    for number in range(7):
        door.add(text=f"A{number}")
    path, read = "/vehicles?limit=3", []
    while True:
        page = door.get(path).json
        read += [one["text"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        path = f"/vehicles?limit=3&cursor={quote(page['next_cursor'])}"
    assert read == [f"A{number}" for number in range(7)]


@pytest.mark.parametrize("cursor", ["x", "WyJhIl0", "..%2F..", "%F0%9F%9A%9A", "a" * 512])
def test_a_broken_cursor_is_refused(door: Door, cursor: str) -> None:
    reply = door.get(f"/vehicles?cursor={cursor}")
    assert (reply.status, reply.code) == (400, "cursor_invalid")


@pytest.mark.parametrize("vehicle", ["..", "%2e%2e%2f", "a" * 65, "%00", "%F0%9F%9A%9A", "a.b"])
def test_an_id_that_is_none_is_not_found(door: Door, vehicle: str) -> None:
    assert door.get(f"/vehicles/{vehicle}").status == 404


def test_a_viewer_looks_and_changes_nothing(door: Door) -> None:
    made = door.add(text="AB123")
    path = f"/vehicles/{made['id']}"
    assert door.get(path, who="viewer").json == made
    for method, where, body in (
        ("POST", "/vehicles", {"text": "X1"}),
        ("PUT", path, {"text": "X1"}),
        ("PATCH", path, {"label": "x"}),
        ("DELETE", path, None),
    ):
        assert door.ask(method, where, body, who="viewer").status == 403
        assert door.ask(method, where, body, who=None).status == 401
    assert door.get(path).json == made


def test_a_store_that_is_closed_is_no_defect(tmp_path: Path) -> None:
    with people_door(tmp_path) as door:
        door.store.close()
        for reply in (door.get("/vehicles"), door.ask("POST", "/vehicles", {"text": "AB1"})):
            assert reply.status == 503
