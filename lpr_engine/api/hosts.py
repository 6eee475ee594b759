"""Host names that requests may be addressed to, against web pages that rebind their own name."""

from __future__ import annotations

import ipaddress

from aiohttp import web
from aiohttp.typedefs import Middleware

from lpr_engine.api.problem import RequestError
from lpr_engine.api.route import Handler


def is_loopback(host: str) -> bool:
    """Whether an address or name means this machine and is reachable from it only."""
    host = host.lower().removesuffix(".")
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def guard(host: str, *, is_proxied: bool) -> Middleware:
    """A middleware that refuses requests which a foreign web page made up.

    A door on loopback is meant for this machine alone: only requests addressed to a loopback name
    pass, so a page that points its own name at 127.0.0.1 (DNS rebinding) cannot even try a
    password. Where a reverse proxy may stand before it, it has that one's names.
    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        # A request without a Host (a health check by HTTP/1.0) comes from no browser. Aiohttp's
        # own `request.host` would ask the name service then, and stand still meanwhile.
        asked = request.headers.get("Host")
        if not is_proxied and is_loopback(host) and asked and not is_loopback(_name_of(asked)):
            raise RequestError("The host name is not this machine's.", status=403)
        return await handler(request)

    return check


def _name_of(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]
