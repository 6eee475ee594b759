"""How fast one address may ask."""

from __future__ import annotations

import ipaddress
import math
from collections import OrderedDict
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Middleware

from lpr_engine.api.caller import caller_of
from lpr_engine.api.problem import RequestError
from lpr_engine.api.route import Handler
from lpr_engine.model.clock import Clock

_BURST_S: Final = 4.0
_MOST_CLIENTS: Final = 4096
_IPV6_HOME_BITS: Final = 64


class TokenBuckets:
    """A bucket of tokens for each client, which time refills and each request takes one from.

    Of more clients than are kept the one that was silent for longest is forgotten: its bucket
    is the fullest, so that little is given away.
    """

    def __init__(self, clock: Clock, per_second: float, most_clients: int = _MOST_CLIENTS) -> None:
        self._clock = clock
        self._per_second = per_second
        self._capacity = max(1.0, per_second * _BURST_S)
        self._most_clients = most_clients
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> float:
        """Take a token; returns 0, or the seconds until there will be one."""
        now_s = self._clock.monotonic_s()
        tokens, then_s = self._buckets.pop(client, (self._capacity, now_s))
        tokens = min(self._capacity, tokens + (now_s - then_s) * self._per_second)
        wait_s = 0.0 if tokens >= 1 else (1 - tokens) / self._per_second
        self._buckets[client] = (tokens if wait_s else tokens - 1, now_s)
        if len(self._buckets) > self._most_clients:
            self._buckets.popitem(last=False)
        return wait_s

    def __len__(self) -> int:
        return len(self._buckets)


def client_of(address: str | None) -> str:
    """The client behind an address: one of IPv6 stands for its whole /64, which one home has."""
    try:
        known = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, _IPV6_HOME_BITS), strict=False))


def keep_pace(buckets: TokenBuckets) -> Middleware:
    """A middleware that sends away who asks too fast, before anything is done for them."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        wait_s = buckets.take(client_of(caller_of(request).address))
        if wait_s:
            raise RequestError(
                "This address asks too often.",
                status=429,
                headers={"Retry-After": str(math.ceil(wait_s))},
            )
        return await handler(request)

    return check
