"""What passages are found by follows them: revised with them, gone with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lpr_engine.config.sections import RetentionSection, StorageSection
from lpr_engine.model.passage import Alternative, Passage, Stage, Verdict
from lpr_engine.model.passage_actions import Correction
from lpr_engine.model.search import PassageFilter, TextKind, TextQuery
from lpr_engine.store.database import Database
from lpr_engine.store.facts import MOST_ALTERNATIVES
from lpr_engine.store.store import PassageStore

from .conftest import NOON, HeldClock, make_evidence, make_passage, make_update

Rows = list[tuple[object, ...]]


def rows(store: PassageStore, sql: str) -> Rows:
    return store._thread.call(lambda database: [tuple(row) for row in database.rows(sql)])


def texts(store: PassageStore) -> list[str]:
    return [str(text) for (text,) in rows(store, "SELECT text FROM texts ORDER BY text")]


def ids(store: PassageStore, text: str, *, alternatives: bool = True) -> list[str]:
    query = TextQuery(text, TextKind.EXACT, alternatives)
    return [one.id for one in store.search.find(PassageFilter(text=query), 100).passages]


def alternative(*some: str) -> tuple[Alternative, ...]:
    return tuple(Alternative(text, 0.1) for text in some)


def assert_true_to_passages(store: PassageStore) -> None:
    """Facts, spellings and texts are those of the passages that are kept, and no more."""
    kept = store.search.find(PassageFilter(), 1000).passages
    spelled = rows(
        store,
        "SELECT facts.passage_id, spellings.rank, texts.text FROM spellings"
        " JOIN facts ON facts.first_seen_ms = seen_ms AND facts.number = passage"
        " JOIN texts ON texts.number = spellings.text",
    )
    wanted = {(one.id, rank, text) for one in kept for rank, text in spellings(one)}
    assert set(spelled) == wanted
    assert len(rows(store, "SELECT 1 FROM spellings")) == len(wanted)
    assert texts(store) == sorted({text for _, _, text in wanted})
    assert len(rows(store, "SELECT 1 FROM facts")) == len(rows(store, "SELECT 1 FROM passages"))


def spellings(passage: Passage) -> list[tuple[int, str]]:
    distinct = dict.fromkeys([passage.text, *(other.text for other in passage.alternatives)])
    return [(rank, text) for rank, text in enumerate(distinct) if text]


def test_later_revision_is_found_by_its_own_texts_alone(store: PassageStore) -> None:
    first = make_passage("p", text="AB1", alternatives=alternative("A81", "AB7"))
    store.commit(make_update(first))
    second = replace(
        first, revision=2, stage=Stage.FINAL, text="AB7", alternatives=alternative("AB1")
    )
    store.commit(make_update(second))

    assert ids(store, "AB7", alternatives=False) == ["p"]
    assert ids(store, "AB1", alternatives=False) == []
    assert ids(store, "AB1") == ["p"]
    assert texts(store) == ["AB1", "AB7"]
    assert_true_to_passages(store)


def test_passage_that_began_earlier_than_thought_moves(store: PassageStore) -> None:
    first = make_passage("p")
    store.commit(make_update(first))
    store.commit(
        make_update(replace(first, revision=2, first_seen=first.first_seen - timedelta(hours=1)))
    )

    assert ids(store, "AB123C") == ["p"]
    assert store.search.find(PassageFilter(since=NOON), 5).passages == ()
    assert_true_to_passages(store)


def test_correction_is_found_by_what_the_person_said(store: PassageStore) -> None:
    store.commit(make_update(make_passage("p", stage=Stage.FINAL, alternatives=())))
    store.books.changes.correct(Correction("p", "ZZ99", "anna"), Verdict("allow", "v1"))

    assert ids(store, "ZZ99") == ["p"]
    assert ids(store, "AB123C") == []
    assert store.search.find(PassageFilter(list_name="allow"), 5).passages[0].id == "p"
    assert_true_to_passages(store)


def test_texts_are_forgotten_with_the_last_passage_that_they_spell(
    storage: StorageSection, clock: HeldClock
) -> None:
    with PassageStore(storage, RetentionSection(passages_days=1), clock) as store:
        old = make_passage(seen=clock.current, text="OLD1", alternatives=alternative("BOTH1"))
        store.commit(make_update(old))
        store.retain()
        for _ in range(30):
            clock.advance(timedelta(hours=1))
            store.retain()
        young = make_passage(seen=clock.current, text="NEW1", alternatives=alternative("BOTH1"))
        store.commit(make_update(young))
        store.acknowledge([row.sequence for row in store.pending(10)])

        assert store.retain().passages == 1
        assert texts(store) == ["BOTH1", "NEW1"]
        assert ids(store, "BOTH1") == [young.id]
        assert_true_to_passages(store)


@pytest.mark.parametrize(
    ("text", "others", "kept"),
    [
        ("", ("", "A1"), ["A1"]),
        ("ab-12", ("AB12", "a b 1 2"), ["AB12"]),
        ("A", tuple("BCDEFGH"), list("ABCDEF")),
        ("--", ("..",), []),
    ],
)
def test_odd_texts(
    store: PassageStore, text: str, others: tuple[str, ...], kept: list[str]
) -> None:
    store.commit(make_update(make_passage("p", text=text, alternatives=alternative(*others))))

    assert texts(store) == kept
    assert len(kept) <= 1 + MOST_ALTERNATIVES
    assert [one.id for one in store.search.find(PassageFilter(), 5).passages] == ["p"]


PLATES = st.text("AB8", max_size=3)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    revisions=st.lists(
        st.tuples(
            st.sampled_from("pqr"),
            PLATES,
            st.lists(PLATES, max_size=4),
            st.integers(0, 2),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_facts_stay_true_over_any_revisions_and_removals(
    open_store: Callable[[], PassageStore],
    revisions: list[tuple[str, str, list[str], int, bool]],
) -> None:
    store = open_store()
    store._thread.call(_remove_all)
    evidence = make_evidence()
    numbers: dict[str, int] = {}
    for name, text, others, minutes, removed in revisions:
        numbers[name] = numbers.get(name, 0) + 1
        passage = make_passage(
            name,
            numbers[name],
            text=text,
            seen=NOON + timedelta(minutes=minutes),
            alternatives=alternative(*others),
        )
        store.commit(make_update(passage, evidence=evidence))
        if removed:
            store._thread.call(lambda database, gone=name: _remove(database, gone))
            del numbers[name]
        assert_true_to_passages(store)


def _remove(database: Database, passage_id: str) -> None:
    with database.transaction() as connection:
        connection.execute("DELETE FROM outbox WHERE passage_id = ?", (passage_id,))
        connection.execute("DELETE FROM passages WHERE id = ?", (passage_id,))


def _remove_all(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute("DELETE FROM outbox")
        connection.execute("DELETE FROM passages")
