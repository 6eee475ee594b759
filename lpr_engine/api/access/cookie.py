"""The session's cookie, which no script reads and no other site sends."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from lpr_engine.api.caller import caller_of
from lpr_engine.model.account import SESSION_LIFETIME


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """Named after nothing but a random suffix: cookies do not tell ports of one host apart."""

    suffix: str

    def read(self, request: web.Request) -> str | None:
        """The token that the request's cookie holds."""
        return request.cookies.get(self._name(request)) or None

    def set(self, request: web.Request, response: web.StreamResponse, token: str) -> None:
        """Have the browser keep the token until its session is over at the latest."""
        response.set_cookie(
            self._name(request),
            token,
            max_age=int(SESSION_LIFETIME.total_seconds()),
            path="/",
            secure=caller_of(request).is_secure,
            httponly=True,
            samesite="Strict",
        )

    def clear(self, request: web.Request, response: web.StreamResponse) -> None:
        """Have the browser forget it."""
        response.del_cookie(
            self._name(request),
            path="/",
            secure=caller_of(request).is_secure,
            httponly=True,
            samesite="Strict",
        )

    def _name(self, request: web.Request) -> str:
        # The prefix has browsers refuse it from other hosts and from connections without TLS.
        return f"{'__Host-' if caller_of(request).is_secure else ''}lpr_session_{self.suffix}"
