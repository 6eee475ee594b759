"""The porter: from a request to who asks, by all that can prove it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from lpr_engine.api.access.cookie import SessionCookie
from lpr_engine.api.access.csrf import check_own_page, csrf_token
from lpr_engine.api.access.guests import BADGE, Badge, Guests
from lpr_engine.api.access.ingress import Ingress, IngressUser
from lpr_engine.api.access.links import LinkSigner
from lpr_engine.api.access.recently import Recently
from lpr_engine.api.asking import ask
from lpr_engine.api.route import ROUTE
from lpr_engine.model.access import SCOPES_OF_ROLE, Principal, PrincipalKind, Role, Scope
from lpr_engine.model.access_ports import KeyBook, SessionBook
from lpr_engine.model.clock import Clock
from lpr_engine.model.token import digest_of

_SCHEME: Final = "bearer"
_LONGEST_TOKEN: Final = 512


@dataclass(frozen=True, slots=True)
class Porter:
    """Asks, in this order: the Supervisor, an `Authorization` header, a cookie, a signed URL.

    A header that is there decides, right or wrong; a signed URL opens pictures only.
    """

    sessions: SessionBook
    keys: KeyBook
    cookie: SessionCookie
    links: LinkSigner
    clock: Clock
    guests: Guests
    token: str | None = field(repr=False, default=None)
    ingress: Ingress | None = None
    _noted: Recently = field(default_factory=Recently, init=False)

    async def principal(self, request: web.Request) -> Principal | None:
        """Who asks, None for nobody; `request[BADGE]` is what proved it.

        Raises:
            RequestError: a browser proved it, but another page sent the request.
        """
        user = None if self.ingress is None else self.ingress.user(request)
        if user is not None:
            return self._by_ingress(request, user)
        shown = request.headers.get("Authorization")
        if shown is not None:
            return await self._by_header(request, shown)
        token = self.cookie.read(request)
        principal = None if token is None else await self._by_cookie(request, token)
        return principal or self._by_link(request)

    def _by_ingress(self, request: web.Request, user: IngressUser) -> Principal:
        secret = next(iter(self.links.secrets().keys.values()))
        token = csrf_token(secret, f"ingress {user.id}")
        if _is_protected(request):
            check_own_page(request, token, user.hosts)
        self._admit(request, Badge(ingress=user, csrf_token=token))
        return user.principal

    async def _by_header(self, request: web.Request, shown: str) -> Principal | None:
        scheme, _, token = shown.partition(" ")
        if scheme.lower() != _SCHEME or len(token) > _LONGEST_TOKEN:
            return None
        if self.token is not None and _is_same(token, self.token):
            return Principal("token", PrincipalKind.TOKEN, SCOPES_OF_ROLE[Role.VIEWER])
        holder = await ask(lambda: self.keys.find(digest_of(token)))
        now = self.clock.now()
        if holder is None or not holder.key.is_valid(now):
            return None
        key = holder.key
        if self._noted.is_due(key.id, key.last_used_at, now):
            self.keys.touch(key.id, now)
        self._admit(request, Badge(key=key))
        return Principal(key.name, PrincipalKind.KEY, holder.scopes, key.account_id)

    async def _by_cookie(self, request: web.Request, token: str) -> Principal | None:
        if len(token) > _LONGEST_TOKEN:
            return None
        holder = await ask(lambda: self.sessions.find(digest_of(token)))
        now = self.clock.now()
        if holder is None or not holder.session.is_open(now):
            return None
        session, account = holder.session, holder.account
        proof = csrf_token(token.encode("utf-8", "replace"), "session")
        if _is_protected(request):
            check_own_page(request, proof, (request.headers.get("Host", ""),))
        if self._noted.is_due(session.id, session.last_used_at, now):
            self.sessions.touch(session.id, now)
        self._admit(request, Badge(session=session, csrf_token=proof))
        return Principal(
            account.name, PrincipalKind.ACCOUNT, SCOPES_OF_ROLE[account.role], account.id
        )

    def _by_link(self, request: web.Request) -> Principal | None:
        route = request.get(ROUTE)
        if route is None or not route.linkable or request.method not in ("GET", "HEAD"):
            return None
        if not self.links.fits(request):
            return None
        return Principal("link", PrincipalKind.LINK, frozenset({Scope.READ}))

    def _admit(self, request: web.Request, badge: Badge) -> None:
        request[BADGE] = badge
        route = request.get(ROUTE)
        if route is not None and (route.lasting or route.websocket):
            self.guests.note(request)


def _is_protected(request: web.Request) -> bool:
    """A public route does nothing in anybody's name."""
    route = request.get(ROUTE)
    return route is None or route.needs is not None


def _is_same(shown: str, token: str) -> bool:
    # Hashed first: a comparison of equal lengths tells nothing of the token's.
    return hmac.compare_digest(
        hashlib.sha256(shown.encode("utf-8", "replace")).digest(),
        hashlib.sha256(token.encode()).digest(),
    )
