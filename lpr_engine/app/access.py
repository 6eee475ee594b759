"""Who may enter a running engine: the porter and its routes over the store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

import uuid6
from aiohttp import web

from lpr_engine.api.access.accounts import AccountRoutes
from lpr_engine.api.access.audit_routes import AuditRoutes
from lpr_engine.api.access.audited import Audited
from lpr_engine.api.access.cookie import SessionCookie
from lpr_engine.api.access.guests import Guests
from lpr_engine.api.access.ingress import Ingress
from lpr_engine.api.access.keys import KeyRoutes
from lpr_engine.api.access.link_routes import LinkRoutes, linkable
from lpr_engine.api.access.links import LinkSigner
from lpr_engine.api.access.me import MeRoutes
from lpr_engine.api.access.noting import AuditDesk
from lpr_engine.api.access.passwords import Passwords
from lpr_engine.api.access.porter import Porter
from lpr_engine.api.access.session_desk import SessionDesk
from lpr_engine.api.access.session_routes import SessionRoutes
from lpr_engine.api.access.setup_code import SetupCode
from lpr_engine.api.access.sign_in import SignInRoutes
from lpr_engine.api.access.throttle import Throttle
from lpr_engine.api.asking import ask
from lpr_engine.api.route import RouteGroup
from lpr_engine.config.sections import ApiSection
from lpr_engine.model.access import Role, Scope
from lpr_engine.model.account import ApiKey
from lpr_engine.model.clock import Clock
from lpr_engine.model.token import KEY_PREFIX, new_token
from lpr_engine.store.access import AccessStore


@dataclass(frozen=True, slots=True)
class Access:
    """The porter, and all groups of routes, those about coming in included."""

    porter: Porter
    groups: tuple[RouteGroup, ...]
    store: AccessStore
    setup_code: SetupCode

    async def lifespan(self, _app: web.Application) -> AsyncIterator[None]:
        """Print the setup code in the log while nobody can sign in."""
        if await ask(self.store.accounts.is_empty):
            self.setup_code.announce()
        yield


def build_access(
    section: ApiSection,
    store: AccessStore,
    clock: Clock,
    groups: Iterable[RouteGroup],
    passwords: Passwords | None = None,
) -> Access:
    """The way in to groups of routes, whose changes go into the audit trail.

    Raises:
        StoreError: the store's secrets cannot be read.
    """
    # Read once before anybody asks: later they come from memory.
    cookie = SessionCookie(store.secrets.current().cookie_suffix)
    passwords, throttle, setup_code = passwords or Passwords(), Throttle(clock), SetupCode()
    guests, audit = Guests(), AuditDesk(store.audit, clock)
    links = LinkSigner(store.secrets.current, clock)
    desk = SessionDesk(store.sessions, cookie, guests, clock)
    accounts = store.accounts
    porter = Porter(
        store.sessions, store.keys, cookie, links, clock, guests, section.token, _ingress(section)
    )
    audited = tuple(Audited(group, audit) for group in groups)
    own: tuple[RouteGroup, ...] = (
        SignInRoutes(accounts, desk, passwords, throttle, setup_code, audit, clock),
        MeRoutes(accounts, desk, passwords, throttle, guests, audit, clock),
        AccountRoutes(accounts, passwords, guests, audit, clock),
        KeyRoutes(store.keys, guests, audit, clock),
        SessionRoutes(desk, audit),
        AuditRoutes(store.audit),
        LinkRoutes(links, linkable(route for group in audited for route in group.routes())),
    )
    return Access(porter, (*audited, *own), store, setup_code)


def issue_key(store: AccessStore, clock: Clock, name: str, scopes: frozenset[Scope]) -> str:
    """Make a key that belongs to the machine's owner; returns its token, to be shown once.

    Raises:
        StoreError: the store refused it.
        TooManyKeysError: there are too many already.
    """
    token = new_token(KEY_PREFIX)
    key = ApiKey(str(uuid6.uuid7()), name, token.hint, scopes, clock.now())
    store.keys.add(key, token.digest)
    return token.text


def _ingress(section: ApiSection) -> Ingress | None:
    if not section.ingress:
        return None
    return Ingress(Role(section.ingress_role), frozenset(section.ingress_admins))
