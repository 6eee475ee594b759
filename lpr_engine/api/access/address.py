"""The other end of a connection."""

from __future__ import annotations

import ipaddress
from typing import Final

from aiohttp import web

UNKNOWN: Final = "unknown"


def peer_of(request: web.Request) -> str:
    """The address that the connection comes from, never what a header claims."""
    transport = request.transport
    name = None if transport is None else transport.get_extra_info("peername")
    return plain(str(name[0])) if isinstance(name, tuple) and name else UNKNOWN


def plain(address: str) -> str:
    """An address in its shortest form; IPv4 that came over an IPv6 socket as IPv4."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return UNKNOWN
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found)
