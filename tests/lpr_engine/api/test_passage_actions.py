"""What people do to passages, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from lpr_engine.model.passage import Alternative, Stage
from lpr_engine.model.passage_actions import MOST_TAGS
from tests.lpr_engine.api.people import Door, passage_id, people_door

ONE = f"/passages/{passage_id(1)}"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with people_door(tmp_path) as opened:
        yield opened


def correct(door: Door, **body: object):
    return door.ask("PUT", f"{ONE}/correction", {"text": "ab-128 c", **body})


def test_a_correction_is_a_later_revision_by_somebody(door: Door) -> None:
    door.add(text="AB128C", lists=["allow"])
    read = door.see(alternatives=(Alternative("AB128C", 0.4),))

    reply = correct(door)

    assert reply.status == 200
    passage = reply.json
    assert {key: passage[key] for key in ("id", "revision", "stage", "text", "display")} == {
        "id": read.id,
        "revision": 2,
        "stage": "final",
        "text": "AB128C",
        "display": "AB-128 C",
    }
    assert (passage["corrected_by"], passage["confidence"]) == ("operator", 1)
    assert passage["verdict"]["list"] == "allow"
    assert (passage["verdict"]["open"], passage["late"]) == (False, True)
    assert door.store.depth() == 2
    said = door.get(f"{ONE}/remarks").json["corrected"]
    assert (said["corrected_by"], said["read"]["text"]) == ("operator", "AB123C")
    assert said["read"]["alternatives"] == [{"text": "AB128C", "confidence": 0.4}]


def test_the_same_correction_again_is_no_news(door: Door) -> None:
    door.see()
    first = correct(door).json
    assert correct(door).json == first
    assert correct(door, display="AB-128 C", revision=2).json == first
    assert door.store.depth() == 2


def test_nobody_corrects_what_they_have_not_seen(door: Door) -> None:
    door.see()
    assert correct(door, revision=1).status == 200
    reply = correct(door, text="XY9", revision=1)
    assert (reply.status, reply.code) == (412, "precondition_failed")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"text": ""}, "body.text"),
        ({"text": "- -"}, "body.text"),
        ({"text": "A" * 30}, "body.text"),
        ({"display": "XY 9"}, "body.display"),
        ({"revision": 0}, "body.revision"),
        ({"corrected_by": "somebody else"}, "body.corrected_by"),
    ],
)
def test_a_correction_that_makes_no_sense(door: Door, body: dict[str, object], where: str) -> None:
    door.see()
    reply = correct(door, **body)
    assert (reply.status, set(reply.faults)) == (400, {where})
    assert door.store.depth() == 1


def test_what_is_still_in_sight_cannot_be_corrected_or_removed(door: Door) -> None:
    door.see(stage=Stage.PREVIEW)
    for reply in (correct(door), door.ask("DELETE", ONE)):
        assert (reply.status, reply.code) == (409, "passage_unfinished")


def test_tags_come_and_go(door: Door) -> None:
    door.see(1)
    door.see(2)
    for name in ("vip", "Büro", "a b"):
        assert door.ask("PUT", f"{ONE}/tags/{quote(name)}").status == 200
    door.ask("PUT", f"/passages/{passage_id(2)}/tags/vip")
    door.ask("PUT", f"{ONE}/tags/vip")

    assert door.get(f"{ONE}/remarks").json["tags"] == ["Büro", "a b", "vip"]
    assert door.get("/tags").json == {
        "items": [
            {"name": "Büro", "passages": 1},
            {"name": "a b", "passages": 1},
            {"name": "vip", "passages": 2},
        ],
        "next_cursor": None,
    }
    assert door.ask("DELETE", f"{ONE}/tags/vip").json["tags"] == ["Büro", "a b"]
    assert door.ask("DELETE", f"{ONE}/tags/vip").status == 200


def test_tags_have_bounds(door: Door) -> None:
    door.see()
    for number in range(MOST_TAGS):
        door.ask("PUT", f"{ONE}/tags/t{number}")
    reply = door.ask("PUT", f"{ONE}/tags/more")
    assert (reply.status, reply.code) == (409, "too_many_tags")
    for name in ("a%2Fb", "%20x", "a%0Ab", "x" * 41, "%00", "a%7Cb"):
        assert door.ask("PUT", f"{ONE}/tags/{name}").status == 404


def test_a_note_is_written_and_taken_back(door: Door) -> None:
    door.see()
    said = door.ask("PUT", f"{ONE}/note", {"text": " towed\naway "}).json
    assert said["note"]["text"] == "towed\naway"
    assert said["note"]["noted_by"] == "operator"
    assert door.get(f"{ONE}/remarks").json == said
    assert door.ask("PUT", f"{ONE}/note", {"text": ""}).json["note"] is None
    assert door.ask("PUT", f"{ONE}/note", {"text": "x" * 2001}).status == 400


def test_a_removed_passage_is_gone(door: Door) -> None:
    seen = door.see()
    stale = door.ask("DELETE", f"{ONE}?revision=2")
    assert (stale.status, stale.code) == (412, "precondition_failed")
    assert door.ask("DELETE", f"{ONE}?revision=1").status == 204
    assert door.store.search.get(seen.id) is None
    assert not door.store.media.exists(str(seen.crop))
    assert door.store.depth() == 0


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", f"{ONE}/correction", {"text": "AB1"}),
        ("GET", f"{ONE}/remarks", None),
        ("PUT", f"{ONE}/tags/vip", None),
        ("DELETE", f"{ONE}/tags/vip", None),
        ("PUT", f"{ONE}/note", {"text": "x"}),
        ("DELETE", ONE, None),
    ],
)
def test_a_passage_that_is_not_there(
    door: Door, method: str, path: str, body: dict[str, object] | None
) -> None:
    reply = door.ask(method, path, body)
    assert (reply.status, reply.code) == (404, "passage_unknown")
    if method != "GET":
        assert door.ask(method, path, body, who="viewer").status == 403


def test_no_remark_is_a_remark_that_says_nothing(door: Door) -> None:
    door.see()
    reply = door.get(f"{ONE}/remarks", who="viewer")
    assert reply.json == {"tags": [], "note": None, "corrected": None}
    assert door.get(f"{ONE}/remarks", If_None_Match=reply.headers["ETag"]).status == 304
