"""Vehicles as CSV: out and in again they are the same, and each bad cell is named."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpr_engine.api.spreadsheet import TableError
from lpr_engine.api.vehicle_columns import COLUMNS, NOWHERE, column_of
from lpr_engine.api.vehicle_fields import (
    MOST_LABEL,
    MOST_NOTE,
    read_name,
    read_plate,
    read_text,
)
from lpr_engine.api.vehicle_json import vehicle_from_json, vehicle_to_json
from lpr_engine.api.vehicle_table import (
    VehicleTable,
    header_line,
    read_table,
    shortened,
    vehicle_lines,
)
from lpr_engine.model.vehicle import ValidityWindow, Vehicle
from lpr_engine.model.vehicle_book import KeptVehicle

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def fits(read, *rest, **more):
    def check(text: str) -> bool:
        try:
            return bool(read(text, *rest, **more))
        except ValueError:
            return False

    return check


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
live_words = st.one_of(words, st.text("=+-@'\"|;, \tx", max_size=8))
plates = st.one_of(st.text("AB12-. ", max_size=12), words).filter(fits(read_plate))
names = words.filter(fits(read_name)).map(read_name)
moments = st.none() | st.datetimes(
    datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=st.just(timezone.utc)
).map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
hours = st.none() | st.times().map(lambda hour: hour.replace(microsecond=0))


def composed(most: int, *, lines: bool = False):
    read = fits(read_text, most, lines=lines)
    return live_words.filter(read).map(lambda text: read_text(text, most, lines=lines))


@st.composite
def vehicles(draw) -> Vehicle:
    text, display = read_plate(draw(plates))
    window = ValidityWindow(
        valid_from=draw(moments),
        valid_until=draw(moments),
        weekdays=draw(st.none() | st.frozensets(st.integers(0, 6))),
        from_time=draw(hours),
        until_time=draw(hours),
    )
    if window.ends_before_it_begins:
        window = ValidityWindow(valid_from=window.valid_until, valid_until=window.valid_from)
    return Vehicle(
        id=draw(st.text("abcXYZ019_-", min_size=1, max_size=12)),
        text=text,
        display=display,
        label=draw(composed(MOST_LABEL)) or display or text,
        owner=draw(st.none() | composed(MOST_LABEL)) or None,
        note=draw(composed(MOST_NOTE, lines=True)),
        lists=draw(st.frozensets(names, max_size=3)),
        cameras=draw(st.none() | st.frozensets(st.text("abc_09", min_size=1, max_size=8))),
        window=window,
    )


@settings(max_examples=60)
@given(st.lists(vehicles(), max_size=4), st.sampled_from([",", ";", "\t"]), st.booleans())
def test_vehicles_come_back_from_a_table(kept: list[Vehicle], delimiter: str, marked: bool) -> None:
    text = header_line(delimiter) + vehicle_lines(kept, delimiter)
    table = read_table((("\ufeff" if marked else "") + text).encode())
    assert table.bad == ()
    assert [row.vehicle for row in table.rows] == kept
    assert all(row.given >= {column.name for column in COLUMNS} for row in table.rows)


@given(vehicles())
def test_vehicles_come_back_from_json(vehicle: Vehicle) -> None:
    data = json.loads(json.dumps(vehicle_to_json(KeptVehicle(vehicle, 1, NOW))))
    assert vehicle_from_json(data, vehicle.id) == vehicle


def one(text: str) -> VehicleTable:
    return read_table(text.encode())


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Plate", "text"), ("LICENSE PLATE", "text"), ("Number-Plate", "text"), ("Name", "label"),
        ("Valid From", "valid_from"), ("validUntil", "valid_until"), ("Days", "weekdays"),
        ("from_time", "from_time"), ("Notes", "note"), ("Cameras", "cameras"), ("ID", "id"),
        ("colour", None), ("", None),
    ],
)  # fmt: skip
def test_headers_are_taken_as_they_are_meant(header: str, column: str | None) -> None:
    found = column_of(header)
    assert (found and found.name) == column


def test_a_column_that_is_not_there_is_not_spoken_of() -> None:
    (row,) = one("Plate;Owner\nab 123;Anna").rows
    assert row.given == {"text", "display", "owner"}
    assert (row.vehicle.text, row.vehicle.display, row.vehicle.label) == (
        "AB123",
        "AB 123",
        "AB 123",
    )
    assert one("text\nAB123").rows[0].given == {"text"}
    assert one("text,display\nAB123,").rows[0].given == {"text", "display"}


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}), ("Sat, Sun", {5, 6}), ("sat-mon", {5, 6, 0}),
        ("Monday|wed.", {0, 2}), ("", None), (NOWHERE, set()), ("mon-mon", {0}),
    ],
)  # fmt: skip
def test_weekdays_as_people_write_them(cell: str, days: set[int] | None) -> None:
    (row,) = one(f"text\tdays\nAB1\t{cell}").rows
    assert row.vehicle.window.weekdays == days


def test_days_and_hours_as_spreadsheets_write_them() -> None:
    text = "plate,from,until,from_time,until_time\nAB1,2026-05-01,2026-05-31,8:00,24:00"
    window = one(text).rows[0].vehicle.window
    begin = datetime(2026, 5, 1).astimezone()
    assert window.valid_from == begin
    assert window.valid_until == datetime(2026, 6, 1).astimezone() - timedelta(milliseconds=1)
    assert (window.from_time, window.until_time) == (time(8), time(0))
    local = one("plate,from\nAB1,2026-05-01 18:30").rows[0].vehicle.window.valid_from
    assert local == begin + timedelta(hours=18, minutes=30)


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("-,,,,,", "text", "no letter or digit"),
        (f"{'A' * 21},,,,,", "text", "more than 20"),
        ("AB1,CD2,,,,", "display", "another plate"),
        ("AB1,,x\x07y,,,", "label", "no text"),
        ("AB1,,,allow|,someday,", "weekdays", "mon-fri were expected"),
        ("AB1,,,,t,", "weekdays", "expected"),
        ("AB1,,,,,31.5.2026", "valid_until", "such as 2026-05-31"),
        ("AB1,,,,,2026-02-30", "valid_until", "such as"),
        ("AB1,,,,,0001-01-01T00:00:00+14:00", "valid_until", "such as"),
        ("AB1,,,a{b},,", "lists", "a name of"),
        (f"AB1,,{'x' * 101},,,", "label", "longer than 100"),
        ("AB1,,,,,,,more", "", "more cells than the 6 columns"),
    ],
)
def test_a_bad_cell_is_named(row: str, column: str, words: str) -> None:
    table = one(f"text,display,label,lists,weekdays,valid_until\nGOOD1,,,,,\n{row}\nGOOD2,,,,,\n")
    assert [good.vehicle.text for good in table.rows] == ["GOOD1", "GOOD2"]
    (bad,) = table.bad
    assert (bad.line, bad.column) == (3, column)
    assert words in bad.reason
    assert len(bad.value) <= 60


def test_every_bad_cell_of_a_row_is_named() -> None:
    table = one("text,weekdays,until\nAB1,nie,nie")
    assert [cell.column for cell in table.bad] == ["valid_until", "weekdays"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("label,owner\nx,y", "no column `text` among label, owner"),
        ("text,Plate\nAB1,AB1", "`?text`? is there twice"),
        ("PK\x03\x04 an Excel file", "no column `text`"),
    ],
)
def test_a_table_without_plates_is_refused(text: str, words: str) -> None:
    with pytest.raises(TableError, match=words):
        one(text)


def test_columns_nobody_knows_are_told() -> None:
    assert one("text,colour,\nAB1,red,").ignored_columns == ("colour",)


def test_long_values_are_shown_short() -> None:
    assert shortened("x" * 60) == "x" * 60
    assert len(shortened("x" * 61)) == 60


cells = st.one_of(live_words, st.sampled_from(["mon-fri", "8:00", "2026-05-01", "allow|block"]))
headers = st.sampled_from([column.name for column in COLUMNS] + ["colour", "Plate"])


@given(st.lists(headers, min_size=1, max_size=6), st.lists(st.lists(cells, max_size=7), max_size=5))
def test_no_table_is_a_defect(header: list[str], rows: list[list[str]]) -> None:
    text = "\n".join(",".join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in row) for row in rows)
    try:
        table = read_table(f"{','.join(header)}\n{text}".encode())
    except TableError:
        return
    lines = [row.line for row in table.rows] + [cell.line for cell in table.bad]
    assert all(line >= 2 for line in lines)
    for row in table.rows:
        assert row.vehicle.text
        assert len(row.vehicle.text) <= 20
