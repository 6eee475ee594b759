"""Vehicles and lists come back as they went in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta

import pytest

from lpr_engine.model.errors import StoreError
from lpr_engine.model.vehicle import ListMeaning, PlateList, ValidityWindow, Vehicle
from lpr_engine.store.store import PassageStore

from .conftest import NOON

PLAIN = Vehicle("v1", "AB123C", "Anna", frozenset())
FULL = Vehicle(
    id="v2",
    text="ÄÖ42",
    label="Lieferung 🚚",
    lists=frozenset({"allow", "watch"}),
    owner="Bäckerei",
    window=ValidityWindow(
        valid_from=NOON,
        valid_until=NOON + timedelta(days=30, milliseconds=250),
        weekdays=frozenset({0, 6}),
        from_time=time(22, 30),
        until_time=time(4, 0, 30),
    ),
    cameras=frozenset({"gate", "yard"}),
    note="rings twice",
)
NOWHERE = replace(PLAIN, id="v3", cameras=frozenset(), window=ValidityWindow(weekdays=frozenset()))


@pytest.mark.parametrize("vehicle", [PLAIN, FULL, NOWHERE], ids=lambda vehicle: vehicle.id)
def test_vehicle_comes_back_as_it_was_added(
    open_store: Callable[[], PassageStore], vehicle: Vehicle
) -> None:
    open_store().vehicles.add(vehicle)

    assert open_store().vehicles.all() == (vehicle,)


def test_update_replaces_everything(store: PassageStore) -> None:
    store.vehicles.add(FULL)
    changed = replace(PLAIN, id=FULL.id, lists=frozenset({"block"}))

    store.vehicles.update(changed)

    assert store.vehicles.all() == (changed,)


def test_remove_forgets_one(store: PassageStore) -> None:
    store.vehicles.add(PLAIN)
    store.vehicles.add(FULL)

    store.vehicles.remove(FULL.id)

    assert store.vehicles.all() == (PLAIN,)


def test_new_store_has_a_list_for_each_meaning_but_custom(store: PassageStore) -> None:
    assert {one.meaning for one in store.vehicles.lists()} == set(ListMeaning) - {
        ListMeaning.CUSTOM
    }
    assert all(one.name == one.meaning.value for one in store.vehicles.lists())


def test_lists_are_kept_changed_and_forgotten(store: PassageStore) -> None:
    store.vehicles.put_list(PlateList("guests", ListMeaning.CUSTOM))
    store.vehicles.add(replace(PLAIN, lists=frozenset({"guests", "allow"})))
    store.vehicles.put_list(PlateList("guests", ListMeaning.ALLOW))
    assert PlateList("guests", ListMeaning.ALLOW) in store.vehicles.lists()

    store.vehicles.remove_list("guests")

    assert "guests" not in {one.name for one in store.vehicles.lists()}
    assert store.vehicles.all() == (replace(PLAIN, lists=frozenset({"allow"})),)


def test_refusals_name_what_is_wrong(store: PassageStore) -> None:
    vehicles = store.vehicles
    vehicles.add(PLAIN)

    with pytest.raises(StoreError, match="'v1' is there already"):
        vehicles.add(PLAIN)
    with pytest.raises(StoreError, match="no vehicle 'v2'"):
        vehicles.update(FULL)
    with pytest.raises(StoreError, match="no 'v2' among the vehicles"):
        vehicles.remove("v2")
    with pytest.raises(StoreError, match="no 'guests' among the lists"):
        vehicles.remove_list("guests")
    with pytest.raises(StoreError, match="no list 'guests'"):
        vehicles.update(replace(PLAIN, label="changed", lists=frozenset({"guests"})))
    with pytest.raises(StoreError, match="without its zone"):
        naive = ValidityWindow(valid_from=NOON.replace(tzinfo=None))
        vehicles.update(replace(PLAIN, window=naive))
    with pytest.raises(StoreError, match="cannot be stored"):
        vehicles.update(replace(PLAIN, label="\ud800"))

    assert vehicles.all() == (PLAIN,)
