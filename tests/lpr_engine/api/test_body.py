"""Bodies: JSON that every program agrees on, within bounds of size and time."""

from __future__ import annotations

import gzip
import json
import math
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.api.body import parse_json
from lpr_engine.api.problem import RequestError
from lpr_engine.api.server import ApiServer
from tests.lpr_engine.api.echo import Echo
from tests.lpr_engine.api.serving import ADMIN, WHO, ask_json, serving


@pytest.fixture(scope="module")
def server() -> Iterator[ApiServer]:
    with serving([Echo()]) as server:
        yield server


SAFE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(SAFE)
def test_what_json_can_say_is_read_back(value: Any) -> None:
    assert parse_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        value = parse_json(data)
    except RequestError as refusal:
        assert refusal.status == 400
    else:
        json.dumps(value, allow_nan=False).encode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "9007199254740993",
        "-" + "9" * 5000,
        '{"a": 1, "a": 2}',
        '{"a": {"b": 1, "b": 2}}',
        '"\\ud800"',
        '["\\u0000"]',
        '{"\\udfff": 1}',
        "[" * 50_000,
        '{"a":' * 20_000,
        "\ufeff{}",
        "'a'",
        "{} {}",
    ],
)
def test_what_programs_disagree_about_is_refused(text: str) -> None:
    with pytest.raises(RequestError) as refusal:
        parse_json(text.encode())
    assert refusal.value.status == 400


def test_bytes_that_are_no_utf_8_are_refused() -> None:
    with pytest.raises(RequestError):
        parse_json(b'"\xff"')


def test_whole_numbers_stay_whole_however_they_are_written() -> None:
    assert repr(parse_json(b"[1.0, 1e2, 0.5]")) == "[1, 100, 0.5]"
    assert math.isclose(parse_json(b"1e300"), 1e300)


@pytest.mark.parametrize(
    ("path", "body", "kind", "status"),
    [
        ("/things", b"{}", "text/plain", 415),
        ("/things", b"{}", "application/x-www-form-urlencoded", 415),
        ("/things", b'{"name": "a"}', "application/json; charset=latin-1", 200),
        ("/things", b"", "application/json", 400),
        ("/things", b" " * 70_000, "application/json", 413),
        ("/csv", b"x" * 100_000, "text/csv", 200),
        ("/csv", b"x" * 100_001, "text/csv", 413),
        ("/zip", b"x" * 300_000, "application/zip", 200),
        ("/zip", b"x" * 300_001, "application/zip", 413),
    ],
)
def test_sizes_and_types(server: ApiServer, path: str, body: bytes, kind: str, status: int) -> None:
    got, answer = ask_json(server, path, "POST", body, {"Content-Type": kind, **ADMIN})
    assert got == status
    if status >= 400:
        assert answer["status"] == status


def test_a_packed_body_is_not_unpacked(server: ApiServer) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Type": "text/csv", **ADMIN}
    assert ask_json(server, "/csv", "POST", gzip.compress(b"x" * 10_000), headers)[0] == 415


def sent(server: ApiServer, head: str, *chunks: bytes) -> str:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as stream:
        stream.sendall(
            f"{head}Host: localhost\r\n{WHO}: admin\r\nConnection: close\r\n\r\n".encode()
        )
        for chunk in chunks:
            stream.sendall(chunk)
        return b"".join(iter(lambda: stream.recv(65536), b"")).decode()


@pytest.mark.parametrize("kind", ["text/csv", "application/zip"])
def test_a_body_without_a_length_is_bounded_too(server: ApiServer, kind: str) -> None:
    path = "/csv" if kind == "text/csv" else "/zip"
    head = f"POST {path} HTTP/1.1\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n"
    piece = b"c350\r\n" + b"x" * 50_000 + b"\r\n"
    assert " 200 " in sent(server, head, piece, b"0\r\n\r\n")
    assert " 413 " in sent(server, head, *[piece] * 7, b"0\r\n\r\n")


@pytest.mark.parametrize("path", ["/csv", "/zip"])
def test_a_body_that_does_not_come_is_not_waited_for(
    server: ApiServer, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lpr_engine.api.body._WHOLE_WITHIN_S", 0.2)
    monkeypatch.setattr("lpr_engine.api.body._CHUNK_WITHIN_S", 0.2)
    kind = "text/csv" if path == "/csv" else "application/zip"
    head = f"POST {path} HTTP/1.1\r\nContent-Type: {kind}\r\nContent-Length: 100\r\n"
    answer = sent(server, head, b"x")
    assert " 408 " in answer
    assert "too_slow" in answer


@pytest.mark.parametrize(
    ("who", "length", "first"),
    [
        ("admin", 5, "HTTP/1.1 100 Continue"),
        ("viewer", 5, "HTTP/1.1 403 Forbidden"),
        ("admin", 300_001, "HTTP/1.1 413 "),
    ],
)
def test_a_caller_who_asks_before_sending_sends_nothing_in_vain(
    server: ApiServer, who: str, length: int, first: str
) -> None:
    head = (
        f"POST /zip HTTP/1.1\r\nHost: localhost\r\n{WHO}: {who}\r\nExpect: 100-continue\r\n"
        f"Content-Type: application/zip\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as stream:
        stream.sendall(head.encode())
        answer = stream.recv(65536).decode()
        assert answer.startswith(first)
        if "100 Continue" in first:
            stream.sendall(b"x" * length)
            rest = b"".join(iter(lambda: stream.recv(65536), b"")).decode()
            assert rest.startswith("HTTP/1.1 200")
            assert f'"bytes":{length}' in rest


def test_an_expectation_that_nobody_knows_is_refused(server: ApiServer) -> None:
    headers = {"Expect": "miracles", "Content-Type": "text/csv", **ADMIN}
    status, problem = ask_json(server, "/csv", "POST", b"x", headers)
    assert (status, problem["code"]) == (417, "expectation_unknown")
