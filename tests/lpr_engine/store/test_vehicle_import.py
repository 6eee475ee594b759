"""A table of vehicles: what each row would do, and then all of it or nothing."""

from __future__ import annotations

import dataclasses
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.errors import StoreError
from lpr_engine.model.vehicle import ValidityWindow, Vehicle
from lpr_engine.model.vehicle_import import BadCell, ImportRow, Outcome
from lpr_engine.store.store import PassageStore

from .cars import FULL, NOWHERE, PLAIN
from .conftest import NOON, HeldClock

EVERY_FIELD = frozenset(
    field.name for kind in (Vehicle, ValidityWindow) for field in dataclasses.fields(kind)
)


def row(line: int, vehicle: Vehicle, *given_fields: str) -> ImportRow:
    return ImportRow(line, vehicle, frozenset(given_fields) or EVERY_FIELD)


def whole(*vehicles: Vehicle) -> list[ImportRow]:
    return [row(line, vehicle) for line, vehicle in enumerate(vehicles, start=2)]


def kept(store: PassageStore) -> dict[str, Vehicle]:
    return {vehicle.id: vehicle for vehicle in store.books.register.register().vehicles}


def outcomes(report) -> list[tuple[int, str, tuple[str, ...]]]:
    return [(one.line, one.outcome.value, one.fields) for one in report.good]


def test_rows_are_added_changed_and_left_alone(store: PassageStore) -> None:
    store.books.vehicles.add(PLAIN)
    store.books.vehicles.add(FULL)
    rows = whole(replace(PLAIN, label="Anna's", note="new"), FULL, replace(NOWHERE, id=""))

    planned = store.books.vehicle_import.plan(rows)
    assert kept(store) == {"v1": PLAIN, "v2": FULL}
    done = store.books.vehicle_import.take_in(rows, skip_bad=False)

    expected = [(2, "changed", ("label", "note")), (3, "unchanged", ()), (4, "added", ())]
    assert outcomes(planned) == outcomes(done) == expected
    assert (planned.written, done.written) == (False, True)
    assert [done.count(one) for one in Outcome] == [1, 1, 1]
    new_id = done.good[2].vehicle.id
    assert kept(store)[new_id] == replace(NOWHERE, id=new_id)
    assert kept(store)["v1"].label == "Anna's"
    assert [store.books.vehicles.get(one).revision for one in ("v1", "v2", new_id)] == [2, 1, 1]


def test_the_same_table_again_changes_nothing(store: PassageStore, clock: HeldClock) -> None:
    rows = whole(replace(PLAIN, id=""), FULL)
    store.books.vehicle_import.take_in(rows, skip_bad=False)
    before = store.books.vehicles.page(10)
    clock.seconds += 60

    again = store.books.vehicle_import.take_in(rows, skip_bad=False)

    assert again.count(Outcome.UNCHANGED) == 2
    assert store.books.vehicles.page(10) == before


def test_what_a_table_does_not_speak_of_stays(store: PassageStore) -> None:
    store.books.vehicles.add(FULL)
    said = Vehicle("", FULL.text, "renamed", frozenset())

    store.books.vehicle_import.take_in([row(2, said, "text", "label")], skip_bad=False)

    assert kept(store) == {"v2": replace(FULL, label="renamed")}


def test_another_plate_takes_the_old_way_of_writing_it_along(store: PassageStore) -> None:
    store.books.vehicles.add(FULL)
    said = Vehicle(FULL.id, "NEW1", "", frozenset())

    store.books.vehicle_import.take_in([row(2, said, "id", "text")], skip_bad=False)

    assert kept(store)["v2"] == replace(FULL, text="NEW1", display=None)


def test_a_row_finds_its_vehicle_by_id_and_else_by_plate(store: PassageStore) -> None:
    store.books.vehicles.add(PLAIN)
    rows = [
        row(2, Vehicle("elsewhere", PLAIN.text, "by plate", frozenset()), "text", "label"),
        row(3, Vehicle("kept-id", "CD456", "new", frozenset()), "text", "label"),
    ]

    store.books.vehicle_import.take_in(rows, skip_bad=False)

    assert {one.id: one.label for one in kept(store).values()} == {
        "v1": "by plate",
        "kept-id": "new",
    }


def test_bad_rows_are_named(store: PassageStore) -> None:
    store.books.vehicles.add(PLAIN)
    store.books.vehicles.add(FULL)
    backwards = ValidityWindow(valid_from=NOON, valid_until=NOON.replace(year=2025))
    rows = [
        row(2, replace(PLAIN, label="once")),
        row(3, replace(PLAIN, id="", label="twice")),
        row(4, Vehicle("", "CD456", "new", frozenset())),
        row(5, Vehicle("", "CD456", "new again", frozenset())),
        row(6, replace(FULL, text=PLAIN.text)),
        row(7, Vehicle("", "EF789", "", frozenset({"allow", "gusts"}))),
        row(8, Vehicle("", "GH012", "", frozenset(), window=backwards)),
    ]

    report = store.books.vehicle_import.plan(rows)

    assert report.bad == (
        BadCell(3, "", "AB123C", "line 2 is about the same vehicle"),
        BadCell(5, "text", "CD456", "line 4 has this plate already"),
        BadCell(6, "text", "AB123C", "line 2 has this plate already"),
        BadCell(7, "lists", "gusts", "there is no list of this name"),
        BadCell(8, "valid_until", "", "this is before valid_from"),
    )


def test_one_bad_row_keeps_all_out_unless_it_is_to_be_skipped(store: PassageStore) -> None:
    bad = replace(NOWHERE, lists=frozenset({"gusts"}))
    rows = whole(PLAIN, bad, FULL)

    refused = store.books.vehicle_import.take_in(rows, skip_bad=False)
    assert (refused.written, kept(store)) == (False, {})
    skipped = store.books.vehicle_import.take_in(rows, skip_bad=True)

    assert (skipped.written, len(skipped.bad)) == (True, 1)
    assert kept(store) == {"v1": PLAIN, "v2": FULL}


def test_a_plate_that_its_vehicle_gives_up_is_free_for_the_next_row(store: PassageStore) -> None:
    store.books.vehicles.add(PLAIN)
    rows = whole(replace(PLAIN, text="NEW1"), Vehicle("", PLAIN.text, "heir", frozenset()))

    report = store.books.vehicle_import.take_in(rows, skip_bad=False)

    assert report.bad == ()
    assert sorted(one.text for one in kept(store).values()) == ["AB123C", "NEW1"]


def test_value_that_cannot_be_kept_leaves_nothing(store: PassageStore) -> None:
    with pytest.raises(StoreError):
        store.books.vehicle_import.take_in(
            whole(PLAIN, replace(FULL, note="\ud800")), skip_bad=True
        )

    assert kept(store) == {}


vehicles = st.builds(
    Vehicle,
    id=st.sampled_from(["", "a", "b", "c"]),
    text=st.sampled_from(["A1", "B2", "C3", "D4"]),
    label=st.sampled_from(["x", "y"]),
    lists=st.frozensets(st.sampled_from(["allow", "block", "gusts"])),
)


@given(before=st.lists(vehicles, max_size=4), after=st.lists(vehicles, max_size=6))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
def test_plates_stay_unique_and_the_plan_is_what_happens(
    store: PassageStore, before: list[Vehicle], after: list[Vehicle]
) -> None:
    for one in store.books.register.register().vehicles:
        store.books.vehicles.remove(one.id)
    store.books.vehicle_import.take_in(whole(*before), skip_bad=True)

    planned = store.books.vehicle_import.plan(whole(*after))
    done = store.books.vehicle_import.take_in(whole(*after), skip_bad=True)

    assert (outcomes(planned), planned.bad) == (outcomes(done), done.bad)
    assert len(done.good) + len(done.bad) == len(after)
    now = kept(store)
    assert len({one.text for one in now.values()}) == len(now)
    assert {one.vehicle for one in done.good} <= set(now.values())


def test_no_kill_leaves_half_a_table(tmp_path: Path) -> None:
    chance = random.Random(3)
    for round_ in range(6):
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("import_engine.py")), str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        reported = [process.stdout.readline().strip() for _ in range(1 + round_ % 3)]
        time.sleep(chance.random() / 8)
        os.kill(process.pid, signal.SIGKILL)
        reported += process.communicate()[0].split()
        with PassageStore(StorageSection(directory=tmp_path)) as store:
            found = store.books.register.register().vehicles
        assert len(found) == 2000
        (label,) = {one.label for one in found}
        last = reported[-1].split(":")
        assert label in {reported[-1], f"{last[0]}:{int(last[1]) + 1}"}
