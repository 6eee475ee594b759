"""Vehicles as CSV: a file's rows with what is wrong with them, and a file of all vehicles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from lpr_engine.api.spreadsheet import Line, TableError, decoded, lines_of, written
from lpr_engine.api.vehicle_columns import COLUMNS, Column, column_of
from lpr_engine.api.vehicle_fields import read_display, read_plate
from lpr_engine.model.vehicle import ValidityWindow, Vehicle
from lpr_engine.model.vehicle_import import BadCell, ImportRow

MOST_ROWS: Final = 100_000
MOST_BYTES: Final = 16 * 1024 * 1024

_SHOWN: Final = 60
_WINDOW_FIELDS: Final = frozenset(field.name for field in fields(ValidityWindow))


@dataclass(frozen=True, slots=True)
class VehicleTable:
    """A file's rows: those that can be understood, what is wrong with the rest."""

    rows: tuple[ImportRow, ...]
    bad: tuple[BadCell, ...]
    ignored_columns: tuple[str, ...]


def read_table(data: bytes) -> VehicleTable:
    """A file's vehicles.

    Raises:
        TableError: it cannot be read at all, or has no column with plates.
    """
    lines = lines_of(decoded(data), MOST_ROWS + 1)
    header = next(lines, None)
    if header is None:
        raise TableError("the file is empty; its first row names the columns")
    columns = _columns(header)
    rows: list[ImportRow] = []
    bad: list[BadCell] = []
    for line in lines:
        found = _row(line, columns)
        if isinstance(found, ImportRow):
            rows.append(found)
        else:
            bad += found
    ignored = [
        shortened(name)
        for name, column in zip(header.cells, columns, strict=True)
        if column is None and name
    ]
    return VehicleTable(tuple(rows), tuple(bad), tuple(ignored))


def header_line(delimiter: str) -> str:
    """The first line of a file of vehicles."""
    return written([[column.name for column in COLUMNS]], delimiter)


def vehicle_lines(vehicles: Iterable[Vehicle], delimiter: str) -> str:
    """Vehicles as lines of a file that `read_table` reads back as they are."""
    rows = ([column.write(vehicle) for column in COLUMNS] for vehicle in vehicles)
    return written(rows, delimiter)


def shortened(value: str) -> str:
    """A cell, short enough to be shown."""
    return value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…"


def _columns(header: Line) -> list[Column | None]:
    columns = [column_of(name) for name in header.cells]
    names = [column.name for column in columns if column is not None]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise TableError(f"line {header.number}: the column {twice[0]} is there twice")
    if "text" not in names:
        found = ", ".join(shortened(name) for name in header.cells[:20])
        raise TableError(f"line {header.number}: no column `text` among {found}")
    return columns


def _row(line: Line, columns: Sequence[Column | None]) -> ImportRow | list[BadCell]:
    if any(line.cells[len(columns) :]):
        reason = f"more cells than the {len(columns)} columns"
        return [BadCell(line.number, "", shortened(line.cells[len(columns)]), reason)]
    cells = {
        column.name: line.cells[place] if place < len(line.cells) else ""
        for place, column in enumerate(columns)
        if column is not None
    }
    values: dict[str, Any] = {}
    bad: list[BadCell] = []
    for column in COLUMNS:
        if column.name in cells:
            cell = cells[column.name]
            try:
                values[column.name] = column.read(cell)
            except ValueError as err:
                bad.append(BadCell(line.number, column.name, shortened(cell), str(err)))
    return bad or _understood(line.number, values)


def _understood(number: int, values: dict[str, Any]) -> ImportRow | list[BadCell]:
    typed, shown = values["text"], values.pop("display", None)
    place = "text"
    try:
        text, display = read_plate(typed)
        if shown:
            place = "display"
            display = read_display(shown, text)
    except ValueError as err:
        return [BadCell(number, place, shortened(typed if place == "text" else shown), str(err))]
    # Separators in the plate tell how it stands there; without any, another cell may.
    if shown is not None or display is not None:
        values["display"] = display
    values["text"] = text
    if "label" in values:
        values["label"] = values["label"] or display or text
    given = frozenset(values)
    window = ValidityWindow(**{name: values.pop(name) for name in _WINDOW_FIELDS & given})
    plain: dict[str, Any] = {"id": "", "label": display or text, "lists": frozenset(), "note": ""}
    return ImportRow(number, Vehicle(window=window, **(plain | values)), given)
