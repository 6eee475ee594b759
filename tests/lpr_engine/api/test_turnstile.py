"""Connections: how many, and how long one may stand there without asking (slowloris)."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from lpr_engine.api import turnstile
from lpr_engine.api.server import ApiServer
from lpr_engine.api.turnstile import Turnstile
from lpr_engine.config.sections import ApiSection
from tests.lpr_engine.api.echo import Echo
from tests.lpr_engine.api.serving import ask_json, serving

_HEAD_WITHIN_S = 0.5


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    monkeypatch.setitem(turnstile._LIMITS, "keepalive_timeout", _HEAD_WITHIN_S)
    with serving([Echo()], ApiSection(port=0, connections=16)) as server:
        yield server


def connected(server: ApiServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=10)


def is_hung_up(stream: socket.socket) -> bool:
    """Waits for the end, whatever comes before it."""
    try:
        while stream.recv(65536):
            pass
    except ConnectionResetError:
        return True
    return True


def test_a_head_that_comes_byte_by_byte_is_not_waited_for(server: ApiServer) -> None:
    with connected(server) as slow:
        slow.settimeout(10)
        began_s = time.monotonic()
        slow.sendall(b"GET /open HTTP/1.1\r\nHost: localhost\r\n")
        for sign in b"X-Never-Ending: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":
            try:
                slow.sendall(bytes([sign]))
            except OSError:
                break
            time.sleep(0.05)
        else:
            pytest.fail("the server took every byte")
        assert time.monotonic() - began_s >= _HEAD_WITHIN_S
    assert ask_json(server, "/open")[0] == 200


def test_a_connection_that_says_nothing_is_closed_also_after_a_request(server: ApiServer) -> None:
    with connected(server) as silent, connected(server) as asked:
        asked.sendall(b"GET /open HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert asked.recv(65536).startswith(b"HTTP/1.1 200")
        asked.sendall(b"GET /open HTT")
        assert is_hung_up(asked)
        assert is_hung_up(silent)


def test_one_address_gets_half_of_the_connections_and_the_rest_at_once_after(
    server: ApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    with ExitStack() as held, caplog.at_level(logging.WARNING):
        mine = [held.enter_context(connected(server)) for _ in range(8)]
        for _ in range(3):
            with connected(server) as refused:
                assert is_hung_up(refused)
        assert [record.message for record in caplog.records] == [
            "HTTP connections are turned away: 8 are open"
        ]
        # Others would still be let in; for this address there is room when one of its own goes.
        mine.pop().close()
        for _ in range(100):
            with connected(server) as again:
                again.sendall(b"GET /open HTTP/1.0\r\n\r\n")
                try:
                    if again.recv(100).startswith(b"HTTP/1.0 200"):
                        break
                except ConnectionResetError:
                    pass
            time.sleep(0.02)
        else:
            pytest.fail("nobody was let in again")


def test_counts_return_to_nothing() -> None:
    gate = Turnstile(4)
    assert [gate.enter("a"), gate.enter("a"), gate.enter("a")] == [True, True, False]
    assert [gate.enter("b"), gate.enter("c"), gate.enter("d")] == [True, True, False]
    for client in ("a", "a", "b", "c"):
        gate.leave(client)
    assert gate.inside == 0
    assert not gate._inside


def test_scanners_are_answered_without_filling_the_log(
    server: ApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    for noise in (b"\x16\x03\x01\x02\x00", b"GET / HTTP/9.9\r\n\r\n", b"G\x00T / HTTP/1.1\r\n\r\n"):
        with connected(server) as scanner, caplog.at_level(logging.INFO):
            scanner.sendall(noise + b"\r\n\r\n")
            answer = b"".join(iter(lambda stream=scanner: stream.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.0 400")
        assert b'"code": "bad_request"' in answer
        assert b"aiohttp" not in answer
        assert b"nosniff" in answer
    assert caplog.records == []
