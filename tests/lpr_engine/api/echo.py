"""A group of routes for tests that answers what it was handed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any, cast

from aiohttp import web

from lpr_engine.api.answer import json_answer
from lpr_engine.api.route import (
    BODY,
    PRINCIPAL,
    QUERY,
    Answer,
    Body,
    Parameter,
    Route,
    reference,
)
from lpr_engine.api.sockets import open_socket
from lpr_engine.model.access import Scope

OK = (Answer(200, "What came."),)
THING = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 10, "pattern": "^[a-z]+$"},
        "secret": {"type": "string", "minLength": 12, "writeOnly": True},
        "count": {"type": "integer", "minimum": 0, "maximum": 100},
        "when": {"type": "string", "format": "date-time"},
        "inner": {"type": "array", "items": reference("Inner"), "maxItems": 3},
    },
}
INNER = {"type": "object", "required": ["share"], "properties": {"share": {"type": "number"}}}
QUERIES = (
    Parameter("count", {"type": "integer", "minimum": 1, "maximum": 9, "default": 3}),
    Parameter("share", {"type": "number", "maximum": 1}),
    Parameter("flag", {"type": "boolean"}),
    Parameter("word", {"type": "string", "pattern": "^[a-z]+$"}),
    Parameter("since", {"type": "string", "format": "date-time"}),
    Parameter("cameras", {"type": "array", "items": {"type": "string"}, "maxItems": 2}),
)


class Echo:
    """The handlers; `heard` is what came over sockets."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def routes(self) -> tuple[Route, ...]:
        big = Body({"type": "string"}, media_type="text/csv", limit_bytes=100_000)
        stream = Body({}, media_type="application/zip", limit_bytes=300_000, streamed=True)
        number = Parameter("number", {"type": "integer", "maximum": 99})
        return (
            Route("GET", "/query", self.query, Scope.READ, "q", "t", OK, QUERIES),
            Route("GET", "/open", self.who, None, "o", "t", OK),
            Route("GET", "/things/{number}/{rest}", self.path, Scope.READ, "p", "t", OK,
                  values=(number,)),
            Route("POST", "/things", self.body, Scope.OPERATE, "b", "t", OK,
                  body=Body(reference("Thing"))),
            Route("POST", "/maybe", self.body, Scope.OPERATE, "m", "t", OK,
                  body=Body(reference("Thing"), required=False)),
            Route("POST", "/csv", self.text, Scope.OPERATE, "c", "t", OK, body=big),
            Route("POST", "/zip", self.chunks, Scope.ADMIN, "z", "t", OK, body=stream),
            Route("GET", "/picture", self.who, Scope.READ, "i", "t", OK, linkable=True),
            Route("GET", "/stream", self.stream, Scope.READ, "s", "t", OK, lasting=True),
            Route("GET", "/socket", self.socket, Scope.READ, "w", "t", OK, websocket=True),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, dict[str, Any]]:
        return {"Thing": THING, "Inner": INNER}

    async def query(self, request: web.Request) -> web.Response:
        return json_answer(request[QUERY])

    async def who(self, request: web.Request) -> web.Response:
        known = request.get(PRINCIPAL)
        return json_answer({"name": known.name if known else None})

    async def path(self, request: web.Request) -> web.Response:
        return json_answer(dict(request.match_info))

    async def body(self, request: web.Request) -> web.Response:
        return json_answer({"body": request[BODY]})

    async def text(self, request: web.Request) -> web.Response:
        return json_answer({"bytes": len(cast("bytes", request[BODY]))})

    async def chunks(self, request: web.Request) -> web.Response:
        total = 0
        async for chunk in cast("AsyncIterator[bytes]", request[BODY]):
            total += len(chunk)
        return json_answer({"bytes": total})

    async def stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 1000)
            await asyncio.sleep(0.02)

    async def socket(self, request: web.Request) -> web.StreamResponse:
        socket = await open_socket(request)
        async for message in socket:
            self.heard.append(message.data)
            await socket.send_str(f"heard {message.data}")
        return socket
