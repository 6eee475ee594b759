"""Committing revisions: which may follow which, and all or nothing."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.contract import passage_to_json
from lpr_engine.model.errors import StoreError
from lpr_engine.model.passage import Alternative, Passage, Stage
from lpr_engine.store.database import Database
from lpr_engine.store.failures import RevisionError
from lpr_engine.store.revisions import write_row
from lpr_engine.store.store import PassageStore

from .conftest import make_passage, make_update


def files_of(storage: StorageSection) -> set[str]:
    media = storage.directory / "media"
    return {path.name for path in media.rglob("*") if path.is_file()}


def column(store: PassageStore, sql: str) -> list[object]:
    return store._thread.call(lambda database: [row[0] for row in database.rows(sql)])


def test_each_revision_gets_its_own_outbox_row_in_the_contracts_form(store: PassageStore) -> None:
    preview = make_passage()
    first = store.commit(make_update(preview))
    second = store.commit(make_update(replace(preview, revision=2, stage=Stage.FINAL)))

    bodies = [json.loads(str(body)) for body in column(store, "SELECT body FROM outbox")]

    assert bodies == [passage_to_json(first), passage_to_json(second)]
    assert [first.sequence, second.sequence] == [1, 2]
    assert store.search.latest(10).passages == (second,)


def test_readings_add_up_and_alternatives_are_replaced(store: PassageStore) -> None:
    preview = make_passage()
    store.commit(make_update(preview, votes=2))
    other = replace(preview, revision=2, alternatives=(Alternative("AB128C", 0.2),))
    update = make_update(other, votes=3)
    store.commit(update)

    assert store.search.readings(preview.id) == update.new_readings[:1] * 5
    assert sorted(map(str, column(store, "SELECT text FROM texts"))) == ["AB123C", "AB128C"]


def test_kept_revision_handed_in_again_is_answered_and_not_kept_twice(
    store: PassageStore,
) -> None:
    update = make_update()
    kept = store.commit(update)

    again = store.commit(update)

    assert again == kept
    assert store.depth() == 1
    assert len(store.search.readings(kept.id)) == 1


def final(passage: Passage) -> Passage:
    return replace(passage, stage=Stage.FINAL)


@pytest.mark.parametrize(
    ("stored", "following", "message"),
    [
        (make_passage("p", 2), make_passage("p", 1), "revision 2 is kept already"),
        (make_passage("p", 2), make_passage("p", 2, text="OTHER1"), "revision 2 is kept"),
        (final(make_passage("p", 1)), make_passage("p", 2), "preview cannot follow"),
        (final(make_passage("p", 1)), final(make_passage("p", 2)), "only a correction"),
    ],
)
def test_revision_that_would_take_something_back_is_refused(
    store: PassageStore,
    storage: StorageSection,
    stored: Passage,
    following: Passage,
    message: str,
) -> None:
    kept = store.commit(make_update(stored))
    files = files_of(storage)

    with pytest.raises(RevisionError, match=message):
        store.commit(make_update(following, seed=5))

    assert store.search.get("p") == kept
    assert store.depth() == 1
    assert files_of(storage) == files


def test_correction_may_follow_a_final_revision(store: PassageStore) -> None:
    store.commit(make_update(final(make_passage("p", 1))))

    kept = store.commit(make_update(final(make_passage("p", 2, corrected_by="anna"))))

    assert kept.corrected_by == "anna"


@pytest.mark.parametrize(
    "passage",
    [
        make_passage(text="A\ud800B"),
        replace(make_passage(), confidence=float("nan")),
        replace(make_passage(), revision=0),
    ],
    ids=["no text", "no number", "no revision"],
)
def test_value_that_cannot_be_kept_is_refused_whole(
    store: PassageStore, storage: StorageSection, passage: Passage
) -> None:
    with pytest.raises(StoreError):
        store.commit(make_update(passage))

    assert files_of(storage) == set()
    assert store.depth() == 0
    assert store.search.latest(1).passages == ()
    assert store.commit(make_update()).sequence == 1


def test_refused_transactions_leave_no_gap_in_the_sequence(store: PassageStore) -> None:
    sequences = []
    for number in range(5):
        with pytest.raises(ZeroDivisionError):
            store._thread.call(_take_a_sequence_and_fail)
        sequences.append(store.commit(make_update(seed=number)).sequence)
        store.acknowledge(sequences[-1:])

    assert sequences == [1, 2, 3, 4, 5]


def _take_a_sequence_and_fail(database: Database) -> None:
    with database.transaction() as connection:
        write_row(connection, make_passage(), (), 0)
        _ = 1 / 0


def test_pictures_of_two_passages_from_one_frame_are_shared(store: PassageStore) -> None:
    first = store.commit(make_update(seed=4))
    second = store.commit(make_update(seed=4))

    assert (first.frame, first.crop) == (second.frame, second.crop)
    assert column(store, "SELECT count(*) FROM media") == [2]
