"""What every answer carries: security headers, the request's id, and CORS only when named."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator

import pytest
from multidict import CIMultiDict

from lpr_engine.api.description import DescriptionRoutes
from lpr_engine.api.request_id import RequestIdFilter
from lpr_engine.api.server import ApiServer
from lpr_engine.api.table import RouteTable
from lpr_engine.config.sections import ApiSection
from tests.lpr_engine.api.echo import Echo
from tests.lpr_engine.api.serving import WHO, raw, serving

HOME = "https://home.example:8123"


@pytest.fixture(scope="module")
def server() -> Iterator[ApiServer]:
    groups = [Echo(), DescriptionRoutes(RouteTable([Echo()]), "1")]
    with serving(groups, ApiSection(port=0, cors_origins=(HOME,))) as server:
        yield server


def head_of(
    server: ApiServer, path: str, method: str = "GET", *headers: str
) -> tuple[int, CIMultiDict[str]]:
    lines = "".join(f"{line}\r\n" for line in headers)
    answer = raw(server, f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{lines}")
    first, *rest = answer.partition("\r\n\r\n")[0].split("\r\n")
    pairs = (line.partition(": ")[::2] for line in rest)
    return int(first.split()[1]), CIMultiDict(pairs)


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/open", "GET", 200),
        ("/query", "GET", 401),
        ("/nowhere", "GET", 404),
        ("/query", "POST", 405),
        ("/open?x=1", "GET", 400),
        ("/open", "OPTIONS", 405),
        ("/api/docs", "GET", 200),
        ("/api/docs/docs.js", "GET", 200),
        ("/api/docs/..%2fdescription.py", "GET", 404),
        ("/api/docs/passwd", "GET", 404),
        ("/api/v1/openapi.json", "GET", 200),
    ],
)
def test_every_answer_is_hardened_and_named(
    server: ApiServer, path: str, method: str, status: int
) -> None:
    got, headers = head_of(server, path, method)
    assert got == status
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Server"] == "lpr-engine"
    assert re.fullmatch(r"[0-9a-f]{16}", headers["X-Request-Id"])
    assert ("no-cache" if "/api/" in path and status == 200 else "no-store") == (
        headers["Cache-Control"]
    )


def test_pictures_by_signed_urls_may_be_shown_elsewhere(server: ApiServer) -> None:
    _, headers = head_of(server, "/picture", "GET", f"{WHO}: viewer")
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_pages_run_their_own_files_only_and_hold_nothing_inline(server: ApiServer) -> None:
    _, headers = head_of(server, "/api/docs")
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    page = raw(server, "GET /api/docs HTTP/1.1\r\nHost: localhost\r\n")
    assert "https://" not in page
    assert "<style" not in page
    assert " style=" not in page
    assert not re.search(r"\son\w+=", page)
    assert re.findall(r"<script([^>]*)>([^<]*)", page) == [
        (' type="module" src="docs/docs.js"', "")
    ]


@pytest.mark.parametrize("name", ["docs.css", "docs.js", "examples.js", "schema.js", "icon.svg"])
def test_the_page_s_files_come_with_their_type_and_not_twice(server: ApiServer, name: str) -> None:
    kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    status, headers = head_of(server, f"/api/docs/{name}")
    assert headers["Content-Type"].partition(";")[0] == kinds[name.rpartition(".")[2]]
    held = f"If-None-Match: {headers['ETag']}"
    status, again = head_of(server, f"/api/docs/{name}", "GET", held)
    assert (status, again["ETag"]) == (304, headers["ETag"])
    assert head_of(server, f"/api/docs/{name}", "GET", 'If-None-Match: "other"')[0] == 200


def test_only_named_origins_may_read_answers(server: ApiServer) -> None:
    for path in ("/open", "/query", "/nowhere"):
        _, headers = head_of(server, path, "GET", f"Origin: {HOME}")
        assert headers["Access-Control-Allow-Origin"] == HOME
        assert "Access-Control-Allow-Credentials" not in headers
        assert headers["Vary"] == "Origin"
        _, headers = head_of(server, path, "GET", "Origin: https://evil.example")
        assert "Access-Control-Allow-Origin" not in headers


def test_browsers_may_ask_before_a_call_of_a_named_origin(server: ApiServer) -> None:
    asked = ("Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization")
    status, headers = head_of(server, "/things", "OPTIONS", f"Origin: {HOME}", *asked)
    assert status == 204
    assert "POST" in headers["Access-Control-Allow-Methods"]
    assert "Authorization" in headers["Access-Control-Allow-Headers"]
    status, headers = head_of(server, "/things", "OPTIONS", "Origin: https://evil.example", *asked)
    assert status == 405
    assert "Access-Control-Allow-Methods" not in headers


def test_without_a_named_origin_nothing_is_told() -> None:
    with serving([Echo()]) as server:
        for origin in (HOME, "null", "*"):
            _, headers = head_of(server, "/open", "GET", f"Origin: {origin}")
            assert not [name for name in headers if name.startswith("Access-Control")]
            assert "Vary" not in headers


def test_an_id_from_outside_is_not_believed(server: ApiServer) -> None:
    _, headers = head_of(server, "/open", "GET", "X-Request-Id: forged")
    assert headers["X-Request-Id"] != "forged"


def test_a_problem_and_the_log_name_the_same_request(
    server: ApiServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(RequestIdFilter())
    with caplog.at_level(logging.DEBUG, "lpr_engine.api"):
        answer = raw(server, "GET /que%0Ary?signature=geheim HTTP/1.1\r\nHost: localhost\r\n")
    problem = json.loads(answer.partition("\r\n\r\n")[2])
    record = next(one for one in caplog.records if one.name == "lpr_engine.api.request_id")
    assert record.request == f" (request {problem['request_id']})"  # type: ignore[attr-defined]
    assert "geheim" not in record.getMessage()
    assert "\n" not in record.getMessage()
    logging.getLogger("lpr_engine.api").info("outside of any request")
    plain = logging.makeLogRecord({"msg": "outside of any request"})
    assert RequestIdFilter().filter(plain)
    assert plain.request == ""  # type: ignore[attr-defined]
