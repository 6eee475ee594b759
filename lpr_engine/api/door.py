"""Who may knock at all: host names against DNS rebinding, and what browsers are told."""

from __future__ import annotations

import ipaddress

from aiohttp import web
from aiohttp.typedefs import Middleware

from lpr_engine.api.route import Handler

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
    """A middleware that refuses requests which a foreign web page made up.

    Without a token only requests addressed to a loopback name pass: a web page that points its
    own name at 127.0.0.1 (DNS rebinding) is refused.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        # A request without a Host (a health check by HTTP/1.0) comes from no browser. Aiohttp's
        # own `request.host` would ask the name service then, and stand still meanwhile.
        asked = request.headers.get("Host")
        if token is None and is_loopback(host) and asked and not is_loopback(_name_of(asked)):
            raise web.HTTPForbidden(reason="unknown host name")
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
