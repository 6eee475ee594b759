"""What a request proved who asks with, and the lasting requests to end when that ends."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from lpr_engine.api.access.ingress import IngressUser
from lpr_engine.api.seats import UNWELCOME, dismiss
from lpr_engine.model.account import ApiKey, Session


@dataclass(frozen=True, slots=True)
class Badge:
    """One of a session, a key or an ingress user; with an account's session, its CSRF token."""

    session: Session | None = None
    key: ApiKey | None = None
    ingress: IngressUser | None = None
    csrf_token: str | None = field(default=None, repr=False)

    @property
    def account_id(self) -> str | None:
        """Whose it is."""
        holder = self.session or self.key
        return None if holder is None else holder.account_id


BADGE: Final = web.RequestKey("badge", Badge)


def badge_of(request: web.Request) -> Badge:
    """What the request proved; an empty badge for a configured token, a link, or nothing."""
    return request[BADGE] if BADGE in request else Badge()


class Guests:
    """Lasting requests that came in with a badge."""

    def __init__(self) -> None:
        # By identity: requests are mappings, and as such no members of sets.
        self._present: weakref.WeakValueDictionary[int, web.Request]
        self._present = weakref.WeakValueDictionary()

    def note(self, request: web.Request) -> None:
        """Remember a request that lasts."""
        self._present[id(request)] = request

    async def send_home(self, is_unwelcome: Callable[[Badge], bool]) -> None:
        """End the lasting requests whose badge no longer counts."""
        present = list(self._present.values())
        leaving = [request for request in present if is_unwelcome(badge_of(request))]
        await asyncio.gather(*(dismiss(request, UNWELCOME) for request in leaving))
