"""The route that exports a search: streamed step by step, ended when nobody takes it any more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from aiohttp import web

from lpr_engine.api.asking import ask
from lpr_engine.api.export_chunks import NAME, Chunks, archive_chunks, text_chunks
from lpr_engine.api.export_formats import ExportFormat, format_of
from lpr_engine.api.passage_query import FILTERS, read_filter, text_refused
from lpr_engine.api.problem import RequestError
from lpr_engine.api.route import QUERY, Answer, Parameter, Route
from lpr_engine.model.access import Scope
from lpr_engine.model.clock import Clock
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.errors import LprError, SearchError
from lpr_engine.model.search_ports import PassageFinder

_LOGGER = logging.getLogger(__name__)

_MOST_AT_ONCE = 2
_COME_BACK_S = 30
_STEP_S = 60.0
_TAKEN_WITHIN_S = 60.0
_ZIP = "application/zip"

_FORMAT: Final = Parameter(
    "format",
    {"type": "string", "enum": ["csv", "json", "ndjson"], "default": "csv"},
    "A table for spreadsheets, one JSON array, or a JSON object on each line.",
)
_PICTURES: Final = Parameter(
    "pictures",
    {"type": "boolean", "default": False},
    "Whether to get a ZIP archive that holds the crops and frames, too.",
)


class ExportRoutes:
    """The handler, over what it exports; overflow policy: a third export is sent away with 429."""

    def __init__(self, search: PassageFinder, media_dir: Path, clock: Clock) -> None:
        self._search = search
        self._media_dir = media_dir
        self._clock = clock
        self._running = 0

    def routes(self) -> tuple[Route, ...]:
        """The one route."""
        text: JsonObject = {"type": "string"}
        answers = (
            Answer(200, "All passages that fit, newest first.", text, "text/csv"),
            Answer(200, "The same.", {"type": "array"}, "application/json"),
            Answer(200, "The same.", text, "application/x-ndjson"),
            Answer(200, "The same, with pictures.", text, _ZIP),
        )
        return (
            Route("GET", "/api/v1/passages/export", self.export, Scope.READ, "Export of a search",
                  "passages", answers, (_FORMAT, _PICTURES, *FILTERS), lasting=True),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """None of its own."""
        return {}

    async def export(self, request: web.Request) -> web.StreamResponse:
        """All passages that fit, as a file.

        Raises:
            RequestError: the text cannot be looked for, or too many exports run already.
        """
        if self._running >= _MOST_AT_ONCE:
            raise RequestError(
                f"{_MOST_AT_ONCE} exports run already.",
                status=429,
                code="too_many_exports",
                headers={"Retry-After": str(_COME_BACK_S)},
            )
        self._running += 1
        try:
            return await self._stream(request)
        finally:
            self._running -= 1

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        query = request[QUERY]
        form = format_of(query["format"])
        batches = self._search.walk(read_filter(query))
        chunks = text_chunks(batches, form)
        if query["pictures"]:
            chunks = archive_chunks(batches, form, self._read_picture, self._clock.now())
        try:
            return await _pass_on(request, chunks, _response(form, pictures=query["pictures"]))
        finally:
            # A step that still runs, whoever waited for it, is the last one anyway.
            with suppress(ValueError):
                chunks.close()

    def _read_picture(self, path: str) -> bytes | None:
        with suppress(FileNotFoundError):
            return (self._media_dir.parent / path).read_bytes()
        return None


async def _pass_on(
    request: web.Request, chunks: Chunks, response: web.StreamResponse
) -> web.StreamResponse:
    try:
        # The search's own mistakes come with its first step, while a problem can be told.
        first = [await _next(chunks), await _next(chunks)]
    except SearchError as err:
        raise text_refused(err) from err
    await response.prepare(request)
    try:
        for chunk in first:
            await _write(request, response, chunk or b"")
        while (chunk := await _next(chunks)) is not None:
            await _write(request, response, chunk)
        await response.write_eof()
    except (ConnectionError, asyncio.TimeoutError):
        _LOGGER.info("an export was given up: nobody takes it any more")
        _cut(request)
    except (LprError, OSError) as err:
        # What was sent cannot be taken back, but it can be left plainly unfinished.
        _LOGGER.error("an export broke off: %s", err)
        _cut(request)
    return response


def _response(form: ExportFormat, *, pictures: bool) -> web.StreamResponse:
    suffix = ".zip" if pictures else form.suffix
    response = web.StreamResponse(
        headers={"Content-Disposition": f'attachment; filename="{NAME}{suffix}"'}
    )
    response.content_type = _ZIP if pictures else form.media_type
    if not pictures:
        response.charset = "utf-8"
    return response


async def _next(chunks: Chunks) -> bytes | None:
    return await ask(lambda: next(chunks, None), _STEP_S)


async def _write(request: web.Request, response: web.StreamResponse, chunk: bytes) -> None:
    """Write, or at least notice that nobody is there any more.

    Raises:
        ConnectionError: nobody is.
    """
    if request.transport is None or request.transport.is_closing():
        raise ConnectionResetError
    if chunk:
        await asyncio.wait_for(response.write(chunk), _TAKEN_WITHIN_S)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
