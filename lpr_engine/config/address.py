"""Host names to connect to or listen on, without scheme, port or user."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from lpr_engine.config.rules import text
from lpr_engine.config.values import RefusedError

_EXPECTED = "a host name or IP address alone"
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?")


def host(value: Any) -> str:
    """A host; IPv6 with or without brackets. No message shows it, for it may hold a user."""
    written: str = text(_EXPECTED, longest=253)(value)
    if is_address(written) or _NAME.fullmatch(written):
        return written.strip("[]")
    if "://" in written:
        raise RefusedError("a URL stands here", _EXPECTED, "use `tls: true` for mqtts and wss")
    if "@" in written:
        raise RefusedError("a user stands here", _EXPECTED, "`username` and `password` are keys")
    if re.search(r":[0-9]+$", written):
        raise RefusedError("a port stands here", _EXPECTED, "`port` is a key of its own")
    raise RefusedError("this is no host", _EXPECTED)


def is_address(written: str) -> bool:
    """Whether a text is an IP address."""
    try:
        ipaddress.ip_address(written.strip("[]"))
    except ValueError:
        return False
    return True


def is_loopback(written: str) -> bool:
    """Whether only this machine can reach what listens there."""
    if written == "localhost":
        return True
    return is_address(written) and ipaddress.ip_address(written.strip("[]")).is_loopback
