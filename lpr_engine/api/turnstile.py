"""How many connections there may be, and how long one may stand there without asking."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import Any, Final, cast

from aiohttp import web

from lpr_engine.api.headers import harden
from lpr_engine.api.pace import client_of
from lpr_engine.api.problem import problem

_LOGGER = logging.getLogger(__name__)

# What a connection may take: seconds until a request's head is there, also between requests, so
# that one byte now and then (slowloris) holds nothing; signs of a head; seconds for a rest of a
# body that nobody reads.
_LIMITS: Final[dict[str, Any]] = {
    "keepalive_timeout": 20.0,
    "max_line_size": 8190,
    "max_field_size": 8190,
    "max_headers": 100,
    "lingering_time": 2.0,
    "auto_decompress": False,
    "access_log": None,
}


class Turnstile:
    """Lets connections in up to a number in all; one address gets at most half of them.

    Overflow policy: the newest connection is closed.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._inside: Counter[str] = Counter()
        self._is_full = False

    @property
    def inside(self) -> int:
        """How many connections there are."""
        return self._inside.total()

    def enter(self, client: str) -> bool:
        """Whether there is room for one more of a client."""
        if self.inside >= self._most or self._inside[client] >= self._most // 2:
            self._state_full(full=True)
            return False
        self._inside[client] += 1
        return True

    def leave(self, client: str) -> None:
        """Make room again."""
        self._inside[client] -= 1
        if self._inside[client] <= 0:
            del self._inside[client]
        if self.inside < self._most // 4:
            self._state_full(full=False)

    def _state_full(self, *, full: bool) -> None:
        if full and not self._is_full:
            _LOGGER.warning("HTTP connections are turned away: %d are open", self.inside)
        self._is_full = full


class Visitor(web.RequestHandler):
    """A connection that came through the turnstile."""

    __slots__ = ("_client", "_turnstile")

    def __init__(
        self,
        turnstile: Turnstile,
        server: web.Server,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        super().__init__(server, loop=loop, **_LIMITS)
        self._turnstile = turnstile
        self._client: str | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to listen, if there is room."""
        peer = transport.get_extra_info("peername")
        client = client_of(peer[0] if peer else None)
        if not self._turnstile.enter(client):
            cast("asyncio.Transport", transport).abort()
            return
        self._client = client
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Make room again."""
        if self._client is not None:
            self._turnstile.leave(self._client)
            self._client = None
            super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no request, such as a port scanner's bytes, without filling the log.

        Raises:
            ConnectionError: the connection is of no use any more; it is closed.
        """
        if isinstance(exc, ConnectionError):
            raise exc
        if isinstance(exc, UnicodeError):
            # Aiohttp itself stumbles when it repeats an odd `Expect` header.
            status = 400
        if status < 500:
            _LOGGER.debug("No request came from %s: %r", request.remote, message)
        else:
            _LOGGER.error("A request failed outside of its handler", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("the answer has begun already")
        response = problem("", status)
        harden(response)
        response.force_close()
        return response


def visitor(turnstile: Turnstile, server: web.Server) -> Visitor:
    """The protocol of one new connection; to be called in the event loop."""
    return Visitor(turnstile, server, asyncio.get_running_loop())
