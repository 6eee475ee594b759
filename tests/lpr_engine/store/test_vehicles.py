"""Vehicles come back as they went in, are found, and change only as whoever changes them saw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lpr_engine.model.errors import CursorError, LprError, StoreError
from lpr_engine.model.vehicle import ValidityWindow, Vehicle
from lpr_engine.model.vehicle_book import KeptVehicle, VehicleFilter
from lpr_engine.model.vehicle_errors import (
    ChangedMeanwhileError,
    ListMissingError,
    PlateTakenError,
    VehicleExistsError,
    VehicleUnknownError,
)
from lpr_engine.store.store import PassageStore
from lpr_engine.store.vehicles import MAX_PAGE

from .cars import FULL, NOWHERE, PLAIN
from .conftest import NOON, HeldClock


def all_of(store: PassageStore) -> tuple[Vehicle, ...]:
    return store.books.register.register().vehicles


@pytest.mark.parametrize("vehicle", [PLAIN, FULL, NOWHERE], ids=lambda vehicle: vehicle.id)
def test_vehicle_comes_back_as_it_was_added(
    open_store: Callable[[], PassageStore], vehicle: Vehicle
) -> None:
    added = open_store().books.vehicles.add(vehicle)

    store = open_store()
    assert added == KeptVehicle(vehicle, 1, NOON)
    assert store.books.vehicles.get(vehicle.id) == added
    assert store.books.vehicles.page(10).vehicles == (added,)
    assert all_of(store) == (vehicle,)


def test_update_replaces_everything_and_is_counted(store: PassageStore, clock: HeldClock) -> None:
    store.books.vehicles.add(FULL)
    changed = replace(PLAIN, id=FULL.id, lists=frozenset({"block"}))
    clock.advance(timedelta(hours=1))

    updated = store.books.vehicles.update(changed)

    assert updated == KeptVehicle(changed, 2, NOON + timedelta(hours=1))
    assert store.books.vehicles.get(FULL.id) == updated
    assert all_of(store) == (changed,)


def test_update_that_changes_nothing_counts_for_nothing(
    store: PassageStore, clock: HeldClock
) -> None:
    added = store.books.vehicles.add(FULL)
    clock.advance(timedelta(hours=1))

    assert store.books.vehicles.update(FULL, seen=1) == added


def test_remove_forgets_one(store: PassageStore) -> None:
    store.books.vehicles.add(PLAIN)
    store.books.vehicles.add(FULL)

    assert store.books.vehicles.remove(FULL.id).vehicle == FULL

    assert all_of(store) == (PLAIN,)


def refused(error: type[LprError], words: str, change: Callable[[], object]) -> None:
    with pytest.raises(error, match=words):
        change()


def test_refusals_name_what_is_wrong_and_change_nothing(store: PassageStore) -> None:
    vehicles = store.books.vehicles
    vehicles.add(PLAIN)
    vehicles.add(NOWHERE)
    before = vehicles.page(10)
    twin = replace(PLAIN, id="v9")

    refused(VehicleExistsError, "'v1' is there already", lambda: vehicles.add(PLAIN))
    refused(PlateTakenError, "AB123C is the plate of .*'v1' .Anna", lambda: vehicles.add(twin))
    taken = replace(NOWHERE, text=PLAIN.text)
    refused(PlateTakenError, "'v1'", lambda: vehicles.update(taken))
    refused(VehicleUnknownError, "no vehicle 'v2'", lambda: vehicles.update(FULL))
    refused(VehicleUnknownError, "no vehicle 'v2'", lambda: vehicles.get("v2"))
    refused(VehicleUnknownError, "no vehicle 'v2'", lambda: vehicles.remove("v2"))
    listed = replace(PLAIN, label="changed", lists=frozenset({"guests"}))
    refused(ListMissingError, "no list 'guests'", lambda: vehicles.update(listed))
    naive = replace(PLAIN, window=ValidityWindow(valid_from=NOON.replace(tzinfo=None)))
    refused(StoreError, "without its zone", lambda: vehicles.update(naive))
    half = replace(PLAIN, label="\ud800")
    refused(StoreError, "cannot be stored", lambda: vehicles.update(half))

    assert vehicles.page(10) == before


def test_whoever_saw_another_revision_changes_nothing(store: PassageStore) -> None:
    store.books.vehicles.add(PLAIN)
    theirs = store.books.vehicles.update(replace(PLAIN, label="theirs"), seen=1)

    for change in (
        lambda: store.books.vehicles.update(replace(PLAIN, label="ours"), seen=1),
        lambda: store.books.vehicles.remove(PLAIN.id, seen=1),
    ):
        refused(ChangedMeanwhileError, "at revision 2", change)

    assert store.books.vehicles.get(PLAIN.id) == theirs
    assert store.books.vehicles.remove(PLAIN.id, seen=2) == theirs


def test_every_change_is_told_once_it_is_kept(store: PassageStore) -> None:
    heard: list[int] = []
    store.books.register.listen(lambda: heard.append(len(all_of(store))))

    store.books.vehicles.add(PLAIN)
    store.books.vehicles.add(FULL)
    with pytest.raises(VehicleExistsError):
        store.books.vehicles.add(FULL)
    store.books.vehicles.remove(FULL.id)

    assert heard == [1, 2, 1]


def found(store: PassageStore, **wanted: str) -> set[str]:
    page = store.books.vehicles.page(50, filters=VehicleFilter(**wanted))
    return {kept.vehicle.id for kept in page.vehicles}


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({"words": "anna"}, {"v1"}),
        ({"words": "BÄCK"}, {"v2"}),
        ({"words": "ba\u0308ckerei RINGS"}, {"v2"}),
        ({"words": "bäckerei anna"}, set()),
        ({"words": "ab-12"}, {"v1"}),
        ({"words": "äö 42"}, {"v2"}),
        ({"words": "%"}, set()),
        ({"words": "🚚"}, {"v2"}),
        ({"words": "  "}, {"v1", "v2"}),
        ({"text": "ab 123-c"}, {"v1"}),
        ({"text": "AB123"}, set()),
        ({"list_name": "watch"}, {"v2"}),
        ({"list_name": "gone"}, set()),
        ({"list_name": "allow", "words": "anna"}, set()),
    ],
)
def test_vehicles_are_found_by_what_is_said_of_them(
    store: PassageStore, wanted: dict[str, str], ids: set[str]
) -> None:
    store.books.vehicles.add(PLAIN)
    store.books.vehicles.add(FULL)

    assert found(store, **wanted) == ids


def test_pages_lead_through_all_vehicles_in_order(store: PassageStore) -> None:
    texts = [f"A{number:03d}" for number in range(25)]
    for text in reversed(texts):
        store.books.vehicles.add(replace(PLAIN, id=f"id-{text}", text=text))

    read: list[str] = []
    cursor = None
    while True:
        page = store.books.vehicles.page(10, cursor)
        read += [kept.vehicle.text for kept in page.vehicles]
        cursor = page.next_cursor
        if cursor is None:
            break
        # What comes and goes before the place moves nothing behind it.
        store.books.vehicles.remove(f"id-{read[-1]}")

    assert read == texts


def test_page_of_any_size_is_within_bounds(store: PassageStore) -> None:
    store.books.vehicles.add(PLAIN)

    assert len(store.books.vehicles.page(-5).vehicles) == 1
    assert len(store.books.vehicles.page(MAX_PAGE * 10).vehicles) == 1


@given(cursor=st.one_of(st.text(), st.text("ABCabc012-_=", max_size=40)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cursor_that_no_page_handed_out_is_refused(store: PassageStore, cursor: str) -> None:
    with pytest.raises(CursorError):
        store.books.vehicles.page(10, cursor)
    with pytest.raises(CursorError):
        store.books.lists.page(10, cursor)
