"""The outbox: in order, until confirmed, over restarts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from lpr_engine.config.sections import StorageSection
from lpr_engine.store.store import PassageStore

from .conftest import HeldClock, make_evidence, make_passage, make_update


def test_attempt_survives_a_restart(open_store: Callable[[], PassageStore]) -> None:
    store = open_store()
    for seed in range(3):
        store.commit(make_update(seed=seed))
    store.mark_attempted([1, 3])

    rows = open_store().pending(10)

    assert [(row.sequence, row.attempted) for row in rows] == [(1, True), (2, False), (3, True)]


def test_row_knows_when_it_was_queued(store: PassageStore, clock: HeldClock) -> None:
    store.commit(make_update())

    assert store.pending(1)[0].queued_at == clock.current


@pytest.mark.parametrize("limit", [0, -1])
def test_limit_below_one_gives_nothing(store: PassageStore, limit: int) -> None:
    store.commit(make_update())

    assert store.pending(limit) == []


def test_unknown_sequences_are_harmless(store: PassageStore) -> None:
    store.commit(make_update())

    store.mark_attempted([7])
    store.acknowledge([7, 8])
    store.acknowledge([])

    assert store.depth() == 1


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"contract": 2}', "\x00", '"text"', "null"])
def test_unreadable_row_does_not_block_the_others(
    store: PassageStore, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    for seed in range(4):
        store.commit(make_update(seed=seed))
    store._thread.call(
        lambda database: database.rows(
            "UPDATE outbox SET body = ? WHERE sequence <= 2 RETURNING sequence", (body,)
        )
    )

    assert [row.sequence for row in store.pending(2)] == [3, 4]
    assert store.depth() == 2
    assert [row.sequence for row in store.pending(2)] == [3, 4]
    assert caplog.text.count("unreadable") == 2


class OutboxMachine(RuleBasedStateMachine):
    """Commits, deliveries and restarts in any order, against a plain list."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.waiting: dict[int, bool] = {}
        self.last = 0
        self.store = self.reopened()

    def reopened(self) -> PassageStore:
        storage = StorageSection(directory=Path(self.folder.name), keep_frames=False)
        return PassageStore(storage, clock=HeldClock()).open()

    @rule(revisions=st.integers(1, 3))
    def commit(self, revisions: int) -> None:
        evidence, passage_id = make_evidence(), None
        for revision in range(1, revisions + 1):
            passage = make_passage(passage_id, revision)
            kept = self.store.commit(make_update(passage, evidence=evidence))
            passage_id = kept.id
            assert kept.sequence == self.last + 1
            self.last = kept.sequence
            self.waiting[kept.sequence] = False

    @rule(count=st.integers(0, 4))
    def attempt_oldest(self, count: int) -> None:
        chosen = sorted(self.waiting)[:count]
        self.store.mark_attempted(chosen)
        self.waiting |= dict.fromkeys(chosen, True)

    @rule(data=st.data())
    def acknowledge_some(self, data: st.DataObject) -> None:
        chosen = data.draw(st.lists(st.integers(1, max(1, self.last)), max_size=4))
        self.store.acknowledge(chosen)
        for sequence in chosen:
            self.waiting.pop(sequence, None)

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = self.reopened()

    @rule(limit=st.integers(0, 5))
    def look_at_the_oldest(self, limit: int) -> None:
        rows = self.store.pending(limit)
        assert [(row.sequence, row.attempted) for row in rows] == sorted(self.waiting.items())[
            :limit
        ]
        assert all(row.passage.sequence == row.sequence for row in rows)

    @invariant()
    def depth_is_what_waits(self) -> None:
        assert self.store.depth() == len(self.waiting)

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()


OutboxMachine.TestCase.settings = settings(
    max_examples=10,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
test_outbox_holds_what_was_committed_and_not_confirmed = OutboxMachine.TestCase
