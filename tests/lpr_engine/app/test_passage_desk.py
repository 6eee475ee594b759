"""A correction is judged, kept and told once; a removal is told with what is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lpr_engine.app.live_rules import LiveRules
from lpr_engine.app.passage_desk import PassageDesk
from lpr_engine.config.sections import StorageSection
from lpr_engine.model.clock import SystemClock
from lpr_engine.model.passage import Alternative, Passage
from lpr_engine.model.passage_actions import Correction
from lpr_engine.model.vehicle import Vehicle
from lpr_engine.model.vehicle_errors import PassageUnfinishedError, PassageUnknownError
from lpr_engine.plates.rules import PlateRules
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.pipeline.scripted import update

ANNA = Vehicle("v1", "AB128C", "Anna", frozenset({"allow"}))


class Watcher:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.corrected: list[Passage] = []
        self.removed: list[tuple[Passage, Passage | None]] = []

    def passage_corrected(self, passage: Passage) -> None:
        self.corrected.append(passage)

    def passage_removed(self, passage: Passage, last: Passage | None) -> None:
        self.removed.append((passage, last))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PassageStore]:
    with PassageStore(StorageSection(directory=tmp_path / "data")) as opened:
        opened.books.vehicles.add(ANNA)
        yield opened


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
def desk(store: PassageStore, watcher: Watcher) -> PassageDesk:
    rules = PlateRules((), (), SystemClock())
    LiveRules(rules, store.books.register).load()
    search = store.search
    made = PassageDesk(store.books.changes, rules, search.get, search.last_final)
    made.watch(watcher)
    return made


def seen(store: PassageStore, passage_id: str = "p", **rest) -> Passage:
    one = update()
    now = SystemClock().now().replace(microsecond=0)
    passage = replace(
        one.passage,
        id=passage_id,
        text="AB123C",
        alternatives=(Alternative("AB128C", 0.4),),
        first_seen=now,
        last_seen=now,
        confidence=0.99,
        readings=30,
        **rest,
    )
    return store.commit(replace(one, passage=passage))


def test_a_correction_is_judged_anew_and_opens_nothing(
    store: PassageStore, desk: PassageDesk, watcher: Watcher
) -> None:
    seen(store)

    corrected = desk.correct(Correction("p", "AB128C", "anna", "AB-128 C"))

    verdict = corrected.verdict
    assert (verdict.vehicle, verdict.list_name, verdict.open) == ("v1", "allow", False)
    assert [reason.check for reason in verdict.reasons if not reason.passed] == ["observed"]
    assert watcher.corrected == [corrected] == [store.search.get("p")]
    assert [row.passage.revision for row in store.pending(10)] == [1, 2]


def test_a_correction_to_an_unknown_plate_forgets_the_alternative(
    store: PassageStore, desk: PassageDesk
) -> None:
    seen(store)

    assert desk.correct(Correction("p", "XY999Z", "anna")).verdict.vehicle is None


def test_the_same_correction_again_is_told_to_nobody(
    store: PassageStore, desk: PassageDesk, watcher: Watcher
) -> None:
    seen(store)
    for _ in range(3):
        desk.correct(Correction("p", "AB128C", "anna"))

    assert len(watcher.corrected) == 1
    assert store.depth() == 2


def test_a_removal_is_told_with_the_last_that_is_left(
    store: PassageStore, desk: PassageDesk, watcher: Watcher
) -> None:
    first = seen(store, "p1")
    second = seen(store, "p2")

    desk.remove("p2")
    desk.remove("p1")

    assert watcher.removed == [(second, first), (first, None)]
    assert store.depth() == 0


def test_refusals_are_told_to_nobody(
    store: PassageStore, desk: PassageDesk, watcher: Watcher
) -> None:
    preview = update(stage=update().passage.stage.PREVIEW)
    store.commit(preview)

    with pytest.raises(PassageUnknownError):
        desk.correct(Correction("nothing", "AB1", "anna"))
    with pytest.raises(PassageUnfinishedError):
        desk.correct(Correction(preview.passage.id, "AB1", "anna"))
    with pytest.raises(PassageUnfinishedError):
        desk.remove(preview.passage.id)

    assert (watcher.corrected, watcher.removed) == ([], [])
