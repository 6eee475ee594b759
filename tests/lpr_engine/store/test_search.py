"""Looking things up: pages, filters, the last of a camera, while the store writes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from fnmatch import fnmatchcase as fnmatch
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.errors import CursorError, StoreError
from lpr_engine.model.passage import Alternative, Passage, Stage
from lpr_engine.model.search import PassageFilter, TextKind, TextQuery
from lpr_engine.store.search import PassageSearch
from lpr_engine.store.store import PassageStore

from .conftest import NOON, HeldClock, make_evidence, make_passage, make_update

MINUTE = timedelta(minutes=1)


def pages(search: PassageSearch, size: int, filters: PassageFilter | None = None) -> list[Passage]:
    page = search.latest(size, filters=filters)
    found = list(page.passages)
    while page.next_cursor is not None:
        page = search.latest(size, page.next_cursor, filters)
        found += page.passages
    return found


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> list[Passage]:
    """Passages in the order they were committed; their times repeat and go back and forth."""
    return [
        make_passage(
            stage=Stage.FINAL if number % 3 else Stage.PREVIEW,
            camera="gate" if number % 2 else "yard",
            text=f"AB{number:03d}",
            seen=NOON + MINUTE * (number * 7 % 5),
            alternatives=(Alternative(f"XY{number:03d}", 0.1),),
        )
        for number in range(12)
    ]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, many: list[Passage]) -> Iterator[PassageSearch]:
    directory = tmp_path_factory.mktemp("full")
    with PassageStore(StorageSection(directory=directory), clock=HeldClock()) as store:
        for passage in many:
            store.commit(make_update(passage, evidence=make_evidence()))
    search = PassageSearch(directory)
    yield search
    search.close()


@settings(max_examples=40, deadline=None)
@given(
    size=st.integers(1, 15),
    camera=st.sampled_from([None, "gate", "yard", "nowhere"]),
    stage=st.sampled_from([None, *Stage]),
    text=st.sampled_from([None, "*AB00*", "*Y01*", "*004*", "nothing", "%"]),
    since=st.none() | st.integers(0, 6),
    until=st.none() | st.integers(0, 6),
)
def test_pages_together_are_all_that_fits_newest_first(
    full: PassageSearch,
    many: list[Passage],
    size: int,
    camera: str | None,
    stage: Stage | None,
    text: str | None,
    since: int | None,
    until: int | None,
) -> None:
    filters = PassageFilter(
        cameras=() if camera is None else (camera,),
        stage=stage,
        text=TextQuery(text, TextKind.WILDCARD) if text else None,
        since=None if since is None else NOON + MINUTE * since,
        until=None if until is None else NOON + MINUTE * until,
    )
    expected = [
        passage
        for passage in sorted(many, key=lambda one: (one.first_seen, one.id), reverse=True)
        if camera in (None, passage.camera)
        and stage in (None, passage.stage)
        and (not text or fnmatch(passage.text, text) or fnmatch(passage.alternatives[0].text, text))
        and (filters.since is None or passage.first_seen >= filters.since)
        and (filters.until is None or passage.first_seen < filters.until)
    ]

    found = pages(full, size, filters)

    assert [passage.id for passage in found] == [passage.id for passage in expected]


@pytest.mark.parametrize(
    "cursor", ["", "x", "12", "1x.id", "9" * 40 + ".id", "-.id", "٣.id", "1.id\n", "1.\ud800"]
)
def test_foreign_cursor_is_refused(full: PassageSearch, cursor: str) -> None:
    with pytest.raises(CursorError):
        full.latest(5, cursor)


def test_page_size_is_bounded(full: PassageSearch, many: list[Passage]) -> None:
    assert len(full.latest(0).passages) == 1
    assert len(full.latest(10**9).passages) == len(many)


def test_pages_stay_in_step_while_passages_come_in(store: PassageStore) -> None:
    old = [store.commit(make_update(make_passage(seen=NOON + MINUTE * n))) for n in range(4)]
    first = store.search.latest(2)
    store.commit(make_update(make_passage(seen=NOON + MINUTE * 10)))

    second = store.search.latest(2, first.next_cursor)

    assert [*first.passages, *second.passages] == old[::-1]


def test_filter_by_vehicle(store: PassageStore) -> None:
    store.commit(make_update())

    assert store.search.latest(5, filters=PassageFilter(vehicle="anna")).passages == ()


def test_last_final_and_count_of_a_camera(store: PassageStore) -> None:
    finals = [
        store.commit(make_update(make_passage(stage=Stage.FINAL, seen=NOON + MINUTE * n)))
        for n in (0, 2, 1)
    ]
    store.commit(make_update(make_passage(seen=NOON + MINUTE * 3)))

    assert store.search.last_final("gate") == finals[1]
    assert store.search.last_final("yard") is None
    assert store.search.counts_today("gate", NOON) == 3
    assert store.search.counts_today("gate", NOON + MINUTE) == 2
    assert store.search.counts_today("yard", NOON) == 0


def test_unknown_passage_is_none(store: PassageStore) -> None:
    assert store.search.get("nothing") is None
    assert store.search.readings("nothing") == ()


def test_search_needs_a_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"lpr\.sqlite3"):
        PassageSearch(tmp_path)


def test_closed_search_says_so(open_store: Callable[[], PassageStore]) -> None:
    store = open_store()
    store.close()

    with pytest.raises(StoreError, match="closed"):
        store.search.get("p")


def test_unreadable_passage_is_left_out(store: PassageStore) -> None:
    kept = [store.commit(make_update(make_passage(seen=NOON + MINUTE * n))) for n in range(3)]
    store._thread.call(
        lambda database: database.rows(
            "UPDATE passages SET body = '{}' WHERE id = ? RETURNING id", (kept[1].id,)
        )
    )

    assert pages(store.search, 1) == [kept[2], kept[0]]
    assert store.search.latest(5).passages == (kept[2], kept[0])


def test_readers_see_only_whole_commits_while_the_writer_works(store: PassageStore) -> None:
    """Each passage that a reader finds has its readings, and none disappears again."""
    done = threading.Event()
    wrong: list[str] = []

    def read() -> None:
        seen = 0
        while not done.is_set():
            found = store.search.latest(1000).passages
            if len(found) < seen:
                wrong.append(f"{len(found)} after {seen}")
            seen = len(found)
            wrong.extend(one.id for one in found[:2] if len(store.search.readings(one.id)) != 3)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()

    def write(seed: int) -> None:
        evidence = make_evidence(seed)
        for _ in range(40):
            store.commit(make_update(votes=3, evidence=evidence))

    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    done.set()
    for reader in readers:
        reader.join()

    assert wrong == []
    assert [row.sequence for row in store.pending(1000)] == list(range(1, 81))


def test_sure_finals_are_the_newest_oldest_first(store: PassageStore) -> None:
    def keep(text: str, minute: int, stage: Stage = Stage.FINAL, confidence: float = 0.95) -> None:
        passage = make_passage(stage=stage, text=text, seen=NOON + minute * MINUTE)
        store.commit(make_update(replace(passage, confidence=confidence, region="GB")))

    keep("NEWEST", 9)
    for number in range(4):
        keep(f"OLD{number}", number)
    keep("PREVIEW", 7, Stage.PREVIEW)
    keep("UNSURE", 8, confidence=0.89)
    found = store.search.sure_finals(0.9, 3)
    assert found == [("OLD2", "GB", 0.95), ("OLD3", "GB", 0.95), ("NEWEST", "GB", 0.95)]
