"""Requests that no client library would send: odd paths, headers and ends, byte for byte."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpr_engine.api.description import DescriptionRoutes
from lpr_engine.api.server import ApiServer
from lpr_engine.api.table import RouteTable
from lpr_engine.config.sections import ApiSection
from tests.lpr_engine.api.echo import Echo
from tests.lpr_engine.api.serving import WHO, ask_json, serving

SECRET = b"from __future__"
"""What a file of the engine begins with, and no answer holds."""

PARTS = st.sampled_from(
    [b"..", b".", b"", b"%2e%2e", b"%2f", b"%5c", b"%00", b"%ff", b"api", b"v1", b"docs", b"things",
     b"7", b"description.py", b"etc", b"passwd", b"~", b"\\", b";x", b"a" * 300, b"%c0%ae%c0%ae"]
)  # fmt: skip
PATHS = st.lists(PARTS, min_size=1, max_size=8).map(lambda parts: b"/" + b"/".join(parts))
BYTES = st.binary(max_size=40).filter(lambda data: b"\n" not in data and b"\r" not in data)
NAMES = st.sampled_from(
    [b"Host", b"Accept", b"Accept-Encoding", b"Authorization", b"Content-Length", b"Content-Type",
     b"Content-Encoding", b"Connection", b"Cookie", b"Expect", b"If-None-Match", b"Origin",
     b"Range", b"Referer", b"Sec-WebSocket-Key", b"Transfer-Encoding", b"Upgrade",
     b"Forwarded", b"X-Forwarded-For", b"X-Forwarded-Proto",
     b"X-HTTP-Method-Override", b"X-Ingress-Path", b"X-Remote-User-Id", b"X-Request-Id"]
)  # fmt: skip
METHODS = st.sampled_from(
    [b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"TRACE", b"QUX"]
)


@pytest.fixture(scope="module")
def server() -> Iterator[ApiServer]:
    table = RouteTable([Echo()])
    section = ApiSection(
        port=0,
        requests_per_second=10_000,
        cors_origins=("https://a.example",),
        trusted_proxies=("127.0.0.1",),
    )
    with serving([Echo(), DescriptionRoutes(table, "1")], section) as server:
        yield server


def answer_to(server: ApiServer, request: bytes) -> bytes:
    """All that comes back; the sender says at once that nothing follows."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as stream:
        stream.sendall(request)
        stream.settimeout(0.3)
        answer = b""
        try:
            while more := stream.recv(65536):
                answer += more
        except (TimeoutError, ConnectionResetError):
            pass
        return answer


def status_of(answer: bytes) -> int:
    return int(answer.split()[1]) if answer else 0


@settings(max_examples=60)
@given(METHODS, PATHS)
def test_no_path_leads_out(server: ApiServer, method: bytes, path: bytes) -> None:
    head = b"%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" % (method, path)
    answer = answer_to(server, head + WHO.encode() + b": admin\r\n\r\n")
    assert status_of(answer) < 500
    assert SECRET not in answer
    assert b"root:" not in answer


@settings(max_examples=60)
@given(METHODS, st.lists(st.tuples(NAMES, BYTES), max_size=5))
def test_no_header_finds_a_defect(
    server: ApiServer, method: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    lines = b"".join(b"%s: %s\r\n" % header for header in headers)
    head = b"%s /open HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" % method
    answer = answer_to(server, head + lines + b"\r\n")
    assert status_of(answer) < 500
    assert b"Traceback" not in answer


@pytest.mark.parametrize(
    "request_",
    [
        # Two requests where a proxy may see one (request smuggling): lengths that disagree.
        b"POST /things HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /things HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"GET /open HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n",
        b"GET /open HTTP/1.1\r\nHost: a\r\n folded: 1\r\n\r\n",
        b"GET /open HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /open HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ],
)
def test_what_two_programs_would_read_in_two_ways_is_refused(
    server: ApiServer, request_: bytes
) -> None:
    assert status_of(answer_to(server, request_)) in (0, 400)


def test_after_all_that_it_still_answers(server: ApiServer) -> None:
    assert ask_json(server, "/open") == (200, {"name": None})


def test_nothing_of_it_fills_the_log(server: ApiServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        answer_to(server, b"GET /%0a%1b[31mforged HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer_to(server, b"\x00\x01\x02\r\n\r\n")
    assert caplog.records == []
