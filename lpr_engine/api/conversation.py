"""What goes on over one WebSocket: something talks, the client is heard, and either may end it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket as sockets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from aiohttp import WSMsgType, web

from lpr_engine.api.sockets import open_socket
from lpr_engine.api.winding_up import wind_up

_LOGGER = logging.getLogger(__name__)

_SEND_BUFFER_BYTES = 128 * 1024
"""What lies in buffers is old before it arrives, so there is little room in them."""
_WRITE_BUFFER_BYTES = 32 * 1024
_GOODBYE_S = 1.0
_FLUSH_S = 5.0


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a socket ends: a close code (RFC 6455, or ours from 4400 on), and in words."""

    code: int
    reason: str = ""


DONE: Final = Ending(1000)
FAILED: Final = Ending(1011, "the engine failed, see its log")
TOO_SLOW: Final = Ending(1013, "too slow: too much waited to be sent")
UNEXPECTED: Final = Ending(4400, "nothing is expected here")
SILENT: Final = Ending(4408, "nothing was asked for in time")


Talk: TypeAlias = "Callable[[Conversation], Awaitable[None]]"


class Conversation:
    """Ends once, for the first reason that comes up."""

    def __init__(
        self, response: web.WebSocketResponse, transport: asyncio.Transport, expected: int
    ) -> None:
        self._response = response
        self._transport = transport
        self._expected = expected
        self._inbox: asyncio.Queue[str] = asyncio.Queue()
        self._over = asyncio.Event()
        self._ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()

    async def send_text(self, message: bytes) -> None:
        """Send UTF-8; waits while the client does not keep up.

        Raises:
            ConnectionError: it is gone.
        """
        await self._response.send_frame(message, WSMsgType.TEXT)

    async def send_binary(self, message: bytes) -> None:
        """Send bytes; waits while the client does not keep up.

        Raises:
            ConnectionError: it is gone.
        """
        await self._response.send_frame(message, WSMsgType.BINARY)

    async def message(self, within_s: float) -> str:
        """What the client says next.

        Raises:
            asyncio.TimeoutError: nothing came in time.
        """
        return await asyncio.wait_for(self._inbox.get(), within_s)

    def end(self, ending: Ending) -> None:
        """Let it end; only the first reason counts."""
        if not self._ended.done():
            self._ended.set_result(ending)

    async def dismiss(self, code: int) -> None:
        """Let it end, and wait until the client was told and has answered, or will not."""
        self.end(Ending(code))
        await self._over.wait()

    async def hold(self, talk: Talk) -> None:
        """Let something talk until either side has had enough."""
        jobs = [asyncio.create_task(self._listen()), asyncio.create_task(self._let(talk))]
        try:
            ending = await self._ended
        finally:
            await wind_up(*jobs)
            # A client that reads slowly may still get what is on its way, but not for ever.
            asyncio.get_running_loop().call_later(_FLUSH_S, self._transport.abort)
        await self._say_goodbye(ending)
        self._over.set()

    async def _listen(self) -> None:
        """Take what the client says until it is gone, or says more than anybody waits for."""
        message = await self._response.receive()
        while message.type is WSMsgType.TEXT and self._expected > 0:
            self._expected -= 1
            self._inbox.put_nowait(message.data)
            message = await self._response.receive()
        self.end(UNEXPECTED if message.type in {WSMsgType.TEXT, WSMsgType.BINARY} else DONE)

    async def _let(self, talk: Talk) -> None:
        try:
            await talk(self)
        except ConnectionError:
            pass
        except Exception:
            # Outermost of a client's conversation.
            _LOGGER.exception("A WebSocket failed")
            self.end(FAILED)
        self.end(DONE)

    async def _say_goodbye(self, ending: Ending) -> None:
        if self._response.closed:
            return
        words = ending.reason.encode()
        with contextlib.suppress(ConnectionError, asyncio.TimeoutError):
            await asyncio.wait_for(
                self._response.close(code=ending.code, message=words), _GOODBYE_S
            )


CONVERSATION: Final = web.RequestKey("conversation", Conversation)


async def converse(request: web.Request, talk: Talk, expected: int = 0) -> web.WebSocketResponse:
    """Open the socket of a `websocket` route's request and let something talk on it.

    The client may say `expected` messages; whoever says more is not understood.

    Raises:
        web.HTTPBadRequest: the request asks for no WebSocket.
    """
    response = await open_socket(request)
    transport = request.transport
    if transport is not None:
        transport.set_write_buffer_limits(_WRITE_BUFFER_BYTES)
        plain = transport.get_extra_info("socket")
        plain.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, _SEND_BUFFER_BYTES)
        request[CONVERSATION] = conversation = Conversation(response, transport, expected)
        await conversation.hold(talk)
    return response
