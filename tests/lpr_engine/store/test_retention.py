"""Retention: what is too old or too much goes, in small steps, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lpr_engine.config.sections import RetentionSection, StorageSection
from lpr_engine.model.errors import DiskFullError
from lpr_engine.model.events import PassagesExpired
from lpr_engine.model.passage import Passage, Stage
from lpr_engine.store import expiry, retention
from lpr_engine.store.database import Database
from lpr_engine.store.opening import DATABASE_NAME
from lpr_engine.store.store import PassageStore

from .conftest import HeldClock, make_passage, make_update

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

OpenKeeping = Callable[[RetentionSection], PassageStore]


@pytest.fixture
def open_keeping(storage: StorageSection, clock: HeldClock) -> Iterator[OpenKeeping]:
    opened: list[PassageStore] = []

    def open_one(section: RetentionSection) -> PassageStore:
        for earlier in opened:
            earlier.close()
        opened.append(PassageStore(storage, section, clock).open())
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


def commit_final(store: PassageStore, clock: HeldClock, seed: int = 0) -> Passage:
    passage = make_passage(stage=Stage.FINAL, seen=clock.current, alternatives=())
    return store.commit(make_update(passage, seed=seed))


def commit_daily(store: PassageStore, clock: HeldClock, days: int) -> list[Passage]:
    """One passage a day, with retention each hour; the clock ends a day after the last."""
    kept = []
    for seed in range(days):
        kept.append(commit_final(store, clock, seed * 10))
        for _ in range(24):
            clock.advance(HOUR)
            store.retain()
    return kept


def acknowledge_all(store: PassageStore) -> None:
    store.acknowledge([row.sequence for row in store.pending(10_000)])


def files_of(storage: StorageSection) -> set[str]:
    root = storage.directory
    return {str(path.relative_to(root)) for path in root.glob("media/*/*")}


def pictures_of(*passages: Passage) -> set[str]:
    paths = {path for one in passages for path in (one.crop, one.frame)}
    return {path for path in paths if path is not None}


def test_nothing_goes_while_everything_is_young(store: PassageStore, clock: HeldClock) -> None:
    kept = commit_final(store, clock)
    acknowledge_all(store)

    assert store.retain() == retention.RetentionReport()
    assert store.search.get(kept.id) == kept


def test_pictures_go_before_passages(
    open_keeping: OpenKeeping, clock: HeldClock, storage: StorageSection
) -> None:
    store = open_keeping(RetentionSection(passages_days=4, pictures_days=2))
    kept = [store.commit(make_update(make_passage(stage=Stage.FINAL, seen=clock.current)))]
    acknowledge_all(store)
    kept += commit_daily(store, clock, 3)
    acknowledge_all(store)

    assert store.retain().passages == 0
    bare = replace(kept[0], crop=None, frame=None)
    assert store.search.get(kept[0].id) == bare
    assert store.search.get(kept[3].id) == kept[3]
    assert files_of(storage) == pictures_of(kept[2], kept[3])

    for _ in range(48):
        clock.advance(HOUR)
        store.retain()
    assert store.search.get(kept[0].id) is None
    assert store.search.readings(kept[0].id) == ()
    assert store.search.get(kept[3].id) is not None


def test_zero_means_no_limit(open_keeping: OpenKeeping, clock: HeldClock) -> None:
    section = RetentionSection(passages_days=0, pictures_days=0, pictures_max_mb=0)
    store = open_keeping(section)
    kept = commit_final(store, clock)
    acknowledge_all(store)
    clock.advance(5000 * DAY)

    assert store.retain() == retention.RetentionReport()
    assert store.search.get(kept.id) == kept


def test_passages_that_wait_for_a_broker_stay(
    open_keeping: OpenKeeping, clock: HeldClock, storage: StorageSection
) -> None:
    store = open_keeping(RetentionSection(passages_days=1, pictures_days=1))
    waiting, sent = commit_final(store, clock, 1), commit_final(store, clock, 5)
    store.acknowledge([sent.sequence])
    clock.advance(3 * DAY)

    report = store.retain()

    assert (report.passages, report.pictures) == (1, 4)
    bare = replace(waiting, crop=None, frame=None)
    assert store.search.latest(10).passages == (bare,)
    # The receiver must not be sent after a picture that is gone.
    assert [row.passage for row in store.pending(10)] == [bare]
    assert files_of(storage) == set()


def test_oldest_pictures_go_when_all_are_too_large(
    open_keeping: OpenKeeping,
    clock: HeldClock,
    storage: StorageSection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = open_keeping(RetentionSection(pictures_max_mb=1))
    kept = []
    for seed in range(6):
        kept.append(commit_final(store, clock, seed * 10))
        clock.advance(timedelta(seconds=1))
    sizes = [
        sum((storage.directory / path).stat().st_size for path in pictures_of(one)) for one in kept
    ]
    monkeypatch.setattr(retention, "_BYTES_PER_MB", sum(sizes[3:]))

    assert store.retain().pictures == 6
    assert files_of(storage) == pictures_of(*kept[3:])
    assert store.retain().pictures == 0


def test_pictures_that_were_superseded_go_when_nobody_waits_for_them(
    store: PassageStore, storage: StorageSection
) -> None:
    preview = make_passage()
    first = store.commit(make_update(preview, seed=1))
    second = store.commit(make_update(replace(preview, revision=2), seed=5))

    store.retain()
    assert files_of(storage) == pictures_of(first, second)

    store.acknowledge([first.sequence])
    assert store.retain().pictures == 2
    assert files_of(storage) == pictures_of(second)


def test_superseded_picture_that_is_shown_again_stays(
    store: PassageStore, storage: StorageSection
) -> None:
    preview = make_passage()
    store.commit(make_update(preview, seed=1))
    store.commit(make_update(replace(preview, revision=2), seed=5))
    again = store.commit(make_update(make_passage(), seed=1))
    acknowledge_all(store)

    assert store.retain().pictures == 0
    assert pictures_of(again) <= files_of(storage)


def test_pictures_of_removed_passages_go_with_them(
    open_keeping: OpenKeeping, clock: HeldClock, storage: StorageSection
) -> None:
    store = open_keeping(RetentionSection(passages_days=1, pictures_days=0))
    commit_final(store, clock)
    acknowledge_all(store)
    clock.advance(2 * DAY)

    report = store.retain()

    assert (report.passages, report.pictures) == (1, 2)
    assert files_of(storage) == set()


def test_strays_of_a_crash_are_swept_and_strangers_are_left(
    store: PassageStore, clock: HeldClock, storage: StorageSection
) -> None:
    kept = commit_final(store, clock)
    shard = storage.directory / Path(kept.crop or "").parent
    name = shard.name + "0" * 62
    (shard / f"{name}.jpg").write_bytes(b"committed by nobody")
    (shard / f"{name}.jpg.part").write_bytes(b"half")
    strangers = {f"media/{shard.name}/notes.txt", f"media/{shard.name}/{'f' * 64}.jpg"}
    strangers.add(f"media/lost+found/{name}.jpg")
    for stranger in strangers:
        path = storage.directory / stranger
        path.parent.mkdir(exist_ok=True)
        path.write_text("mine")

    assert store.retain().stray_files == 1
    assert files_of(storage) == pictures_of(kept) | strangers


def test_many_are_removed_in_batches(
    open_keeping: OpenKeeping, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []
    step = expiry.Expiry.old_passages

    def note(self: expiry.Expiry, database: object, before: object) -> int:
        sizes.append(step(self, database, before))  # type: ignore[arg-type]
        return sizes[-1]

    monkeypatch.setattr(expiry.Expiry, "old_passages", note)
    store = open_keeping(RetentionSection(passages_days=1))
    update = make_update(seed=1)
    futures = [
        store.submit(replace(update, passage=make_passage(seen=clock.current)))
        for _ in range(expiry.BATCH + 30)
    ]
    assert len({future.result().id for future in futures}) == len(futures)
    acknowledge_all(store)
    clock.advance(3 * DAY)

    assert store.retain().passages == expiry.BATCH + 30
    assert sizes == [expiry.BATCH, 30, 0]


def test_each_pass_that_removes_passages_is_told_of_once(
    open_keeping: OpenKeeping, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiry.Expiry.__init__, "__defaults__", (2,))
    store = open_keeping(RetentionSection(passages_days=1))
    told: list[PassagesExpired] = []
    store.when_expired(told.append)
    for seed in range(5):
        commit_final(store, clock, seed * 10)
    acknowledge_all(store)
    store.retain()
    assert told == []

    clock.advance(3 * DAY)
    store.retain()
    store.retain()

    assert told == [PassagesExpired(5, clock.current - DAY)]


def test_what_a_pass_removed_is_told_of_although_its_next_step_fails(
    open_keeping: OpenKeeping, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_keeping(RetentionSection(passages_days=1))
    told: list[PassagesExpired] = []
    store.when_expired(told.append)
    commit_final(store, clock)
    acknowledge_all(store)
    clock.advance(3 * DAY)
    remove, steps = expiry.Expiry.old_passages, iter([True, False])

    def fail_later(self: expiry.Expiry, database: Database, before: datetime) -> int:
        if next(steps):
            return remove(self, database, before)
        raise DiskFullError("no space left")

    monkeypatch.setattr(expiry.Expiry, "old_passages", fail_later)
    with pytest.raises(DiskFullError):
        store.retain()

    assert [one.passages for one in told] == [1]


def test_leap_of_the_clock_does_not_wipe_everything(
    open_keeping: OpenKeeping, clock: HeldClock, storage: StorageSection
) -> None:
    store = open_keeping(RetentionSection(passages_days=10, pictures_days=10))
    kept = commit_daily(store, clock, 5)
    acknowledge_all(store)
    right = clock.current
    clock.current += timedelta(days=3650)
    store.retain()
    store = open_keeping(RetentionSection(passages_days=10, pictures_days=10))
    store.retain()
    clock.advance(HOUR)
    store.retain()

    clock.current = right
    store.retain()

    assert store.search.latest(10).passages == tuple(reversed(kept))
    assert files_of(storage) == pictures_of(*kept)


def test_pictures_of_a_lost_database_age_instead_of_being_swept(
    open_keeping: OpenKeeping, clock: HeldClock, storage: StorageSection
) -> None:
    store = open_keeping(RetentionSection())
    kept = commit_final(store, clock)
    store.close()
    (storage.directory / DATABASE_NAME).write_bytes(b"garbage" * 999)

    store = open_keeping(RetentionSection(pictures_days=2))
    store.retain()
    assert files_of(storage) == pictures_of(kept)

    for _ in range(2 * 24 + 1):
        clock.advance(HOUR)
        store.retain()
    assert files_of(storage) == set()


def test_other_limits_count_from_the_next_pass_on(
    open_keeping: OpenKeeping, clock: HeldClock
) -> None:
    store = open_keeping(RetentionSection(passages_days=0, pictures_days=0))
    kept = commit_daily(store, clock, 5)
    acknowledge_all(store)
    store.retain()
    assert len(store.search.latest(10).passages) == 5
    store.keep_for(RetentionSection(passages_days=2, pictures_days=1))
    store.retain()
    assert [one.id for one in store.search.latest(10).passages] == [
        one.id for one in reversed(kept[-2:])
    ]
