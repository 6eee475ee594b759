"""Passages of the day: over midnight, a clock that jumps, and a store that cannot be asked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from lpr_engine.app.day_counts import DayCounts
from lpr_engine.model.errors import StoreError
from lpr_engine.model.passage import Stage
from tests.lpr_engine.pipeline.scripted import update


class Store:
    """Answers what it is told to; `meanwhile` happens while it counts."""

    def __init__(self) -> None:
        self.answer = 0
        self.asked_since: list[datetime] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def count(self, _camera: str, since: datetime) -> int:
        self.asked_since.append(since)
        self.meanwhile()
        return self.answer


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def counts(store: Store, clock) -> DayCounts:
    return DayCounts(["gate"], clock, store.count)


def hear(counts: DayCounts, stage: Stage = Stage.FINAL) -> None:
    one = update(stage=stage)
    counts.passage_committed(one.passage, one)


def test_starts_from_the_store_and_counts_finals(counts: DayCounts, store: Store, clock) -> None:
    store.answer = 7
    counts.refresh()
    counts.refresh()
    hear(counts)
    hear(counts, Stage.PREVIEW)
    assert counts.of("gate") == 8
    assert store.asked_since == [clock.time.replace(hour=0)]


def test_looking_never_asks_the_store(counts: DayCounts, store: Store) -> None:
    hear(counts)
    assert counts.of("gate") == 1
    assert store.asked_since == []


def test_begins_anew_at_midnight(counts: DayCounts, store: Store, clock) -> None:
    store.answer = 7
    counts.refresh()
    clock.pass_time(timedelta(hours=12))
    assert counts.of("gate") == 0
    store.answer = 1
    counts.refresh()
    assert counts.of("gate") == 1


def test_asks_again_when_the_clock_is_set_back_by_days(
    counts: DayCounts, store: Store, clock
) -> None:
    counts.refresh()
    clock.time -= timedelta(days=3)
    store.answer = 5
    counts.refresh()
    assert counts.of("gate") == 5


def test_a_passage_during_the_count_is_counted_once(counts: DayCounts, store: Store) -> None:
    store.answer = 3
    store.meanwhile = lambda: hear(counts)
    counts.refresh()
    store.meanwhile = lambda: None
    store.answer = 4
    counts.refresh()
    assert counts.of("gate") == 4


def test_a_store_that_fails_is_asked_again(counts: DayCounts, store: Store) -> None:
    def fail() -> None:
        raise StoreError("locked")

    store.meanwhile = fail
    with pytest.raises(StoreError):
        counts.refresh()
    hear(counts)
    assert counts.of("gate") == 1
    store.meanwhile = lambda: None
    store.answer = 9
    counts.refresh()
    assert counts.of("gate") == 9


def test_a_removed_passage_of_today_is_not_counted(counts: DayCounts, store: Store, clock) -> None:
    store.answer = 7
    counts.refresh()
    today = replace(update().passage, last_seen=clock.time)
    counts.passage_corrected(today)
    counts.passage_removed(today, None)
    assert counts.of("gate") == 6
    counts.passage_removed(replace(today, last_seen=clock.time - timedelta(days=1)), None)
    assert counts.of("gate") == 6


def test_a_removal_while_the_store_counts_has_it_count_again(
    counts: DayCounts, store: Store, clock
) -> None:
    today = replace(update().passage, last_seen=clock.time)
    store.answer, store.meanwhile = 3, lambda: counts.passage_removed(today, None)
    counts.refresh()
    assert counts.of("gate") == 0
    store.answer, store.meanwhile = 2, lambda: None
    counts.refresh()
    assert counts.of("gate") == 2
