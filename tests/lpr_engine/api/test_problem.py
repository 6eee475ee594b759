"""What handlers raise, as the caller and the log hear of it."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from aiohttp import web

from lpr_engine.api.problem import Fault, RequestError
from lpr_engine.api.route import Answer, Route
from lpr_engine.api.server import ApiServer
from lpr_engine.model.errors import (
    CameraSilentError,
    ConflictError,
    CursorError,
    DiskFullError,
    UnknownError,
)
from tests.lpr_engine.api.serving import ask, ask_json, serving

FAILURES: dict[str, tuple[Exception, int, str, str]] = {
    "unknown": (UnknownError("no such vehicle"), 404, "not_found", "no such vehicle"),
    "conflict": (ConflictError("it is there"), 409, "conflict", "it is there"),
    "cursor": (CursorError("no cursor"), 400, "cursor_invalid", "no cursor"),
    "silent": (CameraSilentError("no picture"), 409, "camera_silent", "no picture"),
    "disk": (DiskFullError("/secret/path is full"), 503, "disk_full", ""),
    "defect": (ZeroDivisionError("a secret of the inside"), 500, "internal_error", ""),
    "late": (TimeoutError(), 503, "timed_out", ""),
    "http": (web.HTTPGone(), 410, "http_410", ""),
    "told": (web.HTTPForbidden(reason="not from there"), 403, "forbidden", "not from there"),
    "own": (
        RequestError("no", [Fault("body.a", "b")], status=409, code="taken"),
        409,
        "taken",
        "no",
    ),
}


class Failing:
    """A route for each failure, one that fails after it began, and one that nobody waits for."""

    def routes(self) -> tuple[Route, ...]:
        answers = (Answer(200, "never"),)
        return (
            *(Route("GET", f"/{name}", self.failing(error), None, "s", "t", answers)
              for name, (error, *_) in FAILURES.items()),
            Route("GET", "/begun", self.begun, None, "s", "t", answers),
            Route("GET", "/endless", self.endless, None, "s", "t", answers),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, dict[str, Any]]:
        return {}

    def failing(self, error: Exception) -> Any:
        async def handler(_request: web.Request) -> web.Response:
            raise error

        return handler

    async def begun(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"a,b\r\n")
        raise ValueError("in the middle")

    async def endless(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65536)


@pytest.fixture(scope="module")
def server() -> Iterator[ApiServer]:
    with serving([Failing()]) as server:
        yield server


@pytest.mark.parametrize("name", FAILURES)
def test_failures_have_a_status_and_a_stable_code(
    server: ApiServer, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    _, status, code, detail = FAILURES[name]
    with caplog.at_level(logging.WARNING):
        got, problem = ask_json(server, f"/{name}")
    assert (got, problem["code"], problem["status"]) == (status, code, status)
    assert detail in problem["detail"]
    assert problem["detail"]
    assert "secret" not in str(problem)
    assert len(caplog.records) == (1 if status >= 500 else 0)


def test_places_of_what_is_wrong_are_told(server: ApiServer) -> None:
    _, problem = ask_json(server, "/own")
    assert problem["errors"] == [{"where": "body.a", "detail": "b"}]
    assert "errors" not in ask_json(server, "/conflict")[1]


def test_a_file_that_breaks_off_is_no_whole_file(
    server: ApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as stream:
        stream.sendall(b"GET /begun HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = b"".join(iter(lambda: stream.recv(65536), b""))
    assert b"a,b\r\n" in answer
    assert b"problem" not in answer
    assert not answer.endswith(b"0\r\n\r\n")
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_a_caller_who_goes_is_no_failure(
    server: ApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as stream:
        stream.sendall(b"GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert stream.recv(1000)
    for _ in range(20):
        assert ask(server, "/unknown")[0] == 404
        time.sleep(0.01)
    assert caplog.records == []
