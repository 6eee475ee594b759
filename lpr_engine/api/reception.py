"""What happens to a request between its route and its handler: who asks, may they, and what."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiohttp import web

from lpr_engine.api.body import read_body
from lpr_engine.api.entrance import Entrance
from lpr_engine.api.plain_text import is_plain
from lpr_engine.api.problem import RequestError
from lpr_engine.api.query import QueryForm, typed
from lpr_engine.api.route import BODY, JSON, PRINCIPAL, QUERY, ROUTE, Route
from lpr_engine.api.seats import UNWELCOME, Seats, dismiss
from lpr_engine.api.sockets import refuse_foreign_pages
from lpr_engine.api.validation import Validator
from lpr_engine.model.access import Principal, PrincipalKind
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.errors import LprError

_ASK_AGAIN_S = 3.0


class Reception:
    """Receives one route's requests."""

    def __init__(
        self, route: Route, entrance: Entrance, seats: Seats, named: Mapping[str, JsonObject]
    ) -> None:
        self._route = route
        self._entrance = entrance
        self._seats = seats
        self._query = QueryForm(route.parameters, named)
        self._values = {one.name: (one, Validator(one.schema, named)) for one in route.values}
        self._body = Validator(route.body.schema, named) if route.body else None

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Admit the request, read it and hand it to the route's handler.

        Raises:
            RequestError: it is not as the route takes it.
            web.HTTPException: whoever asks may not, or a value in the path names nothing.
        """
        request[ROUTE] = self._route
        await self._admit(request)
        if not all(self._fits(name, text) for name, text in request.match_info.items()):
            raise web.HTTPNotFound
        request[QUERY] = self._query.read(request.query)
        await self._read(request)
        if self._route.lasting or self._route.websocket:
            return await self._stay(request)
        return await self._route.handler(request)

    async def _stay(self, request: web.Request) -> web.StreamResponse:
        if self._route.websocket and request[PRINCIPAL].kind is PrincipalKind.ACCOUNT:
            refuse_foreign_pages(request)
        with self._seats.seat(request):
            watch = asyncio.create_task(self._watch(request))
            try:
                return await self._route.handler(request)
            finally:
                watch.cancel()

    async def _watch(self, request: web.Request) -> None:
        """Send a lasting request home once its session, key or right has ended."""
        while True:
            await asyncio.sleep(_ASK_AGAIN_S)
            if not await self._is_welcome(request):
                await dismiss(request, UNWELCOME)
                return

    async def _is_welcome(self, request: web.Request) -> bool:
        needs = self._route.needs
        try:
            principal = await self._entrance.principal(request)
        except (web.HTTPException, RequestError):
            return False
        except (LprError, asyncio.TimeoutError):
            # Nobody can tell now, as while the disk is busy; asked again soon.
            return True
        return principal is not None and needs is not None and principal.may(needs)

    async def _admit(self, request: web.Request) -> None:
        needs = self._route.needs
        principal = await self._who(request)
        if principal is not None:
            request[PRINCIPAL] = principal
        if needs is None:
            return
        if principal is None:
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
        if not principal.may(needs):
            raise RequestError(f"This needs the scope {needs.value}.", status=403)

    async def _who(self, request: web.Request) -> Principal | None:
        try:
            return await self._entrance.principal(request)
        except (web.HTTPException, RequestError):
            # A session that has ended keeps nobody from a public route, such as signing in.
            if self._route.needs is None:
                return None
            raise

    def _fits(self, name: str, text: str) -> bool:
        if name not in self._values:
            return is_plain(text)
        value, validator = self._values[name]
        return is_plain(text) and not validator.faults(typed(value.schema, [text]), name)

    async def _read(self, request: web.Request) -> None:
        body = self._route.body
        if body is None or self._body is None:
            return
        # Asked before it is read: of what was read nothing is left to read.
        is_there = request.can_read_body
        request[BODY] = value = await read_body(request, body)
        if body.media_type == JSON and is_there and not body.streamed:
            faults = self._body.faults(value, "body")
            if faults:
                raise RequestError("The body is not as this route takes it.", faults)
