"""What a path allows is told truly, whatever other paths' patterns fit it as well."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from lpr_engine.api.passages import PASSAGE_ID
from tests.lpr_engine.api.serving import ADMIN
from tests.lpr_engine.api.whole_door import document_of, whole_door

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
UNASKED = "nobody_knows_this=1"


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with whole_door(tmp_path_factory.mktemp("door")) as url:
        yield url


def ask(door: str, method: str, path: str) -> tuple[int, str | None]:
    """Status and `Allow`; the query keeps every handler from doing anything."""
    filled = re.sub(r"\{\w+\}", str(PASSAGE_ID.example), path)
    url = f"{door}{filled}?{UNASKED}"
    request = urllib.request.Request(url, method=method, headers=ADMIN)  # noqa: S310 - http
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - http
            return answer.status, answer.headers["Allow"]
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers["Allow"]


def documented(door: str) -> dict[str, set[str]]:
    """Each path's methods, with the HEAD that comes with a GET whose answer ends."""
    found: dict[str, set[str]] = {}
    for path, operations in document_of(door)["paths"].items():
        found[path] = {method.upper() for method in operations}
        lasts = {"x-websocket", "x-lasting"} & set(operations.get("get", ()))
        if "get" in operations and not lasts:
            found[path].add("HEAD")
    return found


def test_every_path_allows_what_the_document_says(door: str) -> None:
    paths = documented(door)
    assert len(paths) > 40
    told = {path: ask(door, "OPTIONS", path) for path in paths}
    assert told == {path: (405, ",".join(sorted(methods))) for path, methods in paths.items()}


def test_what_is_not_allowed_is_refused_and_nothing_else_is(door: str) -> None:
    wrong = [
        f"{method} {path}"
        for path, methods in documented(door).items()
        for method in METHODS
        if (ask(door, method, path)[0] == 405) is (method in methods)
    ]
    assert wrong == []


def test_the_export_does_not_promise_to_be_deleted(door: str) -> None:
    assert ask(door, "DELETE", "/api/v1/passages/export") == (405, "GET")
    assert ask(door, "OPTIONS", "/api/v1/passages/{id}") == (405, "DELETE,GET,HEAD")
