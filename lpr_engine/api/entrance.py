"""Who comes in: the port behind which accounts, keys and sessions live."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web

from lpr_engine.model.access import SCOPES_OF_ROLE, Principal, PrincipalKind, Role


class Entrance(Protocol):
    """Tells who asks."""

    async def principal(self, request: web.Request) -> Principal | None:
        """Who asks, None for nobody; `request[ROUTE]` tells what is asked for.

        Raises:
            web.HTTPException: what was shown to prove it is wrong, or must not be used like
                this, such as a session whose request lacks its CSRF token.
        """
        ...


@dataclass(frozen=True, slots=True)
class TokenEntrance:
    """Knows one bearer token, which may look at everything and change nothing."""

    token: str | None = field(repr=False)

    async def principal(self, request: web.Request) -> Principal | None:
        """Who holds the token."""
        shown = request.headers.get("Authorization", "")
        if self.token is None or not shown:
            return None
        if not hmac.compare_digest(
            shown.encode("utf-8", "replace"), b"Bearer " + self.token.encode()
        ):
            return None
        return Principal("token", PrincipalKind.TOKEN, SCOPES_OF_ROLE[Role.VIEWER])
