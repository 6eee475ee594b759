"""Kept passages as text files: CSV that spreadsheets open safely, one JSON array, or JSON lines."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Protocol, TypeVar

from lpr_engine.model.kept import KeptPassage

_LOGGER = logging.getLogger(__name__)

T = TypeVar("T")

COLUMNS: Final = (
    "id",
    "sequence",
    "revision",
    "stage",
    "engine",
    "camera",
    "text",
    "display",
    "confidence",
    "alternatives",
    "region",
    "first_seen",
    "last_seen",
    "readings",
    "direction",
    "zone",
    "list",
    "vehicle",
    "open",
    "corrected_by",
    "crop",
    "frame",
)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


class ExportFormat(Protocol):
    """A way to write passages one after the other."""

    suffix: str
    media_type: str

    def head(self) -> str:
        """What stands before the first passage."""
        ...

    def rows(self, passages: Iterable[KeptPassage]) -> str:
        """Some passages; one that cannot be read is left out."""
        ...

    def tail(self) -> str:
        """What stands behind the last passage."""
        ...


class Csv:
    """A row for each passage under a row of names, as RFC 4180 has it."""

    suffix = ".csv"
    media_type = "text/csv"

    def head(self) -> str:
        """The names of the columns."""
        return _csv([COLUMNS])

    def rows(self, passages: Iterable[KeptPassage]) -> str:
        """A row each."""
        return _csv(_readable(passages, _cells))

    def tail(self) -> str:
        """Nothing."""
        return ""


class JsonLines:
    """The contract's object on a line for each passage."""

    suffix = ".ndjson"
    media_type = "application/x-ndjson"

    def head(self) -> str:
        """Nothing."""
        return ""

    def rows(self, passages: Iterable[KeptPassage]) -> str:
        """A line each."""
        return "".join(f"{line}\n" for line in _readable(passages, KeptPassage.as_line))

    def tail(self) -> str:
        """Nothing."""
        return ""


class JsonArray:
    """One array of the contract's objects; an instance writes one file."""

    suffix = ".json"
    media_type = "application/json"

    def __init__(self) -> None:
        self._separator = "\n"

    def head(self) -> str:
        """The opening bracket."""
        return "["

    def rows(self, passages: Iterable[KeptPassage]) -> str:
        """An element each."""
        lines = list(_readable(passages, KeptPassage.as_line))
        if not lines:
            return ""
        text = self._separator + ",\n".join(lines)
        self._separator = ",\n"
        return text

    def tail(self) -> str:
        """The closing bracket."""
        return "\n]\n"


def format_of(name: str) -> ExportFormat:
    """The way to write that has a name of the API."""
    formats: Mapping[str, type[Csv | JsonArray | JsonLines]] = {
        "csv": Csv,
        "json": JsonArray,
        "ndjson": JsonLines,
    }
    return formats[name]()


def defused(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: such text gets an apostrophe before it."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def _csv(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([defused(cell) for cell in row] for row in rows)
    return text.getvalue()


def _cells(passage: KeptPassage) -> list[object]:
    data = passage.as_json()
    verdict: Mapping[str, Any] = data["verdict"]
    alternatives = " ".join(f"{one['text']}:{one['confidence']}" for one in data["alternatives"])
    flat = {
        **data,
        "alternatives": alternatives,
        "list": verdict["list"],
        "vehicle": verdict["vehicle"],
        "open": "true" if verdict["open"] else "false",
    }
    return [flat[name] for name in COLUMNS]


def _readable(passages: Iterable[KeptPassage], write: Callable[[KeptPassage], T]) -> Iterator[T]:
    for passage in passages:
        try:
            yield write(passage)
        except (ValueError, KeyError, TypeError, AttributeError) as err:  # noqa: PERF203 - each alone
            _LOGGER.warning("passage of sequence %s is left out: %r", passage.sequence, err)
