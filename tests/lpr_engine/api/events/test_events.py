"""Events as they happen: who hears of what, and that nobody is waited for."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lpr_engine.api.events.event import PassageEvent, camera_notice
from lpr_engine.api.schemas.events import SCHEMAS
from lpr_engine.api.validation import Validator
from lpr_engine.config.sections import RetentionSection
from lpr_engine.model.contract import parse_time, passage_from_json
from lpr_engine.model.passage import Stage, Verdict
from lpr_engine.model.passage_actions import Correction
from tests.lpr_engine.api.events.listening import is_live, keep, listening
from tests.lpr_engine.api.live_house import OPERATOR, EndlessSource, house
from tests.lpr_engine.api.serving import ask_json

PASSAGES = ["passage"]


async def test_hello_then_what_happens(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        keep(built, "AA1")
        async with listening(built, kinds=PASSAGES) as ear:
            hello, live = await ear.next(), await ear.next()
            assert hello == {
                "type": "hello",
                "contract": 1,
                "engine": "test",
                "version": "1.2.3",
                "newest": 1,
                "resumed_after": None,
                "reset": False,
            }
            assert live == {"type": "live", "sequence": 1}
            kept = keep(built, "BB2")
            passage = (await ear.next())["passage"]
    assert passage_from_json(passage) == kept
    assert (passage["sequence"], passage["late"], passage["redelivered"]) == (2, False, False)


async def test_every_revision_is_told(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        async with listening(built, kinds=PASSAGES) as ear:
            await ear.until(is_live)
            first = keep(built, "AA1")
            keep(built, "AA1X", first.id, 2)
            told = [await ear.next_passage() for _ in range(2)]
    assert [(one["revision"], one["stage"], one["text"]) for one in told] == [
        (1, "preview", "AA1"),
        (2, "final", "AA1X"),
    ]


async def test_an_old_passage_says_so(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        kept = keep(built, "AA1")
    assert json.loads(PassageEvent.of(kept, kept.last_seen).message)["passage"]["late"] is False
    for seconds in (11, -11):
        now = kept.last_seen.fromtimestamp(
            kept.last_seen.timestamp() + seconds, kept.last_seen.tzinfo
        )
        assert json.loads(PassageEvent.of(kept, now).message)["passage"]["late"] is True


@pytest.mark.parametrize(
    ("subscribe", "heard"),
    [
        ({}, ["GP", "GF", "YF"]),
        ({"cameras": ["gate"]}, ["GP", "GF"]),
        ({"cameras": ["gate", "yard"], "stages": ["final"]}, ["GF", "YF"]),
        ({"lists": ["allow"]}, ["GF"]),
        ({"lists": [None, "watch"]}, ["GP", "YF"]),
        ({"cameras": None, "stages": None, "lists": None, "kinds": None}, ["GP", "GF", "YF"]),
        ({"kinds": ["camera", "health"]}, []),
    ],
)
async def test_only_what_was_asked_for_is_told(
    tmp_path: Path, subscribe: dict[str, Any], heard: list[str]
) -> None:
    with house(tmp_path) as built:
        async with (
            listening(built, **subscribe) as ear,
            listening(built, kinds=PASSAGES) as all_of_it,
        ):
            await ear.until(is_live)
            await all_of_it.until(is_live)
            keep(built, "GP")
            keep(built, "GF", stage=Stage.FINAL, on_list="allow")
            keep(built, "YF", camera="yard", stage=Stage.FINAL, on_list="watch")
            assert [(await all_of_it.next_passage())["text"] for _ in range(3)] == [
                "GP",
                "GF",
                "YF",
            ]
            told = [(await ear.next_passage())["text"] for _ in heard]
            with pytest.raises(asyncio.TimeoutError):
                while (await ear.next(0.2))["type"] != "passage":
                    pass
    assert told == heard


async def test_cameras_and_health_are_told_at_first_and_when_they_change(tmp_path: Path) -> None:
    sources = {"gate": EndlessSource, "yard": lambda: EndlessSource("yard")}
    with house(tmp_path, sources) as built:
        async with listening(built, cameras=["gate"], kinds=["camera", "health"]) as ear:
            _, _, camera, health = [await ear.next() for _ in range(4)]
            assert camera["camera"]["id"] == "gate"
            assert health["health"]["problems"] == []
            ask_json(built.server, "/api/v1/cameras/gate", "PATCH", {"enabled": False}, OPERATOR)
            built.problems = ("the disk is full",)
            heard = await ear.until(
                lambda one: one["type"] == "health" and one["health"]["problems"] != []
            )
    told = [one["camera"] for one in heard if one["type"] == "camera"]
    assert {one["id"] for one in told} == {"gate"}
    assert told[-1]["enabled"] is False


async def test_all_that_is_said_is_as_the_schemas_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lpr_engine.api.events.board._SILENT_S", 0.5)
    with house(tmp_path, {"gate": EndlessSource}) as built:
        document = ask_json(built.server, "/api/v1/cameras", headers=OPERATOR)
        assert document[0] == 200
        named = dict(built.server._table.schemas)
        async with listening(built) as ear:
            await ear.until(is_live)
            keep(built, "AA1")
            heard = await ear.until(lambda one: one["type"] == "heartbeat")
    for message in heard:
        schema = SCHEMAS["Event" + message["type"].capitalize()]
        assert Validator(schema, named).faults(message, "message") == []
    assert {one["type"] for one in heard} >= {"passage", "camera", "health", "heartbeat"}
    assert heard[-1]["sequence"] == 1


async def test_the_end_of_the_engine_is_told(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        async with listening(built) as one, listening(built) as other:
            await one.until(is_live)
            await other.until(is_live)
            stopping = asyncio.create_task(asyncio.to_thread(built.server.stop))
            assert [await one.end(), await other.end()] == [1001, 1001]
            await stopping
            assert not built.server._thread.is_alive()
        keep(built, "AA1")


async def test_a_correction_that_nobody_told_of_is_told(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        first = keep(built, "AA1")
        keep(built, "AA1", first.id, 2)
        async with listening(built, kinds=PASSAGES) as ear:
            await ear.until(is_live)
            correction = Correction(first.id, "AA7", "anna")
            built.store.books.changes.correct(correction, Verdict())
            passage = await ear.next_passage()
    assert (passage["text"], passage["corrected_by"], passage["revision"]) == ("AA7", "anna", 3)


async def test_a_correction_comes_at_once_and_opens_nothing(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        first = keep(built, "AA1")
        final = keep(built, "AA1", first.id, 2)
        async with listening(built, kinds=PASSAGES) as ear:
            await ear.until(is_live)
            built.hub.passage_corrected(replace(final, sequence=3, corrected_by="anna", text="AA7"))
            passage = await ear.next_passage()
    assert (passage["text"], passage["late"], passage["redelivered"]) == ("AA7", True, False)


async def test_what_is_forgotten_is_told_and_not_repeated(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        async with (
            listening(built, kinds=PASSAGES) as ear,
            listening(built, cameras=["yard"]) as other,
        ):
            await ear.until(is_live)
            await other.until(is_live)
            gone, stays = keep(built, "AA1"), keep(built, "BB2")
            await ear.until(lambda one: one.get("passage", {}).get("id") == stays.id)
            built.hub.passage_removed(gone)
            removed = await ear.next()
            assert removed == {"type": "removed", "id": gone.id, "camera": "gate"}
            async with listening(built, 0, kinds=PASSAGES) as later:
                told = await later.until(is_live)
            keep(built, "CC3", camera="yard")
            assert (await other.until(lambda one: one["type"] == "passage"))[-1]["passage"][
                "text"
            ] == "CC3"
    assert [one["passage"]["text"] for one in told if one["type"] == "passage"] == ["BB2"]


async def test_what_retention_removed_is_told_in_one_number_to_who_hears_of_passages(
    tmp_path: Path,
) -> None:
    with house(tmp_path) as built:
        built.store.when_expired(built.hub.passages_expired)
        built.store.keep_for(RetentionSection(passages_days=1))
        async with (
            listening(built, kinds=PASSAGES, cameras=["yard"], lists=["family"]) as ear,
            listening(built, kinds=["camera", "health"]) as other,
        ):
            await ear.until(is_live)
            await other.until(is_live)
            old = [keep(built, text, days_ago=3) for text in ("AA1", "BB2")]
            stays = keep(built, "CC3")
            built.store.acknowledge([one.sequence for one in (*old, stays)])
            report = await asyncio.to_thread(built.store.retain)
            expired = (await ear.until(lambda one: one["type"] != "heartbeat"))[-1]
            async with listening(built, 0, kinds=PASSAGES) as later:
                told = await later.until(is_live)
            built.hub.tell(camera_notice("gate", {}))
            heard = await other.until(lambda one: one.get("camera") == {})
    assert report.passages == 2
    assert (expired["type"], expired["passages"]) == ("expired", 2)
    assert old[0].last_seen < parse_time(expired["before"]) < stays.last_seen
    assert Validator(SCHEMAS["EventExpired"], {}).faults(expired, "message") == []
    assert [one["passage"]["text"] for one in told if one["type"] == "passage"] == ["CC3"]
    assert {one["type"] for one in heard} <= {"camera", "health"}


async def test_what_is_told_in_the_wrong_order_arrives_in_the_right_one(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        async with listening(built, kinds=PASSAGES) as ear:
            await ear.until(is_live)
            first, second = (keep(built, text, tell=False) for text in ("AA1", "BB2"))
            built.hub.passage_committed(second)
            built.hub.passage_committed(first)
            keep(built, "CC3")
            told = [await ear.next_passage() for _ in range(3)]
    assert [one["text"] for one in told] == ["AA1", "BB2", "CC3"]


async def test_a_store_that_cannot_be_read_is_told_and_heals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lpr_engine.api.events.hub._RETRY_S", 0.05)
    with house(tmp_path) as built:
        async with listening(built, kinds=PASSAGES) as ear:
            await ear.until(is_live)
            journal = built.store.journal
            closed = type(journal)(tmp_path / "data")
            closed.close()
            built.hub._journal = closed
            keep(built, "AA1", tell=False)
            keep(built, "BB2")
            async with listening(built) as other:
                assert await other.end() == 1013
            built.hub._journal = journal
            told = [await ear.next_passage() for _ in range(2)]
    assert [one["text"] for one in told] == ["AA1", "BB2"]
