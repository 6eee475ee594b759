"""Requests that last, such as WebSockets: how many at once, and how they are sent home."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from aiohttp import WSCloseCode, web

from lpr_engine.api.conversation import CONVERSATION
from lpr_engine.api.problem import RequestError
from lpr_engine.api.route import PRINCIPAL
from lpr_engine.api.sockets import SOCKET

UNWELCOME: Final = 4401
"""The close code of a socket whose session or key has ended."""

_FAREWELL_S = 0.3
_COME_BACK_S = 30


class Seats:
    """A bounded number of lasting requests, of all and of each who asks.

    Overflow policy: whoever comes when all seats are taken is sent away with 429.
    """

    def __init__(self, total: int, per_client: int) -> None:
        self._total = total
        self._per_client = per_client
        # By identity: to aiohttp a request is a mapping, which has no hash.
        self._taken: dict[int, web.Request] = {}
        self._of_client: Counter[tuple[object, str]] = Counter()

    @property
    def taken(self) -> int:
        """How many lasting requests there are now."""
        return len(self._taken)

    @contextmanager
    def seat(self, request: web.Request) -> Iterator[None]:
        """Count the request as lasting meanwhile.

        Raises:
            RequestError: too many last already.
        """
        principal = request[PRINCIPAL]
        client = principal.kind, principal.name
        if len(self._taken) >= self._total or self._of_client[client] >= self._per_client:
            raise RequestError(
                "Too many streams are open.",
                status=429,
                code="too_many_streams",
                headers={"Retry-After": str(_COME_BACK_S)},
            )
        self._taken[id(request)] = request
        self._of_client[client] += 1
        try:
            yield
        finally:
            del self._taken[id(request)]
            self._of_client[client] -= 1
            self._of_client += Counter()

    async def dismiss_all(self, _app: web.Application) -> None:
        """Tell everybody that the server goes."""
        goodbyes = [dismiss(request, WSCloseCode.GOING_AWAY) for request in self._taken.values()]
        await asyncio.gather(*goodbyes)


async def dismiss(request: web.Request, code: int) -> None:
    """End a lasting request, a socket with a code; whoever does not answer is not waited for."""
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(_say_goodbye(request, code), _FAREWELL_S)
    if request.transport is not None:
        request.transport.close()


async def _say_goodbye(request: web.Request, code: int) -> None:
    conversation, socket = request.get(CONVERSATION), request.get(SOCKET)
    if conversation is not None:
        await conversation.dismiss(code)
    elif socket is not None:
        await socket.close(code=code)
