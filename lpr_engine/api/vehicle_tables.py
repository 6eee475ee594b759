"""Many vehicles at once: taken in from CSV, with a dry run first, and handed out as CSV."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import Final, cast

from aiohttp import web

from lpr_engine.api.answer import json_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.download import download
from lpr_engine.api.problem import Fault, RequestError
from lpr_engine.api.route import BODY, QUERY, Answer, Body, Parameter, Route, reference
from lpr_engine.api.spreadsheet import BOM, DELIMITERS
from lpr_engine.api.vehicle_table import (
    MOST_BYTES,
    VehicleTable,
    header_line,
    read_table,
    shortened,
    vehicle_lines,
)
from lpr_engine.model.access import Scope
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.vehicle_book import VehicleBook, VehiclePage
from lpr_engine.model.vehicle_import import (
    BadCell,
    ImportReport,
    Outcome,
    RowOutcome,
    VehicleImport,
)

_TAG: Final = "vehicles"
_PATH: Final = "/api/v1/vehicles.csv"
_CSV: Final = "text/csv"
_TABLE: Final = f"{_CSV}; charset=utf-8; header=present"
_AT_ONCE: Final = 500
_SHOWN: Final = 1000
_FAULTS: Final = 100
_UPLOAD_WITHIN_S: Final = 300.0
_WORK_WITHIN_S: Final = 120.0

_DRY_RUN: Final = Parameter(
    "dry_run", {"type": "boolean", "default": False}, "Only tell what would happen."
)
_SKIP_BAD: Final = Parameter(
    "skip_bad", {"type": "boolean", "default": False}, "Leave bad rows out instead of refusing all."
)
_DELIMITER: Final = Parameter(
    "delimiter", {"enum": list(DELIMITERS), "default": "comma"}, "What stands between cells."
)
_HOW: Final = """\
The first row names the columns, in any order and case: text (or plate), display, label (or name),
owner, lists, cameras, valid_from, valid_until, weekdays, from_time, until_time, note, id. Only text
is needed. A column that is not there leaves what is kept as it is; an empty cell empties it. A row
is about the vehicle of its id, else about the one with its plate, else about a new one. All rows
are kept or none.
"""


class VehicleTableRoutes:
    """The handlers; one table is taken in at a time."""

    def __init__(self, book: VehicleBook, importer: VehicleImport) -> None:
        self._book = book
        self._importer = importer
        self._busy = asyncio.Lock()

    def routes(self) -> tuple[Route, ...]:
        """The way in and the way out."""
        report = Answer(
            200, "What became, or would become, of the rows.", reference("ImportReport")
        )
        bad = Answer(422, "Rows are bad, so nothing was kept; `errors` tells which.")
        text: JsonObject = {"type": "string"}
        body = Body(
            text,
            "CSV in UTF-8, with `,`, `;` or tabs.",
            _CSV,
            MOST_BYTES,
            streamed=True,
            example="text,label,lists\r\nB-AB 1234,Anna,allow\r\n",
        )
        table = Answer(200, "All vehicles; importing it again changes nothing.", text, _CSV)
        return (
            Route("POST", _PATH, self.take_in, Scope.OPERATE,
                  "Take in vehicles from CSV", _TAG, (report, bad), (_DRY_RUN, _SKIP_BAD),
                  body=body, description=_HOW),
            Route("GET", _PATH, self.export, Scope.READ,
                  "All vehicles as CSV", _TAG, (table,), (_DELIMITER,), lasting=True),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """Those of vehicles are theirs too."""
        return {}

    async def take_in(self, request: web.Request) -> web.Response:
        """A table, all of it or nothing."""
        if self._busy.locked():
            raise RequestError("Another table is being taken in.", status=409, code="import_busy")
        async with self._busy:
            data = await _upload(request)
            table = await ask(lambda: read_table(data), _WORK_WITHIN_S)
            query = request[QUERY]
            dry_run, skip_bad = query["dry_run"], query["skip_bad"]
            only_plan = dry_run or (bool(table.bad) and not skip_bad)
            report = await ask(
                lambda: (
                    self._importer.plan(table.rows)
                    if only_plan
                    else self._importer.take_in(table.rows, skip_bad=skip_bad)
                ),
                _WORK_WITHIN_S,
            )
        bad = tuple(sorted((*table.bad, *report.bad), key=lambda cell: cell.line))
        if bad and not (dry_run or skip_bad):
            raise _refused(bad)
        return json_answer(report_to_json(table, report, bad))

    async def export(self, request: web.Request) -> web.StreamResponse:
        """All vehicles, some at a time."""
        delimiter = DELIMITERS[request[QUERY]["delimiter"]]
        return await download(request, "vehicles.csv", _TABLE, self._table(delimiter))

    async def _table(self, delimiter: str) -> AsyncIterator[bytes]:
        page = await ask(lambda: self._book.page(_AT_ONCE))
        yield (BOM + header_line(delimiter)).encode() + _lines(page, delimiter)
        while page.next_cursor is not None:
            page = await ask(partial(self._book.page, _AT_ONCE, page.next_cursor))
            yield _lines(page, delimiter)


async def _upload(request: web.Request) -> bytes:
    try:
        return await asyncio.wait_for(_whole(request), _UPLOAD_WITHIN_S)
    except asyncio.TimeoutError as err:
        raise RequestError("The body came too slowly.", status=408) from err


async def _whole(request: web.Request) -> bytes:
    chunks = cast("AsyncIterator[bytes]", request[BODY])
    return b"".join([chunk async for chunk in chunks])


def _lines(page: VehiclePage, delimiter: str) -> bytes:
    return vehicle_lines((kept.vehicle for kept in page.vehicles), delimiter).encode()


def _refused(bad: tuple[BadCell, ...]) -> RequestError:
    rows = len({cell.line for cell in bad})
    return RequestError(
        f"Nothing was kept; bad rows: {rows}.",
        [
            Fault(f"line {cell.line}, {cell.column or 'row'}", _words(cell))
            for cell in bad[:_FAULTS]
        ],
        status=422,
        code="import_refused",
    )


def _words(cell: BadCell) -> str:
    return f"{shortened(cell.value)!r}: {cell.reason}" if cell.value else cell.reason


def report_to_json(
    table: VehicleTable, report: ImportReport, bad: tuple[BadCell, ...]
) -> JsonObject:
    """What became, or would become, of a table's rows."""
    bad_rows = len({cell.line for cell in bad})
    changes = [row for row in report.good if row.outcome is not Outcome.UNCHANGED]
    return {
        "written": report.written,
        "rows": len(report.good) + bad_rows,
        **{outcome.value: report.count(outcome) for outcome in Outcome},
        "bad": bad_rows,
        "ignored_columns": list(table.ignored_columns),
        "errors": [
            {
                "line": cell.line,
                "column": cell.column,
                "value": shortened(cell.value),
                "reason": cell.reason,
            }
            for cell in bad[:_SHOWN]
        ],
        "changes": [_row_to_json(row, written=report.written) for row in changes[:_SHOWN]],
    }


def _row_to_json(row: RowOutcome, *, written: bool) -> JsonObject:
    is_known = written or row.outcome is not Outcome.ADDED
    return {
        "line": row.line,
        "outcome": row.outcome.value,
        "id": row.vehicle.id if is_known else None,
        "text": row.vehicle.text,
        "fields": list(row.fields),
    }
