"""Tables of vehicles over HTTP: told first, then all of it or nothing, and out again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lpr_engine.model.vehicle import Vehicle
from tests.lpr_engine.api.people import Door, Reply, people_door

GOOD = b"Plate;Name;Lists\r\nB-AB 1234;K\xc3\xa4the;allow\r\nXY 9;;watch|block\r\n"
BAD = b"text,label,lists,valid_until\nAB1,Anna,gusts,\nCD2,Bert,allow,nie\nEF3,Cem,allow,\n"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with people_door(tmp_path) as opened:
        yield opened


def send(door: Door, table: bytes, query: str = "", **rest) -> Reply:
    rest.setdefault("Content_Type", "text/csv")
    return door.ask("POST", f"/vehicles.csv{query}", table, **rest)


def kept(door: Door) -> dict[str, Vehicle]:
    return {one.text: one for one in door.store.books.register.register().vehicles}


def test_a_dry_run_tells_and_changes_nothing(door: Door) -> None:
    door.add(text="XY9", label="was", lists=["watch"])

    reply = send(door, GOOD, "?dry_run=true")

    assert reply.status == 200
    assert reply.json == {
        "written": False,
        "rows": 2,
        "added": 1,
        "changed": 1,
        "unchanged": 0,
        "bad": 0,
        "ignored_columns": [],
        "errors": [],
        "changes": [
            {"line": 2, "outcome": "added", "id": None, "text": "BAB1234", "fields": []},
            {
                "line": 3,
                "outcome": "changed",
                "id": kept(door)["XY9"].id,
                "text": "XY9",
                "fields": ["display", "label", "lists"],
            },
        ],
    }
    assert [one.label for one in kept(door).values()] == ["was"]


def test_what_was_told_happens_and_again_it_is_nothing_new(door: Door) -> None:
    done = send(door, GOOD).json
    again = send(door, GOOD).json

    assert (done["written"], done["added"]) == (True, 2)
    assert [row["id"] for row in done["changes"]] == [
        kept(door)[text].id for text in ("BAB1234", "XY9")
    ]
    assert (again["written"], again["unchanged"], again["changes"]) == (True, 2, [])
    assert kept(door)["BAB1234"].label == "Käthe"


def test_a_dry_run_names_each_bad_cell(door: Door) -> None:
    report = send(door, BAD, "?dry_run=true").json

    assert (report["rows"], report["bad"], report["added"]) == (3, 2, 1)
    assert report["errors"] == [
        {
            "line": 2,
            "column": "lists",
            "value": "gusts",
            "reason": "there is no list of this name",
        },
        {
            "line": 3,
            "column": "valid_until",
            "value": "nie",
            "reason": "a time such as 2026-05-31 or 2026-05-31T18:00:00Z was expected",
        },
    ]


def test_bad_rows_keep_all_out_unless_they_are_to_be_skipped(door: Door) -> None:
    refused = send(door, BAD)

    assert (refused.status, refused.code) == (422, "import_refused")
    assert set(refused.faults) == {"line 2, lists", "line 3, valid_until"}
    assert kept(door) == {}

    skipped = send(door, BAD, "?skip_bad=true").json
    assert (skipped["written"], skipped["added"], skipped["bad"]) == (True, 1, 2)
    assert set(kept(door)) == {"EF3"}


def test_rows_the_store_refuses_keep_all_out_too(door: Door) -> None:
    refused = send(door, b"text,lists\nAB1,gusts\nCD2,allow\n")
    assert (refused.status, set(refused.faults)) == (422, {"line 2, lists"})
    assert kept(door) == {}


@pytest.mark.parametrize("delimiter", ["comma", "semicolon", "tab"])
def test_what_goes_out_comes_in_again_as_it_was(door: Door, tmp_path: Path, delimiter: str) -> None:
    door.add(text="AB1", label="=cmd|' /C calc'!A0", owner="-x", note='two\n"lines", and; more')
    door.add(text="CD-2", lists=["allow"], cameras=[], window={"weekdays": [], "from_time": "8:00"})
    send(door, b"text\n" + b"".join(b"N%d\n" % number for number in range(600)))

    out = door.get(f"/vehicles.csv?delimiter={delimiter}")

    assert out.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert out.body.startswith(b"\xef\xbb\xbftext")
    assert b"\n=" not in out.body
    assert b",=" not in out.body
    same = send(door, out.body).json
    assert (same["unchanged"], same["rows"], same["bad"]) == (602, 602, 0)
    with people_door(tmp_path / "other") as other:
        assert send(other, out.body).json["added"] == 602
        assert kept(other) == kept(door)


def test_an_export_cannot_be_asked_for_without_its_body(door: Door) -> None:
    for path in ("/vehicles.csv", "/corrections.zip"):
        assert door.ask("HEAD", path).status == 405


def test_an_import_counts_at_once(door: Door) -> None:
    question = {"text": "BAB1234", "camera": "gate"}
    assert not door.ask("POST", "/verdict", question).json["verdict"]["open"]
    send(door, GOOD)
    assert door.ask("POST", "/verdict", question).json["verdict"]["open"]


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (b"", "request_invalid"),
        (b"\n", "table_unreadable"),
        (b"label\nx\n", "table_unreadable"),
        (b"text\n\xff\n", "table_unreadable"),
        (b"text\nA\0B\n", "table_unreadable"),
        (b'text\n"AB1\n', "table_unreadable"),
        (b"text\n" + b"x" * 200_000, "table_unreadable"),
    ],
)
def test_a_file_that_is_no_table_is_refused(door: Door, table: bytes, code: str) -> None:
    reply = send(door, table)
    assert (reply.status, reply.code) == (400, code)


def test_a_giant_file_is_refused(door: Door) -> None:
    reply = send(door, b"text\n" + b"AB123\n" * 3_000_000)
    assert (reply.status, reply.code) == (413, "too_large")


def test_the_type_of_the_file_must_be_said(door: Door) -> None:
    assert send(door, GOOD, Content_Type="application/json").status == 415
    assert send(door, GOOD, Content_Type="text/csv; charset=utf-8").status == 200


def test_many_reports_of_bad_rows_stay_short(door: Door) -> None:
    table = b"text\n" + b"-\n" * 3000
    report = send(door, table, "?dry_run=true").json
    assert (report["bad"], len(report["errors"])) == (3000, 1000)
    assert len(send(door, table).faults) == 100


def test_one_table_is_taken_in_at_a_time(door: Door) -> None:
    table = b"text\n" + b"".join(b"AB%d\n" % number for number in range(5000))
    replies: list[Reply] = []
    senders = [threading.Thread(target=lambda: replies.append(send(door, table))) for _ in range(4)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    done = [reply for reply in replies if reply.status == 200]
    assert sum(reply.json["added"] for reply in done) == 5000
    assert {reply.code for reply in replies if reply.status != 200} <= {"import_busy"}


def test_a_viewer_takes_out_and_puts_nothing_in(door: Door) -> None:
    assert send(door, GOOD, who="viewer").status == 403
    assert send(door, GOOD, "?dry_run=true", who="viewer").status == 403
    assert door.get("/vehicles.csv", who="viewer").status == 200
    assert door.get("/vehicles.csv", who=None).status == 401
