"""What every answer tells browsers: to neither guess, frame, lend nor keep what they get."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from lpr_engine.api.route import ROUTE

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""For pages of our own: nothing inline, nothing from elsewhere; Home Assistant may frame them
where it passes them on as its own (ingress)."""

_SERVER = "lpr-engine"
# No Strict-Transport-Security: it would hold for every other port of the host, too.
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


async def add_security_headers(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Set what the handler left open."""
    route = request.get(ROUTE)
    if route is not None and route.linkable:
        # A signed URL is made to be shown in a page of another origin, as in a dashboard.
        response.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
    harden(response)


def harden(response: web.StreamResponse) -> None:
    """Set what is still open in any answer, and tell no more of the server than its name."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = _SERVER
