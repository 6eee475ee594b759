"""Who comes in: the port behind which accounts, keys and sessions live."""

from __future__ import annotations

from typing import Protocol

from aiohttp import web

from lpr_engine.model.access import Principal


class Entrance(Protocol):
    """Tells who asks."""

    async def principal(self, request: web.Request) -> Principal | None:
        """Who asks, None for nobody; `request[ROUTE]` tells what is asked for.

        Raises:
            web.HTTPException: what was shown to prove it is wrong, or must not be used like
                this, such as a session whose request lacks its CSRF token.
        """
        ...
