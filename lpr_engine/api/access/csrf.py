"""Requests that a browser proves by itself, by cookie or ingress, must come from our own page.

Whoever sends an API key or token in a header was told to; a browser sends cookies whoever asks.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from lpr_engine.api.problem import RequestError
from lpr_engine.api.route import ROUTE

HEADER: Final = "X-CSRF-Token"
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_USUAL_PORTS: Final = {"http": 80, "https": 443}


def csrf_token(secret: bytes, purpose: str) -> str:
    """What our own page repeats; from it the secret cannot be found."""
    digest = hmac.digest(secret, f"csrf {purpose}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def check_own_page(request: web.Request, token: str, hosts: Collection[str]) -> None:
    """Let pass what only looks, and what our own page sends; `hosts` is how browsers call us.

    A page cannot add headers to a WebSocket, so there the browser's word for its origin counts.

    Raises:
        RequestError: another page sent it, or none that knows the token.
    """
    route = request.get(ROUTE)
    is_socket = route is not None and route.websocket
    if request.method in _SAFE_METHODS and not is_socket:
        return
    check_origin(request, hosts)
    if is_socket and "Origin" in request.headers:
        return
    shown = request.headers.get(HEADER, "")
    if not hmac.compare_digest(shown.encode("utf-8", "replace"), token.encode()):
        raise RequestError(
            f"The header {HEADER} must hold the csrf_token of /api/v1/me.",
            status=403,
            code="csrf_refused",
        )


def check_origin(request: web.Request, hosts: Collection[str]) -> None:
    """Refuse what a page of another origin sends.

    Raises:
        RequestError: the browser says that one did.
    """
    origin = request.headers.get("Origin")
    if origin is not None and not any(_same_place(origin, host) for host in hosts):
        raise RequestError("A page of another origin sent this.", status=403, code="csrf_refused")


def _same_place(origin: str, host: str) -> bool:
    """Compared without the scheme, which a proxy in front of us may have changed."""
    try:
        theirs = urlsplit(origin)
        ours = urlsplit(f"{theirs.scheme}://{host}")
        ports = theirs.port, ours.port
    except ValueError:
        return False
    usual = _USUAL_PORTS.get(theirs.scheme)
    if usual is None or not theirs.hostname or theirs.username is not None:
        return False
    return theirs.hostname == ours.hostname and (ports[0] or usual) == (ports[1] or usual)
