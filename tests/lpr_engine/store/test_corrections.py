"""What people put right: the next revision, with what was read beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lpr_engine.model.errors import CursorError
from lpr_engine.model.passage import Passage, Stage, Verdict
from lpr_engine.model.passage_actions import Correction
from lpr_engine.model.vehicle_errors import (
    ChangedMeanwhileError,
    PassageUnfinishedError,
    PassageUnknownError,
)
from lpr_engine.store.place import cursor_of
from lpr_engine.store.store import PassageStore

from .conftest import NOON, HeldClock, make_passage, make_update


def seen(store: PassageStore, seed: int = 0) -> Passage:
    return store.commit(make_update(make_passage(stage=Stage.FINAL), seed=seed))


def put_right(store: PassageStore, passage: Passage, text: str = "AB128C", **rest) -> Passage:
    return store.books.changes.correct(Correction(passage.id, text, "anna", **rest), Verdict())


def test_correction_is_the_next_revision_of_a_final_passage(store: PassageStore) -> None:
    final = seen(store)
    verdict = Verdict(list_name="allow", vehicle="anna")
    correction = Correction(final.id, "AB128C", "anna", "AB-128 C")

    corrected = store.books.changes.correct(correction, verdict)

    assert corrected == replace(
        final,
        revision=2,
        sequence=2,
        text="AB128C",
        display="AB-128 C",
        confidence=1.0,
        characters=tuple((sign, 1.0) for sign in "AB128C"),
        alternatives=(),
        verdict=verdict,
        corrected_by="anna",
    )
    assert store.search.get(final.id) == corrected
    assert [row.passage.revision for row in store.pending(10)] == [1, 2]


def test_what_was_read_stays_beside_every_correction(store: PassageStore, clock: HeldClock) -> None:
    final = seen(store)
    put_right(store, final, "WRONG1")
    clock.advance(timedelta(minutes=5))

    second = put_right(store, final, "AB128C")

    corrected = store.books.remarks.of(final.id).corrected
    assert corrected is not None
    assert (corrected.passage, corrected.read) == (second, final)
    assert corrected.corrected_at == NOON + timedelta(minutes=5)
    assert second.revision == 3
    assert len(store.search.readings(final.id)) == 1


def test_the_same_correction_again_is_no_news(store: PassageStore) -> None:
    final = seen(store)
    corrected = put_right(store, final)

    assert put_right(store, final) == corrected
    assert put_right(store, final, seen=2) == corrected
    assert store.depth() == 2


def test_a_reading_can_be_confirmed(store: PassageStore) -> None:
    final = seen(store)

    confirmed = put_right(store, final, final.text)

    assert (confirmed.revision, confirmed.corrected_by, confirmed.confidence) == (2, "anna", 1.0)


def test_corrections_that_cannot_be(store: PassageStore) -> None:
    preview, final = store.commit(make_update()), seen(store, 3)

    with pytest.raises(PassageUnfinishedError):
        put_right(store, preview)
    with pytest.raises(PassageUnknownError):
        put_right(store, replace(final, id="nothing"))
    with pytest.raises(ChangedMeanwhileError, match="at revision 1"):
        put_right(store, final, seen=2)

    assert store.depth() == 2
    assert store.books.corrections.page(10).corrections == ()


def test_corrections_are_listed_last_corrected_first(store: PassageStore, clock: HeldClock) -> None:
    passages = [seen(store, seed) for seed in range(5)]
    for passage in passages:
        clock.advance(timedelta(minutes=1))
        put_right(store, passage)
    ids = [passage.id for passage in reversed(passages)]

    first = store.books.corrections.page(3)
    rest = store.books.corrections.page(3, first.next_cursor)

    assert [one.passage.id for one in (*first.corrections, *rest.corrections)] == ids
    assert rest.next_cursor is None
    late = store.books.corrections.page(10, since=NOON + timedelta(minutes=4))
    assert [one.passage.id for one in late.corrections] == ids[:2]


@pytest.mark.parametrize("cursor", ["", "x", cursor_of("1", "2", "3"), cursor_of("one", "p")])
def test_cursor_that_no_page_handed_out_is_refused(store: PassageStore, cursor: str) -> None:
    with pytest.raises(CursorError):
        store.books.corrections.page(10, cursor)
