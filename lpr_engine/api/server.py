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

from lpr_engine.api.caller import TrustedProxies
from lpr_engine.api.cors import Cors
from lpr_engine.api.entrance import Entrance
from lpr_engine.api.headers import add_security_headers
from lpr_engine.api.hosts import guard
from lpr_engine.api.metrics import Metrics
from lpr_engine.api.pace import TokenBuckets, keep_pace
from lpr_engine.api.problem import report_problems
from lpr_engine.api.request_id import name_request, tell_request_id
from lpr_engine.api.seats import Seats
from lpr_engine.api.table import RouteTable
from lpr_engine.api.tls import Certificate
from lpr_engine.api.turnstile import Turnstile, visitor
from lpr_engine.api.yielding import yielding_threads
from lpr_engine.config.sections import ApiSection
from lpr_engine.model.clock import SystemClock
from lpr_engine.model.errors import ApiError

_LOGGER = logging.getLogger(__name__)

_START_TIMEOUT_S = 10.0
_HANDSHAKE_S = 10.0
_ANSWER_OUT_S = 0.5
_LEFT_OVER_S = 0.2

Lifespan: TypeAlias = Callable[[web.Application], AsyncIterator[None]]
"""What runs in the server's loop beside it: up to its `yield` at the start, the rest at the end."""


class ApiServer:
    """Serves the routes until stopped."""

    def __init__(
        self,
        section: ApiSection,
        table: RouteTable,
        entrance: Entrance,
        metrics: Metrics,
        lifespans: Sequence[Lifespan] = (),
    ) -> None:
        self._section = section
        self._table = table
        self._entrance = entrance
        self._metrics = metrics
        self._lifespans = list(lifespans)
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(yielding_threads())
        self._runner: web.AppRunner | None = None
        self._listener: asyncio.Server | None = None
        self._closing: futures.Future[None] | None = None
        self._thread = threading.Thread(target=self._run, name="api", daemon=True)
        self.port = section.port

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the server."""
        host = self._section.host
        if host == "127.0.0.1":
            host = "localhost"
        scheme = "https" if self._section.tls_certificate else "http"
        return (
            f"{scheme}://[{host}]:{self.port}" if ":" in host else f"{scheme}://{host}:{self.port}"
        )

    def start(self) -> None:
        """Listen.

        Raises:
            ApiError: the address cannot be listened on, such as a port in use, or the TLS
                certificate cannot be used.
        """
        self._thread.start()
        listening = asyncio.run_coroutine_threadsafe(self._listen(), self._loop)
        try:
            listening.result(_START_TIMEOUT_S)
        except ApiError:
            self.stop()
            raise
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
        if self._closing is None or not self._thread.is_alive():
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
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        if left:
            self._loop.run_until_complete(asyncio.wait(left, timeout=_LEFT_OVER_S))
        self._loop.close()

    async def _listen(self) -> None:
        section, turnstile = self._section, Turnstile(self._section.connections)
        certificate = self._certificate()
        self._runner = web.AppRunner(self._application(), shutdown_timeout=_ANSWER_OUT_S)
        await self._runner.setup()
        server = self._runner.server
        assert server is not None  # noqa: S101 - what `setup` makes
        self._listener = await self._loop.create_server(
            lambda: visitor(turnstile, server),
            section.host,
            section.port,
            ssl=certificate.context if certificate else None,
            ssl_handshake_timeout=_HANDSHAKE_S if certificate else None,
            reuse_address=os.name == "posix",
        )
        self.port = int(self._listener.sockets[0].getsockname()[1])

    def _certificate(self) -> Certificate | None:
        chain, key = self._section.tls_certificate, self._section.tls_key
        if chain is None or key is None:
            return None
        certificate = Certificate(chain, key)
        self._lifespans.append(certificate.lifespan)
        return certificate

    def _application(self) -> web.Application:
        section = self._section
        cors = Cors(section.cors_origins)
        seats = Seats(section.sockets, section.sockets_per_client)
        middlewares = (
            name_request,
            self._metrics.measure,
            report_problems,
            TrustedProxies(section.trusted_proxies).middleware(),
            keep_pace(TokenBuckets(SystemClock(), section.requests_per_second)),
            guard(section.host, is_proxied=bool(section.token or section.trusted_proxies)),
            cors.middleware(),
        )
        app = web.Application(middlewares=middlewares)
        app.on_response_prepare.extend((add_security_headers, cors.tell, tell_request_id))
        app.on_shutdown.append(seats.dismiss_all)
        app.cleanup_ctx.extend(self._lifespans)
        self._table.register(app, self._entrance, seats)
        return app

    async def _close(self) -> None:
        if self._listener is not None:
            self._listener.close()
        if self._runner is not None:
            await self._runner.cleanup()


def _reason(error: Exception) -> str:
    """The system's words for its own errors, which asyncio wraps into a long sentence."""
    if isinstance(error, OSError) and error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return str(error) or "no answer"
