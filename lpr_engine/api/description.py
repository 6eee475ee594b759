"""The OpenAPI document, and a page on which people read it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from aiohttp import web

from lpr_engine.api.answer import tagged
from lpr_engine.api.headers import PAGE_POLICY
from lpr_engine.api.openapi import describe
from lpr_engine.api.route import Answer, Parameter, Route
from lpr_engine.api.table import RouteTable
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.wire import encode

_TAG = "documentation"
_TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_FILES: Final = ("docs.css", "docs.js", "examples.js", "icon.svg", "schema.js")
_HELD = Answer(304, "It has not changed since the `ETag` in `If-None-Match`.")


class DescriptionRoutes:
    """The handlers, over the table that they describe and are part of."""

    def __init__(self, table: RouteTable, version: str) -> None:
        self._table = table
        self._version = version
        self._document: bytes | None = None

    def routes(self) -> tuple[Route, ...]:
        """The document for programs, the page for people; neither holds a secret."""
        document = Answer(200, "The document.", {"type": "object"})
        page = Answer(200, "The page.", {"type": "string"}, "text/html")
        files = tuple(
            Answer(200, "The file.", {"type": "string"}, kind)
            for kind in ("text/css", "text/javascript", "image/svg+xml")
        )
        name = Parameter("file", {"type": "string", "enum": list(_FILES)}, "The file's name.")
        return (
            Route("GET", "/api/v1/openapi.json", self.document, None, "The OpenAPI document",
                  _TAG, (document, _HELD)),
            Route("GET", "/api/docs", self.page, None, "The document, to read",
                  _TAG, (page, _HELD)),
            Route("GET", "/api/docs/{file}", self.file, None, "What that page consists of",
                  _TAG, (*files, _HELD), values=(name,)),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """None of its own."""
        return {}

    async def document(self, request: web.Request) -> web.Response:
        """All routes of the door, made at the first time of asking."""
        if self._document is None:
            self._document = encode(describe(self._table, self._version))
        return tagged(request, self._document, "application/json", {"Cache-Control": "no-cache"})

    async def page(self, request: web.Request) -> web.Response:
        """The page, which fetches the document."""
        return _page(request, "docs.html")

    async def file(self, request: web.Request) -> web.Response:
        """A part of the page."""
        return _page(request, request.match_info["file"])


def _page(request: web.Request, name: str) -> web.Response:
    headers = {"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache"}
    kind = _TYPES[name[name.rindex(".") :]]
    return tagged(request, _bundled(name), kind, headers)


@cache
def _bundled(name: str) -> bytes:
    return (resources.files("lpr_engine.api") / "pages" / name).read_bytes()
