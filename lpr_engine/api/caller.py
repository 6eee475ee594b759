"""Where a request comes from: its connection's other end, or whom a trusted proxy names for it."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Middleware

from lpr_engine.api.access.address import UNKNOWN, peer_of, plain
from lpr_engine.api.route import Handler

_FOR: Final = "X-Forwarded-For"
_SCHEME: Final = "X-Forwarded-Proto"
_UNDER_TLS: Final = frozenset({"https", "wss"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is at the far end, and whether all of the way there is under TLS."""

    address: str
    is_secure: bool


CALLER: Final = web.RequestKey("caller", Caller)


def caller_of(request: web.Request) -> Caller:
    """Who sent a request, as far as somebody trusted says."""
    return request.get(CALLER) or Caller(peer_of(request), request.secure)


class TrustedProxies:
    """Believes `X-Forwarded-For` and `-Proto` from these networks; from elsewhere they say nothing.

    Each proxy adds the address that it was called from at the end. So the list is read from its
    end, for as long as the one who added an entry is trusted: what stands before that, anybody
    may have made up.
    """

    def __init__(self, networks: Collection[str]) -> None:
        self._networks = tuple(ipaddress.ip_network(network) for network in networks)

    def middleware(self) -> Middleware:
        """Notes each request's caller."""

        @web.middleware
        async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
            request[CALLER] = self.caller(request)
            return await handler(request)

        return note

    def caller(self, request: web.Request) -> Caller:
        """Who sent a request."""
        peer = peer_of(request)
        if not self._trusts(peer):
            return Caller(peer, request.secure)
        hops = _entries(request, _FOR)
        address, at = self._far_end(peer, hops)
        scheme = _scheme(_entries(request, _SCHEME), len(hops), at)
        return Caller(address, request.secure if scheme is None else scheme in _UNDER_TLS)

    def _far_end(self, peer: str, hops: Sequence[str]) -> tuple[str, int]:
        """The first address that is not trusted, and its place; an odd entry counts for nothing."""
        address, at = peer, len(hops)
        while at > 0 and self._trusts(address):
            claimed = _address(hops[at - 1])
            if claimed == UNKNOWN:
                break
            address, at = claimed, at - 1
        return address, at

    def _trusts(self, address: str) -> bool:
        if address == UNKNOWN:
            return False
        known = ipaddress.ip_address(address)
        return any(known in network for network in self._networks)


def _entries(request: web.Request, name: str) -> list[str]:
    joined = ",".join(request.headers.getall(name, []))
    return [entry.strip() for entry in joined.split(",")] if joined else []


def _scheme(schemes: Sequence[str], hops: int, at: int) -> str | None:
    """The far end's: some proxies add theirs as they do addresses, some replace what there is."""
    if len(schemes) == 1:
        return schemes[0].lower()
    if len(schemes) != hops or not schemes:
        return None
    return schemes[min(at, hops - 1)].lower()


def _address(entry: str) -> str:
    """Without brackets and port, which some proxies add."""
    if entry.startswith("["):
        return plain(entry[1:].partition("]")[0])
    return plain(entry.partition(":")[0] if entry.count(":") == 1 else entry)
