"""Pages of other origins, none of which may call unless the configuration names it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Middleware

from lpr_engine.api.request_id import HEADER
from lpr_engine.api.route import Handler

_METHODS: Final = "GET, HEAD, POST, PUT, PATCH, DELETE"
_SENT: Final = "Authorization, Content-Type, If-Match, If-None-Match, Last-Event-ID, Range"
_SHOWN: Final = f"Content-Disposition, ETag, Location, Retry-After, {HEADER}"
_PREFLIGHT_S: Final = "600"


class Cors:
    """The named origins' pages may call with a key; cookies are not for them.

    Without a named origin no header is sent, and browsers let no foreign page read an answer.
    """

    def __init__(self, origins: Collection[str]) -> None:
        self._origins = frozenset(origins)

    def middleware(self) -> Middleware:
        """Answers what browsers ask before a call of a foreign page (preflight)."""

        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not self._is_preflight(request):
                return await handler(request)
            return web.Response(
                status=204,
                headers={
                    "Access-Control-Allow-Methods": _METHODS,
                    "Access-Control-Allow-Headers": _SENT,
                    "Access-Control-Max-Age": _PREFLIGHT_S,
                },
            )

        return check

    async def tell(self, request: web.BaseRequest, response: web.StreamResponse) -> None:
        """Tell a named origin's page that it may read the answer."""
        if not self._origins:
            return
        # An answer that depends on the origin must not be handed to another one by a cache.
        vary = response.headers.get("Vary")
        response.headers["Vary"] = f"{vary}, Origin" if vary else "Origin"
        origin = request.headers.get("Origin")
        if origin in self._origins:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = _SHOWN

    def _is_preflight(self, request: web.Request) -> bool:
        return (
            request.method == "OPTIONS"
            and "Access-Control-Request-Method" in request.headers
            and request.headers.get("Origin") in self._origins
        )
