"""Lists come and go, and vehicles lose no more than the place on one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lpr_engine.model.vehicle import STANDARD_LISTS, ListMeaning, PlateList
from lpr_engine.model.vehicle_book import KeptList
from lpr_engine.model.vehicle_errors import (
    ChangedMeanwhileError,
    ListExistsError,
    ListFixedError,
    ListInUseError,
    ListUnknownError,
)
from lpr_engine.store.store import PassageStore

from .cars import PLAIN
from .conftest import NOON, HeldClock

GUESTS = PlateList("guests", ListMeaning.CUSTOM)


def names(store: PassageStore) -> list[str]:
    return [kept.plate_list.name for kept in store.books.lists.page(50).lists]


def test_new_store_has_a_list_for_each_meaning_but_custom(store: PassageStore) -> None:
    lists = store.books.register.register().lists
    assert {one.meaning for one in lists} == set(ListMeaning) - {ListMeaning.CUSTOM}
    assert {one.name: one.meaning for one in lists} == dict(STANDARD_LISTS)


def test_lists_are_added_changed_and_forgotten(store: PassageStore, clock: HeldClock) -> None:
    assert store.books.lists.add(GUESTS) == KeptList(GUESTS, 1, NOON, 0)
    store.books.vehicles.add(replace(PLAIN, lists=frozenset({"guests", "allow"})))
    assert store.books.lists.get("guests") == KeptList(GUESTS, 1, NOON, 1)
    clock.advance(timedelta(minutes=1))
    allowed = replace(GUESTS, meaning=ListMeaning.ALLOW)

    changed = store.books.lists.update(allowed, seen=1)

    assert changed == KeptList(allowed, 2, NOON + timedelta(minutes=1), 1)
    assert store.books.lists.update(allowed, seen=2) == changed
    assert allowed in store.books.register.register().lists


def test_list_in_use_goes_only_when_that_is_said(store: PassageStore) -> None:
    store.books.lists.add(GUESTS)
    store.books.vehicles.add(replace(PLAIN, lists=frozenset({"guests", "allow"})))

    with pytest.raises(ListInUseError, match="list 'guests' is in use; vehicles on it: 1"):
        store.books.lists.remove("guests")
    assert "guests" in names(store)
    store.books.lists.remove("guests", in_use=True)

    assert "guests" not in names(store)
    left = store.books.vehicles.get(PLAIN.id)
    assert left.vehicle == replace(PLAIN, lists=frozenset({"allow"}))
    assert left.revision == 2


def test_list_that_nobody_stands_on_simply_goes(store: PassageStore) -> None:
    store.books.lists.add(GUESTS)

    assert store.books.lists.remove("guests", seen=1).plate_list == GUESTS

    assert names(store) == sorted(STANDARD_LISTS)


@pytest.mark.parametrize("name", sorted(STANDARD_LISTS))
def test_standard_lists_stay_what_they_are(store: PassageStore, name: str) -> None:
    with pytest.raises(ListFixedError):
        store.books.lists.update(PlateList(name, ListMeaning.CUSTOM))
    with pytest.raises(ListFixedError):
        store.books.lists.remove(name, in_use=True)
    with pytest.raises(ListExistsError):
        store.books.lists.add(PlateList(name, ListMeaning.ALLOW))
    store.books.lists.update(PlateList(name, STANDARD_LISTS[name]))

    assert store.books.lists.get(name).plate_list.meaning is STANDARD_LISTS[name]


def test_refusals_of_what_is_not_there_or_not_as_seen(store: PassageStore) -> None:
    with pytest.raises(ListUnknownError, match="'guests'"):
        store.books.lists.get("guests")
    with pytest.raises(ListUnknownError):
        store.books.lists.update(GUESTS)
    with pytest.raises(ListUnknownError):
        store.books.lists.remove("guests")
    store.books.lists.add(GUESTS)
    with pytest.raises(ChangedMeanwhileError):
        store.books.lists.update(replace(GUESTS, meaning=ListMeaning.BLOCK), seen=7)
    with pytest.raises(ChangedMeanwhileError):
        store.books.lists.remove("guests", seen=7)


def test_pages_lead_through_all_lists(store: PassageStore) -> None:
    for number in range(8):
        store.books.lists.add(PlateList(f"list {number}", ListMeaning.CUSTOM))
    read: list[str] = []
    cursor = None
    while True:
        page = store.books.lists.page(5, cursor)
        read += [kept.plate_list.name for kept in page.lists]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert read == sorted([*STANDARD_LISTS, *(f"list {number}" for number in range(8))])
