"""Where a request comes from: headers count from trusted proxies alone, and no further back."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from lpr_engine.api.caller import Caller, TrustedProxies, caller_of

PROXIES = TrustedProxies(["10.0.0.5", "172.16.0.0/12", "fd00::/8"])
FOR, SCHEME = "X-Forwarded-For", "X-Forwarded-Proto"


class End:
    """A connection's other end."""

    def __init__(self, peer: str | None) -> None:
        self._peer = peer

    def get_extra_info(self, name: str, default: object = None) -> object:
        return (self._peer, 1) if name == "peername" and self._peer is not None else default

    def is_closing(self) -> bool:
        return False


def request_from(peer: str | None, *headers: tuple[str, str]) -> web.Request:
    return make_mocked_request("GET", "/", CIMultiDict(headers), transport=End(peer))


def seen(peer: str | None, *headers: tuple[str, str]) -> Caller:
    return PROXIES.caller(request_from(peer, *headers))


@pytest.mark.parametrize("peer", ["203.0.113.9", "10.0.0.6", "172.32.0.1", "::1", None])
def test_nobody_else_s_word_counts(peer: str | None) -> None:
    claimed = (FOR, "198.51.100.1"), (SCHEME, "https")
    assert seen(peer, *claimed) == Caller(peer or "unknown", is_secure=False)


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("6.6.6.6, 198.51.100.1, 172.20.0.2", "198.51.100.1"),
        ("10.0.0.5, 198.51.100.1, 172.20.0.2, 10.0.0.5", "198.51.100.1"),
        ("172.20.0.3, 172.20.0.2", "172.20.0.3"),
        ("198.51.100.1:4711", "198.51.100.1"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("2001:DB8:0::7", "2001:db8::7"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("198.51.100.1, unknown", "10.0.0.5"),
        ("198.51.100.1, <script>, 172.20.0.2", "172.20.0.2"),
        ("198.51.100.1,", "10.0.0.5"),
        ("", "10.0.0.5"),
        (", , ,", "10.0.0.5"),
        ("1" * 4000, "10.0.0.5"),
    ],
)
def test_the_last_address_that_is_not_trusted_counts(forwarded: str, address: str) -> None:
    assert seen("10.0.0.5", (FOR, forwarded)).address == address


def test_several_headers_are_one_list() -> None:
    assert seen("10.0.0.5", (FOR, "6.6.6.6"), (FOR, "198.51.100.1")).address == "198.51.100.1"


def test_a_trusted_proxy_over_an_ipv6_socket_is_the_same() -> None:
    assert seen("::ffff:10.0.0.5", (FOR, "198.51.100.1")).address == "198.51.100.1"
    assert seen("fd12::1%eth0", (FOR, "198.51.100.1")).address == "198.51.100.1"


@pytest.mark.parametrize(
    ("forwarded", "scheme", "is_secure"),
    [
        ("198.51.100.1", "https", True),
        ("198.51.100.1", "HTTPS", True),
        ("198.51.100.1", "wss", True),
        ("198.51.100.1", "http", False),
        ("198.51.100.1", "", False),
        ("198.51.100.1, 172.20.0.2", "https, http", True),
        ("6.6.6.6, 198.51.100.1", "https, http", False),
        ("198.51.100.1, 172.20.0.2", "https", True),
        ("198.51.100.1", "https, https", False),
        ("unknown", "https", True),
        (None, "https", True),
        (None, "https, https", False),
    ],
)
def test_the_scheme_of_the_far_end(forwarded: str | None, scheme: str, *, is_secure: bool) -> None:
    headers = [(SCHEME, scheme)] if forwarded is None else [(FOR, forwarded), (SCHEME, scheme)]
    assert seen("10.0.0.5", *headers).is_secure is is_secure


def test_who_was_not_noted_is_the_connection_s_other_end() -> None:
    request = request_from("203.0.113.9", (FOR, "198.51.100.1"))
    assert caller_of(request) == Caller("203.0.113.9", is_secure=False)
