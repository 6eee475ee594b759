"""Tags and notes."""

from __future__ import annotations

import pytest

from lpr_engine.model.passage import Passage
from lpr_engine.model.passage_actions import MOST_TAGS, Note, Remarks, Tag
from lpr_engine.model.vehicle_errors import PassageUnknownError, TooManyTagsError
from lpr_engine.store.store import PassageStore

from .conftest import NOON, make_update


@pytest.fixture
def passage(store: PassageStore) -> Passage:
    return store.commit(make_update())


def test_tags_are_given_once_and_taken_away(store: PassageStore, passage: Passage) -> None:
    remarks = store.books.remarks
    assert remarks.of(passage.id) == Remarks()

    remarks.tag(passage.id, "vip")
    remarks.tag(passage.id, "vip")
    assert remarks.tag(passage.id, "Büro") == Remarks(tags=("Büro", "vip"))
    remarks.untag(passage.id, "vip")

    assert remarks.untag(passage.id, "never") == Remarks(tags=("Büro",))
    assert store.depth() == 1


def test_a_note_is_replaced_and_an_empty_one_is_none(store: PassageStore, passage: Passage) -> None:
    remarks = store.books.remarks
    remarks.note(passage.id, "first", "anna")

    assert remarks.note(passage.id, "second", "bert").note == Note("second", "bert", NOON)
    assert remarks.note(passage.id, "", "bert").note is None


def test_no_passage_has_endless_tags(store: PassageStore, passage: Passage) -> None:
    for number in range(MOST_TAGS):
        store.books.remarks.tag(passage.id, f"tag {number}")

    with pytest.raises(TooManyTagsError):
        store.books.remarks.tag(passage.id, "one more")

    store.books.remarks.tag(passage.id, "tag 0")
    assert len(store.books.remarks.of(passage.id).tags) == MOST_TAGS


def test_nothing_can_be_said_of_a_passage_that_is_not_there(store: PassageStore) -> None:
    remarks = store.books.remarks
    for act in (
        lambda: remarks.of("p"),
        lambda: remarks.tag("p", "vip"),
        lambda: remarks.untag("p", "vip"),
        lambda: remarks.note("p", "text", "anna"),
    ):
        with pytest.raises(PassageUnknownError):
            act()


def test_tags_are_listed_with_how_many_have_them(store: PassageStore) -> None:
    passages = [store.commit(make_update(seed=seed)) for seed in range(3)]
    for count, passage in enumerate(passages):
        for name in ("a", "b", "c")[: count + 1]:
            store.books.remarks.tag(passage.id, name)

    first = store.books.remarks.tags(2)
    rest = store.books.remarks.tags(2, first.next_cursor)

    assert (*first.tags, *rest.tags) == (Tag("a", 3), Tag("b", 2), Tag("c", 1))
    assert rest.next_cursor is None
