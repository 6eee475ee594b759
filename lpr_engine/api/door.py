"""Who may knock at all: host names against DNS rebinding, and a bearer token beyond loopback."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_OPEN_PATHS = frozenset({"/healthz"})
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def is_loopback(host: str) -> bool:
    """Whether an address or name means this machine and is reachable from it only."""
    host = host.lower().removesuffix(".")
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def guard(host: str, token: str | None) -> Middleware:
    """A middleware that lets in what is meant to come in.

    Without a token only requests addressed to a loopback name pass: a web page that points its
    own name at 127.0.0.1 (DNS rebinding) is refused. With a token every path but `/healthz`
    needs `Authorization: Bearer <token>`.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        # A request without a Host (a health check by HTTP/1.0) comes from no browser. Aiohttp's
        # own `request.host` would ask the name service then, and stand still meanwhile.
        asked = request.headers.get("Host")
        if token is None and is_loopback(host) and asked and not is_loopback(_name_of(asked)):
            raise web.HTTPForbidden(reason="unknown host name")
        if token is not None and request.path not in _OPEN_PATHS:
            _require(request.headers.get("Authorization", ""), token)
        return await handler(request)

    return check


async def add_security_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Tell browsers to neither guess, frame nor keep what they get."""
    for name, value in _SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)


def _name_of(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _require(header: str, token: str) -> None:
    if not hmac.compare_digest(header.encode(), f"Bearer {token}".encode()):
        raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
