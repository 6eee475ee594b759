"""A table's columns: how each is named, read and written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, time, timezone
from functools import lru_cache
from typing import Any, Final

from lpr_engine.api.vehicle_fields import (
    CAMERA,
    MOST_LABEL,
    MOST_NOTE,
    MOST_TYPED,
    VEHICLE_ID,
    WEEKDAYS,
    hour_text,
    read_beginning,
    read_hour,
    read_moment,
    read_name,
    read_text,
)
from lpr_engine.model.contract import format_time
from lpr_engine.model.vehicle import Vehicle

NOWHERE: Final = "(none)"
"""No camera, or no day, as against an empty cell, which restricts nothing."""

_SEPARATORS: Final = re.compile(r"\s*[|,;]\s*")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LOCAL: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d)?", re.ASCII)
_DAY_NAMES: Final = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column, named after the vehicle's or window's field that it speaks of.

    `read` raises ValueError with a reason; `write` gives the cell that reads back the same.
    """

    name: str
    read: Callable[[str], Any]
    write: Callable[[Vehicle], str]
    also: tuple[str, ...] = ()


def column_of(header: str) -> Column | None:
    """The column that a header means, whatever its case and separators."""
    return _BY_HEADER.get(_bare(header))


def _bare(header: str) -> str:
    return re.sub(r"[\s_.\-]+", "", unicodedata.normalize("NFKC", header)).casefold()


# Cells of most columns hold the same few things over and over.
@lru_cache(maxsize=1024)
def _names(cell: str) -> frozenset[str]:
    return frozenset(read_name(name) for name in _SEPARATORS.split(cell) if name)


def _cameras(cell: str) -> frozenset[str] | None:
    if not cell:
        return None
    if cell == NOWHERE:
        return frozenset()
    names = frozenset(name for name in _SEPARATORS.split(cell) if name)
    if wrong := sorted(name for name in names if not re.search(CAMERA, name)):
        raise ValueError(f"{wrong[0]!r} is no camera's id")
    return names


@lru_cache(maxsize=1024)
def _weekdays(cell: str) -> frozenset[int] | None:
    if not cell:
        return None
    if cell == NOWHERE:
        return frozenset()
    days: set[int] = set()
    for word in re.split(r"[|,;\s]+", cell):
        first, _, last = word.partition("-")
        begin = _weekday(first)
        days |= {begin} if not last else {(begin + step) % 7 for step in range(_span(begin, last))}
    return frozenset(days)


def _span(begin: int, last: str) -> int:
    return (_weekday(last) - begin) % 7 + 1


def _weekday(word: str) -> int:
    bare = word.rstrip(".").casefold()
    found = [day for day, name in enumerate(_DAY_NAMES) if name.startswith(bare)]
    if len(bare) < 2 or len(found) != 1:
        raise ValueError("days such as mon|tue or mon-fri were expected")
    return found[0]


@lru_cache(maxsize=1024)
def _moment(cell: str, rest_of_day: time) -> datetime | None:
    """A time of RFC 3339, or a local one, or a local day, of which the rest is given."""
    if not cell:
        return None
    try:
        if _DAY.fullmatch(cell):
            local = datetime.combine(datetime.fromisoformat(cell), rest_of_day)
            return local.astimezone(timezone.utc)
        if _LOCAL.fullmatch(cell):
            return datetime.fromisoformat(cell.upper()).astimezone(timezone.utc)
        return read_moment(cell)
    except (ValueError, OverflowError) as err:
        raise ValueError("a time such as 2026-05-31 or 2026-05-31T18:00:00Z was expected") from err


def _beginning(cell: str) -> time | None:
    return read_beginning(cell) if cell else None


def _end(cell: str) -> time | None:
    return read_hour(cell) if cell else None


def _identity(cell: str) -> str:
    if cell and not re.search(VEHICLE_ID, cell):
        raise ValueError("an id of 1 to 64 letters, digits, _ and - was expected")
    return cell


def _joined(names: Collection[str] | None) -> str:
    if names is None:
        return ""
    return "|".join(names) or NOWHERE


def _written_moment(moment: datetime | None) -> str:
    return "" if moment is None else format_time(moment)


def _written_hour(hour: time | None) -> str:
    return "" if hour is None else hour_text(hour)


def _written_days(days: frozenset[int] | None) -> str:
    return _joined(None if days is None else [WEEKDAYS[day] for day in sorted(days)])


_END_OF_DAY: Final = time(23, 59, 59, 999000)

COLUMNS: Final = (
    Column("text", lambda cell: read_text(cell, MOST_TYPED), lambda v: v.text,
           ("plate", "licenseplate", "licenceplate", "numberplate", "registration", "kennzeichen")),
    Column("display", lambda cell: read_text(cell, MOST_TYPED), lambda v: v.display or "",
           ("asonplate", "plateasshown")),
    Column("label", lambda cell: read_text(cell, MOST_LABEL), lambda v: v.label,
           ("name", "vehicle", "title")),
    Column("owner", lambda cell: read_text(cell, MOST_LABEL) or None, lambda v: v.owner or "",
           ("holder", "person")),
    Column("lists", _names, lambda v: "|".join(sorted(v.lists)), ("list", "groups", "group")),
    Column("cameras", _cameras,
           lambda v: _joined(None if v.cameras is None else sorted(v.cameras)), ("camera",)),
    Column("valid_from", lambda cell: _moment(cell, time.min),
           lambda v: _written_moment(v.window.valid_from), ("from", "start", "validsince")),
    Column("valid_until", lambda cell: _moment(cell, _END_OF_DAY),
           lambda v: _written_moment(v.window.valid_until), ("until", "end", "validto", "expires")),
    Column("weekdays", _weekdays, lambda v: _written_days(v.window.weekdays), ("days", "weekday")),
    Column("from_time", _beginning, lambda v: _written_hour(v.window.from_time),
           ("timefrom", "starttime")),
    Column("until_time", _end, lambda v: _written_hour(v.window.until_time),
           ("timeuntil", "endtime", "totime")),
    Column("note", lambda cell: read_text(cell, MOST_NOTE, lines=True), lambda v: v.note,
           ("notes", "comment", "comments", "remark", "description")),
    Column("id", _identity, lambda v: v.id, ("vehicleid",)),
)  # fmt: skip
_BY_HEADER: Final = {
    _bare(name): column for column in COLUMNS for name in (column.name, *column.also)
}
