"""Between a request's route and its handler: who asks, may they, and is it right."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.api.server import ApiServer
from tests.lpr_engine.api.echo import Echo
from tests.lpr_engine.api.serving import ADMIN, WHO, ask_json, raw, serving

VIEWER = {WHO: "viewer"}


@pytest.fixture(scope="module")
def server() -> Iterator[ApiServer]:
    with serving([Echo()]) as server:
        yield server


def test_queries_come_typed_with_defaults(server: ApiServer) -> None:
    assert ask_json(server, "/query", headers=VIEWER) == (200, {"count": 3})
    asked = "count=9&share=0.5&flag=true&word=abc&cameras=a&cameras=b&since=2026-01-31T12:00:00Z"
    assert ask_json(server, f"/query?{asked}", headers=VIEWER) == (
        200,
        {
            "count": 9,
            "share": 0.5,
            "flag": True,
            "word": "abc",
            "cameras": ["a", "b"],
            "since": "2026-01-31T12:00:00Z",
        },
    )


@pytest.mark.parametrize(
    ("query", "where", "told"),
    [
        ("count=0", "query.count", "at least 1"),
        ("count=10", "query.count", "at most 9"),
        ("count=1.5", "query.count", "integer"),
        ("count=%EF%BC%91", "query.count", "integer"),
        ("count=" + "9" * 5000, "query.count", "integer"),
        ("count=", "query.count", "integer"),
        ("count=1&count=2", "query.count", "more than once"),
        ("share=nan", "query.share", "number"),
        ("share=1e400", "query.share", "number"),
        ("share=inf", "query.share", "number"),
        ("flag=yes", "query.flag", "boolean"),
        ("word=abc%0A", "query.word", "form"),
        ("word=a%00", "query.word", "no text"),
        ("word=%FF", "query.word", "form"),
        ("word=%ED%A0%80", "query.word", "form"),
        ("since=yesterday", "query.since", "date-time"),
        ("since=2026-13-01T00:00:00Z", "query.since", "date-time"),
        ("since=2026-01-01T00:00:00", "query.since", "date-time"),
        ("since=9999-12-31T23:59:59-23:59", "query.since", "date-time"),
        ("cameras=a&cameras=b&cameras=c", "query.cameras", "at most 2"),
        ("cuont=1", "query.cuont", "unknown"),
    ],
)
def test_wrong_queries_are_told_with_their_place(
    server: ApiServer, query: str, where: str, told: str
) -> None:
    status, problem = ask_json(server, f"/query?{query}", headers=VIEWER)
    assert (status, problem["code"]) == (400, "request_invalid")
    (fault,) = problem["errors"]
    assert fault["where"] == where
    assert told in fault["detail"]


def test_everything_wrong_is_told_at_once_within_bounds(server: ApiServer) -> None:
    query = "&".join(f"unknown{number}={number}" for number in range(100))
    _, problem = ask_json(server, f"/query?{query}", headers=VIEWER)
    assert len(problem["errors"]) == 20


@given(st.text(max_size=60))
def test_no_query_breaks_anything(server: ApiServer, text: str) -> None:
    path = "/query?word=" + quote(text, safe="", errors="surrogatepass")
    status, _ = ask_json(server, path, headers=VIEWER)
    assert status == (200 if text and all("a" <= sign <= "z" for sign in text) else 400)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/things/7/rest", 200),
        ("/things/100/rest", 404),
        ("/things/-/rest", 404),
        ("/things/7/a%00b", 404),
        ("/things/7/%2e%2e", 200),
        ("/things/7/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 200),
        ("/things/7/..%5c..%5c", 200),
        ("/things/7/../../../etc/passwd", 404),
        ("//things/7/rest", 404),
        ("/things/7/%C0%AE", 200),
        ("/things/7/" + "a" * 5000, 200),
    ],
)
def test_paths_with_something_odd_in_them(server: ApiServer, path: str, status: int) -> None:
    """What looks like a way out of a folder is a plain value, and stays one."""
    answer = raw(server, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{WHO}: viewer\r\n")
    assert answer.split()[1] == str(status)
    assert "root:" not in answer


def test_nobody_is_told_to_sign_in_and_too_little_is_told(server: ApiServer) -> None:
    assert ask_json(server, "/query")[1]["code"] == "unauthorized"
    status, problem = ask_json(server, "/query", headers={WHO: "key:metrics"})
    assert (status, problem["code"]) == (403, "forbidden")
    assert "read" in problem["detail"]
    answer = raw(server, "GET /query HTTP/1.1\r\nHost: localhost\r\n")
    assert "WWW-Authenticate: Bearer" in answer


def test_what_is_wrong_with_a_request_is_told_only_to_whom_it_concerns(server: ApiServer) -> None:
    assert ask_json(server, "/query?count=0")[0] == 401
    assert ask_json(server, "/things", "POST", b"no json")[0] == 401


def test_a_wrong_credential_keeps_nobody_from_what_is_public(server: ApiServer) -> None:
    assert ask_json(server, "/open", headers={WHO: "viewer"}) == (200, {"name": "viewer"})
    assert ask_json(server, "/open", headers={WHO: "gone"}) == (200, {"name": None})
    assert ask_json(server, "/query", headers={WHO: "gone"})[0] == 401


def test_signed_urls_need_parameters_that_no_other_route_takes(server: ApiServer) -> None:
    signed = "expires=1&signature=x"
    assert ask_json(server, f"/picture?{signed}", headers=VIEWER)[0] == 200
    assert ask_json(server, f"/query?{signed}", headers=VIEWER)[0] == 400


def test_bodies_come_as_values(server: ApiServer) -> None:
    thing = {"name": "abc", "count": 1, "inner": [{"share": 0.5}, {"share": 1}]}
    assert ask_json(server, "/things", "POST", thing, ADMIN) == (200, {"body": thing})
    assert ask_json(server, "/maybe", "POST", thing, ADMIN) == (200, {"body": thing})
    assert ask_json(server, "/maybe", "POST", None, ADMIN) == (200, {"body": None})


@pytest.mark.parametrize(
    ("body", "where", "told"),
    [
        ({}, "body.name", "missing"),
        ([], "body", "object"),
        (None, "body", "object"),
        ({"name": 5}, "body.name", "string"),
        ({"name": "abc\n"}, "body.name", "form"),
        ({"name": "abcdefghijk"}, "body.name", "at most 10"),
        ({"name": "a", "count": True}, "body.count", "integer"),
        ({"name": "a", "count": 101}, "body.count", "at most 100"),
        ({"name": "a", "other": 1}, "body.other", "unknown"),
        ({"name": "a", "inner": [{"share": 1}, {}]}, "body.inner.1.share", "missing"),
        ({"name": "a", "inner": [{"share": "x"}]}, "body.inner.0.share", "number"),
        ({"name": "a", "when": "2026-01-01T00:00:00 DROP"}, "body.when", "date-time"),
        ({"name": "a", "secret": "hunter2"}, "body.secret", "at least 12"),
    ],
)
@pytest.mark.parametrize("path", ["/things", "/maybe"])
def test_wrong_bodies_are_told_with_their_place_and_without_their_values(
    server: ApiServer, path: str, body: object, where: str, told: str
) -> None:
    data = b"null" if body is None else body
    status, problem = ask_json(server, path, "POST", data, ADMIN)
    assert (status, problem["code"]) == (400, "request_invalid")
    (fault,) = problem["errors"]
    assert fault["where"] == where
    assert told in fault["detail"]
    assert "hunter2" not in str(problem)
