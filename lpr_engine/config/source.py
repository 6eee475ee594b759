"""A camera's source: URLs that can be dialled, files beside the configuration."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from lpr_engine.config.rules import Rule, text
from lpr_engine.config.values import RefusedError, did_you_mean

NETWORK_SCHEMES = ("rtsp", "rtsps", "http", "https")
LOCAL_SCHEMES = ("file", "v4l2", "csi")
_EXPECTED = "a URL such as rtsp://camera/stream, a device, or the path of a file or folder"
_ESCAPES = "in a password, write @ as %40, / as %2F, # as %23, ? as %3F, : as %3A"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://?")
_DEVICE_NUMBER = re.compile(r"[0-9]{1,2}")


def source(base: Path) -> Rule:
    """The rule for a source; a relative path starts at `base`. No message shows the source."""
    plain = text(_EXPECTED, longest=2000)

    def rule(value: Any) -> str:
        written: str = plain(value)
        scheme = _SCHEME.match(written)
        if scheme is None:
            return _local(written, base)
        _check_url(written, scheme.group(1).lower())
        return written

    return rule


def _local(written: str, base: Path) -> str:
    if written.startswith("~") or _DEVICE_NUMBER.fullmatch(written):
        return written
    if "@" in written and ":" in written:
        raise RefusedError("this is no path, and as a URL it lacks its scheme", "rtsp://...")
    return str(base / written)


def _check_url(written: str, scheme: str) -> None:
    known = NETWORK_SCHEMES + LOCAL_SCHEMES
    if scheme not in known:
        expected = f"one of {', '.join(known)}"
        raise RefusedError("the URL's scheme is unknown", expected, did_you_mean(scheme, known))
    if "://" not in written:
        raise RefusedError("the URL lacks a slash", f"{scheme}://...")
    if scheme in LOCAL_SCHEMES:
        return
    if any(sign.isspace() for sign in written):
        raise RefusedError("the URL holds a space", "a URL without spaces", "write it as %20")
    _check_address(_split(written), scheme)


def _split(written: str) -> SplitResult:
    try:
        parts = urlsplit(written)
        _ = parts.port
    except ValueError:
        # The exception repeats the address, and with it the password: it must not be chained.
        parts = None
    if parts is None:
        raise RefusedError("the URL's host or port is malformed", "host:port", _ESCAPES)
    return parts


def _check_address(parts: SplitResult, scheme: str) -> None:
    if not parts.hostname:
        raise RefusedError("the URL names no host", f"{scheme}://host/...", _ESCAPES)
    if parts.port == 0:
        raise RefusedError("the URL's port is 0", "a port from 1 to 65535")
