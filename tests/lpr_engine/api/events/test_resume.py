"""Coming back: what was missed is told in order, nothing twice, nothing left out."""

from __future__ import annotations

import asyncio
import random
import threading
from pathlib import Path
from typing import Any

import pytest

from lpr_engine.model.events import JournalPage
from tests.lpr_engine.api.events.listening import Ear, is_live, keep, listening
from tests.lpr_engine.api.live_house import House, house

PASSAGES = ["passage"]


async def missed(built: House, after: int, **subscribe: Any) -> list[dict[str, Any]]:
    """What comes back between hello and live."""
    async with listening(built, after, kinds=PASSAGES, **subscribe) as ear:
        hello, *rest, live = await ear.until(is_live)
        assert (hello["type"], hello["resumed_after"], hello["reset"]) == ("hello", after, False)
        assert live["sequence"] >= hello["newest"]
    return [one["passage"] for one in rest]


async def test_what_was_missed_comes_in_order_and_says_that_it_is_no_news(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        kept = [keep(built, f"AB{number}") for number in range(450)]
        told = await missed(built, kept[9].sequence)
        assert [one["sequence"] for one in told] == [one.sequence for one in kept[10:]]
        assert [one["text"] for one in told] == [one.text for one in kept[10:]]
        assert all(one["redelivered"] and one["late"] for one in told)
        assert await missed(built, kept[-1].sequence) == []


async def test_of_what_was_replaced_only_the_newest_comes(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        first = keep(built, "AA1")
        second = keep(built, "BB2")
        keep(built, "AA1X", first.id, 2)
        told = await missed(built, 0)
    assert [(one["sequence"], one["id"]) for one in told] == [(2, second.id), (3, first.id)]
    assert told[-1]["revision"] == 2


async def test_what_was_deleted_does_not_come_and_stops_nothing(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        kept = [keep(built, f"AB{number}") for number in range(5)]
        delete(built, *(one.id for one in kept[1:3]))
        assert [one["text"] for one in await missed(built, 0)] == ["AB0", "AB3", "AB4"]
        delete(built, kept[4].id)
        assert [one["text"] for one in await missed(built, 0)] == ["AB0", "AB3"]
        async with listening(built, 0, kinds=PASSAGES) as ear:
            assert (await ear.until(is_live))[-1]["sequence"] == 5


def delete(built: House, *ids: str) -> None:
    """As retention does."""

    def remove(database: Any) -> None:
        with database.transaction() as connection:
            for one in ids:
                connection.execute("DELETE FROM outbox WHERE passage_id = ?", (one,))
                connection.execute("DELETE FROM passages WHERE id = ?", (one,))

    built.store._thread.call(remove)


async def test_a_filter_holds_for_what_was_missed_too(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        for number in range(6):
            keep(built, f"AB{number}", camera="gate" if number % 2 else "yard")
        told = await missed(built, 0, cameras=["yard"])
    assert [one["text"] for one in told] == ["AB0", "AB2", "AB4"]


async def test_a_number_of_another_database_begins_anew(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        keep(built, "AA1")
        async with listening(built, 500, kinds=PASSAGES) as ear:
            hello, live = await ear.next(), await ear.next()
            assert (hello["reset"], hello["newest"], live["sequence"]) == (True, 1, 1)
            keep(built, "BB2")
            assert (await ear.next_passage())["text"] == "BB2"


async def test_what_happens_meanwhile_follows_without_a_hole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house(tmp_path) as built:
        for number in range(10):
            keep(built, f"AB{number}")
        async with listening(built, kinds=PASSAGES) as other:
            await other.until(is_live)
            journal, happens = built.store.journal, []

            class Slow:
                """While a page is read, more is kept; some of it is in the page, some is not."""

                def last_sequence(self) -> int:
                    return journal.last_sequence()

                def since(self, sequence: int, limit: int) -> JournalPage:
                    if len(happens) < 6:
                        happens.append(keep(built, f"CD{len(happens)}"))
                    page = journal.since(sequence, 3)
                    if len(happens) < 6:
                        happens.append(keep(built, f"CD{len(happens)}"))
                    return page

            built.hub._journal = Slow()
            async with listening(built, 2, kinds=PASSAGES) as ear:
                told = await ear.until_sequence(16)
    assert [one["sequence"] for one in told] == list(range(3, 17))
    assert [one["redelivered"] for one in told] == [True] * 8 + [False] * 6


async def test_a_restart_of_the_engine_leaves_no_hole(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        async with listening(built, kinds=PASSAGES) as ear:
            await ear.until(is_live)
            first = keep(built, "AA1")
            assert (await ear.next_passage())["sequence"] == first.sequence
        # Kept while the door was closing, heard by nobody.
        built.server.stop()
        second = keep(built, "BB2")
    with house(tmp_path) as built:
        (orphan, other) = built.store.close_orphans()
        told = await missed(built, first.sequence)
        assert [(one["id"], one["stage"]) for one in told] == [
            (orphan.id, "final"),
            (other.id, "final"),
        ]
        assert {orphan.id, other.id} == {first.id, second.id}
        third = keep(built, "CC3")
        assert [one["id"] for one in await missed(built, other.sequence)] == [third.id]


async def test_whoever_comes_and_goes_while_much_happens_misses_nothing(tmp_path: Path) -> None:
    """Everything that is kept arrives in its newest revision, in order, and nothing twice."""
    with house(tmp_path) as built:
        stopped = threading.Event()

        def drive_by() -> None:
            rng, open_ids = random.Random(3), []
            for number in range(240):
                if open_ids and rng.random() < 0.4:
                    keep(built, f"F{number}", open_ids.pop(0), 2, tell=rng.random() < 0.9)
                else:
                    open_ids.append(keep(built, f"P{number}", tell=rng.random() < 0.9).id)
            stopped.set()

        driving = asyncio.create_task(asyncio.to_thread(drive_by))
        heard_by = await asyncio.gather(*(come_and_go(built, stopped, seed) for seed in range(5)))
        await driving
        kept = built.store.journal.since(0, 10_000).passages
    assert heard_by == [{one.id: one.revision for one in kept}] * 5


async def come_and_go(built: House, stopped: threading.Event, seed: int) -> dict[str, int]:
    """Listen for a while, go, resume; the newest revision heard of each passage."""
    rng, at, newest = random.Random(seed), 0, dict[str, int]()
    while True:
        was_over = stopped.is_set()
        async with listening(built, at, kinds=PASSAGES) as ear:
            at = take(await ear.until(is_live), at, newest)
            if was_over:
                return newest
            for _ in range(rng.randrange(40)):
                at = take(await heard(ear), at, newest)


async def heard(ear: Ear) -> list[dict[str, Any]]:
    try:
        return [await ear.next(0.3)]
    except asyncio.TimeoutError:
        return []


def take(messages: list[dict[str, Any]], at: int, newest: dict[str, int]) -> int:
    """Note passages, whose numbers only ever rise; returns where to resume."""
    for one in messages:
        if one["type"] == "passage":
            passage = one["passage"]
            assert passage["sequence"] > at
            at = passage["sequence"]
            assert passage["revision"] > newest.get(passage["id"], 0)
            newest[passage["id"]] = passage["revision"]
    return at
