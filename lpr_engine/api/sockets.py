"""WebSockets that notice when the other end is gone."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from lpr_engine.api.problem import RequestError

SOCKET: Final = web.RequestKey("socket", web.WebSocketResponse)

_HEARTBEAT_S = 20.0
_MAX_MESSAGE_BYTES = 64 * 1024


async def open_socket(request: web.Request) -> web.WebSocketResponse:
    """The socket of a `websocket` route's request; it ends when pings stay unanswered.

    Raises:
        web.HTTPBadRequest: the request asks for no WebSocket.
    """
    socket = web.WebSocketResponse(
        heartbeat=_HEARTBEAT_S, max_msg_size=_MAX_MESSAGE_BYTES, compress=False
    )
    await socket.prepare(request)
    request[SOCKET] = socket
    return socket


def refuse_foreign_pages(request: web.Request) -> None:
    """Refuse a socket that a page of another origin opens; browsers ask nobody before it.

    Raises:
        RequestError: the page is of another origin.
    """
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("Host"):
        raise RequestError("This page may not open sockets here.", status=403)
