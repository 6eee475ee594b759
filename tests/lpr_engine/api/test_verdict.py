"""Verdicts explained over HTTP are those of live passages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from lpr_engine.model.contract import verdict_to_json
from tests.lpr_engine.api.people import Door, people_door


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with people_door(tmp_path_factory.mktemp("door")) as opened:
        opened.add(
            text="AB-123 C",
            label="Anna",
            lists=["allow"],
            cameras=["gate"],
            window={"valid_until": "2030-01-01T00:00:00Z"},
        )
        yield opened


def explain(door: Door, **question: object) -> Any:
    reply = door.ask("POST", "/verdict", {"text": "ab123c", "camera": "gate", **question})
    assert reply.status == 200, reply.body
    return reply.json


def failed(answer: Any) -> set[str]:
    return {one["check"] for one in answer["verdict"]["reasons"] if not one["passed"]}


def test_every_check_is_told(door: Door) -> None:
    answer = explain(door)
    assert answer["verdict"]["open"] is True
    assert answer["vehicle"]["label"] == "Anna"
    checks = [one["check"] for one in answer["verdict"]["reasons"]]
    assert checks == [
        "match", "camera", "valid_until", "list", "allowed", "literal", "confidence", "readings",
        "fresh", "observed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "checks"),
    [
        ({"at": "2031-01-01T00:00:00Z"}, {"valid_until", "allowed"}),
        ({"camera": "yard"}, {"camera", "allowed"}),
        ({"confidence": 0.2}, {"confidence"}),
        ({"readings": 0}, {"readings"}),
        ({"text": "AB123X"}, {"literal"}),
        ({"text": "ZZ999"}, {"match", "allowed", "literal"}),
        (
            {"text": "ZZ999", "alternatives": [{"text": "AB123C", "confidence": 0.4}]},
            {"literal"},
        ),
    ],
)
def test_why_it_would_not_open(door: Door, question: dict[str, object], checks: set[str]) -> None:
    answer = explain(door, **question)
    assert failed(answer) == checks
    assert answer["verdict"]["open"] is False


def test_what_was_assumed_is_told_and_gives_the_same_again(door: Door) -> None:
    answer = explain(door, text="a b-1 2 3 c")
    assumed = answer["assumed"]
    assert (assumed["text"], assumed["confidence"], assumed["readings"] > 0) == ("AB123C", 1, True)
    assert explain(door, **assumed) == answer


def test_it_is_the_verdict_of_a_live_passage(door: Door) -> None:
    answer = explain(door)
    seen = door.see(1, confidence=1.0, readings=answer["assumed"]["readings"])
    live = verdict_to_json(door.rules.judge(replace(seen, alternatives=())))
    ages = ("fresh",)
    assert [one for one in live["reasons"] if one["check"] not in ages] == [
        one for one in answer["verdict"]["reasons"] if one["check"] not in ages
    ]
    assert {**live, "reasons": []} == {**answer["verdict"], "reasons": []}


@pytest.mark.parametrize(
    ("question", "where"),
    [
        ({"text": "--"}, "body.text"),
        ({"text": ""}, "body.text"),
        ({"camera": "../x"}, "body.camera"),
        ({"at": "tomorrow"}, "body.at"),
        ({"at": "9999-12-31T23:59:59Z"}, "body.at"),
        ({"at": "1970-01-01T00:00:00Z"}, "body.at"),
        ({"confidence": 1.1}, "body.confidence"),
        ({"readings": -1}, "body.readings"),
        ({"alternatives": [{"text": "A"}]}, "body.alternatives.0.confidence"),
        ({"gate": True}, "body.gate"),
    ],
)
def test_a_question_that_makes_no_sense(
    door: Door, question: dict[str, object], where: str
) -> None:
    reply = door.ask("POST", "/verdict", {"text": "AB1", "camera": "gate", **question})
    assert (reply.status, set(reply.faults)) == (400, {where})


def test_a_viewer_may_ask(door: Door) -> None:
    body = {"text": "AB1", "camera": "gate"}
    assert door.ask("POST", "/verdict", body, who="viewer").status == 200
    assert door.ask("POST", "/verdict", body, who="key:metrics").status == 403
