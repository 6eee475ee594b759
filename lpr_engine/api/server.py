"""The HTTP server in its own thread with its own event loop."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent import futures
from typing import TypeAlias

from aiohttp import web

from lpr_engine.api.door import add_security_headers, guard
from lpr_engine.api.entrance import Entrance
from lpr_engine.api.problem import report_problems
from lpr_engine.api.request_id import name_request, tell_request_id
from lpr_engine.api.seats import Seats
from lpr_engine.api.table import RouteTable
from lpr_engine.config.sections import ApiSection
from lpr_engine.model.errors import ApiError

_LOGGER = logging.getLogger(__name__)

_MAX_BODY_BYTES = 64 * 1024
_MAX_SOCKETS = 256
_MAX_SOCKETS_PER_CLIENT = 32
_START_TIMEOUT_S = 10.0
Lifespan: TypeAlias = Callable[[web.Application], AsyncIterator[None]]
"""What runs in the server's loop beside it: up to its `yield` at the start, the rest at the end."""


class ApiServer:
    """Serves the routes until stopped."""

    def __init__(
        self,
        section: ApiSection,
        table: RouteTable,
        entrance: Entrance,
        lifespans: Sequence[Lifespan] = (),
    ) -> None:
        self._section = section
        self._table = table
        self._entrance = entrance
        self._lifespans = tuple(lifespans)
        self._loop = asyncio.new_event_loop()
        self._runner: web.AppRunner | None = None
        self._closing: futures.Future[None] | None = None
        self._thread = threading.Thread(target=self._run, name="api", daemon=True)
        self.port = section.port

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the server."""
        host = self._section.host
        if host == "127.0.0.1":
            host = "localhost"
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def start(self) -> None:
        """Listen.

        Raises:
            ApiError: the address cannot be listened on, such as a port in use.
        """
        self._thread.start()
        listening = asyncio.run_coroutine_threadsafe(self._listen(), self._loop)
        try:
            listening.result(_START_TIMEOUT_S)
        except (OSError, OverflowError, UnicodeError, futures.TimeoutError) as err:
            self.stop()
            where = f"{self._section.host}:{self._section.port}"
            raise ApiError(f"cannot listen on {where}: {_reason(err)}") from err

    def stop_soon(self) -> None:
        """Begin to close all connections; `stop` waits for the end of that."""
        if self._closing is None and self._thread.is_alive():
            self._closing = asyncio.run_coroutine_threadsafe(self._close(), self._loop)

    def stop(self, timeout_s: float = 0.8) -> None:
        """Close all connections and end the thread."""
        self.stop_soon()
        if self._closing is None:
            return
        try:
            self._closing.result(timeout_s)
        except futures.TimeoutError:
            _LOGGER.warning("HTTP connections did not close in time")
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout_s)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()

    async def _listen(self) -> None:
        guards = [name_request, report_problems, guard(self._section.host, self._section.token)]
        app = web.Application(middlewares=guards, client_max_size=_MAX_BODY_BYTES)
        app.on_response_prepare.extend((add_security_headers, tell_request_id))
        app.cleanup_ctx.extend(self._lifespans)
        seats = Seats(_MAX_SOCKETS, _MAX_SOCKETS_PER_CLIENT)
        app.on_shutdown.append(seats.dismiss_all)
        self._table.register(app, self._entrance, seats)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._section.host, self._section.port)
        await site.start()
        self.port = int(self._runner.addresses[0][1])

    async def _close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()


def _reason(error: Exception) -> str:
    """The system's words for its own errors, which asyncio wraps into a long sentence."""
    if isinstance(error, OSError) and error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return str(error) or "no answer"
