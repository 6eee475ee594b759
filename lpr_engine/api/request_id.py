"""A name for each request, which its problem, its log lines and its answer's header repeat."""

from __future__ import annotations

import logging
import secrets
import time
from contextvars import ContextVar
from typing import Final

from aiohttp import web

from lpr_engine.api.route import Handler

_LOGGER = logging.getLogger(__name__)

REQUEST_ID: Final = web.RequestKey("request_id", str)
HEADER: Final = "X-Request-Id"

_CURRENT: ContextVar[str | None] = ContextVar("request_id", default=None)


class RequestIdFilter(logging.Filter):
    """Tells a log's format, as `%(request)s`, on behalf of which request something is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        request_id = _CURRENT.get()
        record.request = "" if request_id is None else f" (request {request_id})"
        return True


@web.middleware
async def name_request(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request an id of our own; one from outside could forge another's log lines."""
    request[REQUEST_ID] = secrets.token_hex(8)
    # Each request has a task of its own, and a task a context of its own.
    _CURRENT.set(request[REQUEST_ID])
    began_s = time.perf_counter()
    response = await handler(request)
    took_ms = (time.perf_counter() - began_s) * 1000
    # Never the query, which may hold a signature.
    _LOGGER.debug("%s %r: %d in %.0f ms", request.method, request.path, response.status, took_ms)
    return response


async def tell_request_id(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Repeat the id in the answer."""
    if REQUEST_ID in request:
        response.headers[HEADER] = request[REQUEST_ID]
