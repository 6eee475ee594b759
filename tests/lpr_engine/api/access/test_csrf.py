"""What a browser proves by its cookie alone must come from our own page."""

from __future__ import annotations

import base64
import socket

import pytest

from lpr_engine.model.access import Role
from tests.lpr_engine.api.access.house import CSRF, House, Visitor


def test_looking_needs_no_token(house: House) -> None:
    visitor = house.signed_in()
    visitor.csrf = None
    assert visitor.get("me", Origin="https://evil.example").status == 200


@pytest.mark.parametrize("token", [None, "", "wrong", "\u00fc"])
def test_changing_needs_the_sessions_token(house: House, token: str | None) -> None:
    visitor = house.signed_in()
    right, visitor.csrf = visitor.csrf, None
    headers = {} if token is None else {CSRF: token}
    for method, path in (("POST", "works"), ("POST", "sign-out"), ("DELETE", "sessions/x")):
        reply = visitor.ask(method, path, **headers)
        assert (reply.status, reply.code) == (403, "csrf_refused")
    visitor.csrf = right
    assert visitor.post("works").status == 200


def test_another_sessions_token_is_none(house: House) -> None:
    visitor, other = house.signed_in("Anna"), house.signed_in("Bertha")
    visitor.csrf, other.csrf = other.csrf, visitor.csrf
    assert visitor.post("works").status == other.post("works").status == 403


def test_a_new_session_has_a_new_token(house: House) -> None:
    visitor = house.signed_in()
    before = visitor.csrf
    visitor.sign_in()
    assert visitor.csrf != before
    visitor.csrf = before
    assert visitor.post("works").status == 403


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        ("http://localhost:8099", "localhost:8099", 200),
        ("http://LOCALHOST:8099", "localhost:8099", 200),
        # A proxy with TLS stands before us.
        ("https://localhost", "localhost", 200),
        ("https://localhost:443", "localhost", 200),
        ("http://localhost", "localhost:80", 200),
        ("http://[::1]:8099", "[::1]:8099", 200),
        ("http://localhost:8100", "localhost:8099", 403),
        ("http://localhost.evil.example:8099", "localhost:8099", 403),
        ("http://localhost:8099@evil.example", "localhost:8099", 403),
        ("http://evil.example", "localhost", 403),
        ("null", "localhost:8099", 403),
        ("", "localhost:8099", 403),
        ("http://[:8099", "localhost:8099", 403),
        ("http://localhost:99999999", "localhost:8099", 403),
    ],
)
def test_the_token_counts_for_our_own_origin_alone(
    house: House, origin: str, host: str, status: int
) -> None:
    assert house.signed_in().post("works", Origin=origin, Host=host).status == status


def test_keys_in_headers_need_no_token_wherever_they_come_from(house: House) -> None:
    key = house.signed_in().post("keys", {"name": "k", "scopes": ["operate"]}).json["key"]
    visitor = house.visitor(Authorization=f"Bearer {key}", Origin="https://home.example")
    assert visitor.post("works").status == 200


def handshake(visitor: Visitor, **headers: str) -> int:
    """The status that a WebSocket's opening request gets."""
    sent = {
        "Host": "localhost:8099",
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(bytes(16)).decode(),
        "Cookie": "; ".join(f"{name}={value}" for name, value in visitor.cookies.items()),
        **headers,
    }
    lines = "".join(f"{name}: {text}\r\n" for name, text in sent.items())
    with socket.create_connection(("127.0.0.1", visitor._port), timeout=5) as stream:
        stream.sendall(f"GET /api/v1/socket HTTP/1.1\r\n{lines}\r\n".encode())
        return int(stream.recv(4096).split()[1])


def test_sockets_are_opened_by_our_own_page_or_with_the_token(house: House) -> None:
    visitor = house.signed_in("Anna", Role.VIEWER)
    assert handshake(visitor, Origin="http://localhost:8099") == 101
    assert handshake(visitor, Origin="http://evil.example") == 403
    assert handshake(visitor, Origin="null") == 403
    assert handshake(visitor) == 403
    assert handshake(visitor, **{CSRF: str(visitor.csrf)}) == 101
    evil = {CSRF: str(visitor.csrf), "Origin": "http://evil.example"}
    assert handshake(visitor, **evil) == 403


def test_sockets_of_programs_need_their_key_alone(house: House) -> None:
    key = house.signed_in().post("keys", {"name": "k", "scopes": ["read"]}).json["key"]
    assert handshake(house.visitor(), Authorization=f"Bearer {key}") == 101
    assert handshake(house.visitor(), Authorization="Bearer wrong") == 401
    assert handshake(house.visitor()) == 401
