"""A name for each request, which its problem, its log lines and its answer's header repeat."""

from __future__ import annotations

import secrets
from typing import Final

from aiohttp import web

from lpr_engine.api.route import Handler

REQUEST_ID: Final = web.RequestKey("request_id", str)
HEADER: Final = "X-Request-Id"


@web.middleware
async def name_request(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request an id of our own; one from outside could forge another's log lines."""
    request[REQUEST_ID] = secrets.token_hex(8)
    return await handler(request)


async def tell_request_id(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Repeat the id in the answer."""
    if REQUEST_ID in request:
        response.headers[HEADER] = request[REQUEST_ID]
