"""Passages by number: nothing up to the end of a page is missing, and nothing is in it twice."""

from __future__ import annotations

import pytest

from lpr_engine.model.errors import StoreError
from lpr_engine.model.passage import Stage, Verdict
from lpr_engine.model.passage_actions import Correction
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.store.conftest import make_passage, make_update


def keep(store: PassageStore, text: str, passage_id: str | None = None, revision: int = 1) -> str:
    stage = Stage.PREVIEW if revision == 1 else Stage.FINAL
    return store.commit(make_update(make_passage(passage_id, revision, stage, text=text))).id


def test_an_empty_store_has_told_nothing(store: PassageStore) -> None:
    assert store.journal.last_sequence() == 0
    assert store.journal.since(0, 10).passages == ()
    assert store.journal.since(0, 10).until == 0


def test_pages_hold_everything_in_order(store: PassageStore) -> None:
    for number in range(7):
        keep(store, f"AB{number}")
    texts, at, pages = [], 0, 0
    while at < store.journal.last_sequence():
        page = store.journal.since(at, 3)
        texts += [one.text for one in page.passages]
        at, pages = page.until, pages + 1
    assert texts == [f"AB{number}" for number in range(7)]
    assert (at, pages) == (7, 3)


def test_a_replaced_revision_is_passed_over_and_its_passage_comes_with_the_newer(
    store: PassageStore,
) -> None:
    first = keep(store, "AA1")
    keep(store, "BB2")
    keep(store, "AA1X", first, 2)
    page = store.journal.since(0, 10)
    assert [(one.sequence, one.text) for one in page.passages] == [(2, "BB2"), (3, "AA1X")]
    assert page.until == 3


def test_a_correction_has_a_number_of_its_own(store: PassageStore) -> None:
    first = keep(store, "AA1")
    keep(store, "AA1", first, 2)
    before = store.journal.last_sequence()
    store.books.changes.correct(Correction(first, "AA7", "anna"), Verdict())
    (corrected,) = store.journal.since(before, 10).passages
    assert (corrected.text, corrected.corrected_by, corrected.sequence) == ("AA7", "anna", 3)


def test_numbers_beyond_the_last_lead_nowhere(store: PassageStore) -> None:
    keep(store, "AA1")
    page = store.journal.since(500, 10)
    assert (page.passages, page.until) == ((), 1)


def test_numbers_are_found_by_an_index(store: PassageStore) -> None:
    plan = store.journal._reader.all(
        lambda row: row["detail"],
        "EXPLAIN QUERY PLAN SELECT body FROM passages"
        " WHERE sequence > 5 AND sequence <= 9 ORDER BY sequence LIMIT 3",
    )
    assert plan == ("SEARCH passages USING INDEX passages_by_sequence (sequence>? AND sequence<?)",)


def test_a_closed_store_says_so(store: PassageStore) -> None:
    store.close()
    with pytest.raises(StoreError):
        store.journal.last_sequence()
