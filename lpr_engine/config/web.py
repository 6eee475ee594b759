"""What the HTTP door's keys hold: origins of pages, networks, certificates as add-ons find them."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lpr_engine.config.address import host
from lpr_engine.config.paths import readable_file
from lpr_engine.config.rules import Rule, text
from lpr_engine.config.values import RefusedError

ADD_ON_CERTIFICATES = Path("/ssl")

_EXPECTED = "an origin such as https://home.example:8123"
_NETWORK = "an address such as 192.168.1.5, or a network such as 172.16.0.0/12"
_ORIGIN = re.compile(r"https?://[^/?#@\s]+")


def origin(value: Any) -> str:
    """Where a web page comes from: scheme, host and port, as browsers write it (RFC 6454)."""
    written: str = text(_EXPECTED, longest=300)(value)
    lower = written.lower()
    if lower == "*":
        raise RefusedError("every page of the world would be let in", _EXPECTED)
    if not _ORIGIN.fullmatch(lower):
        raise RefusedError("this is no origin", _EXPECTED, "no path, user or final slash")
    scheme, place = lower.split("://")
    try:
        port = urlsplit(lower).port
    except ValueError:
        raise RefusedError("the port is none", _EXPECTED) from None
    named = place if port is None else place.rpartition(":")[0]
    host(named)
    usual = {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{named}" if port in (None, usual) else f"{scheme}://{named}:{port}"


def network(value: Any) -> str:
    """An address, or a network of them in CIDR notation, in its shortest form."""
    written: str = text(_NETWORK, longest=64)(value)
    try:
        found = ipaddress.ip_network(written, strict=False)
    except ValueError:
        raise RefusedError("this is no address or network", _NETWORK) from None
    if "%" in written:
        raise RefusedError("an interface stands here", _NETWORK)
    if found.prefixlen == 0:
        raise RefusedError("everybody would be believed", _NETWORK)
    if str(found.network_address) != str(ipaddress.ip_address(written.partition("/")[0])):
        raise RefusedError("the address has bits beyond its network", f"{found}")
    alone = found.prefixlen == found.max_prefixlen
    return str(found.network_address) if alone else str(found)


def certificate(base: Path) -> Rule:
    """A file of a certificate or key; a relative one starts at `/ssl` where that folder is."""

    def rule(value: Any) -> Path:
        start = ADD_ON_CERTIFICATES if ADD_ON_CERTIFICATES.is_dir() else base
        return Path(readable_file(start)(value))

    return rule
