"""The permission walk: every route of the OpenAPI document, tried as everybody."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from lpr_engine.model.access import SCOPES_OF_ROLE, Role, Scope
from tests.lpr_engine.api.serving import WHO
from tests.lpr_engine.api.whole_door import document_of, whole_door

EVERYBODY: dict[str | None, frozenset[Scope]] = {
    None: frozenset(),
    **{role.value: SCOPES_OF_ROLE[role] for role in Role},
    "key:": frozenset(),
    **{f"key:{scope.value}": frozenset({scope}) for scope in Scope},
    "key:read,operate": frozenset({Scope.READ, Scope.OPERATE}),
}
PUBLIC = re.compile(
    r"/healthz|/readyz|/api/docs(/\{file\})?|/api/v1/openapi\.json"
    r"|/api/v1/(session|sign-in|sign-out|setup|access/.*)"
)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with whole_door(tmp_path_factory.mktemp("door")) as url:
        yield url


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def status_of(door: str, method: str, path: str, who: str | None) -> int:
    """The answer to a request that no handler gets: its query holds what no route has."""
    filled = re.sub(r"\{\w+\}", "1", path)
    headers = {} if who is None else {WHO: who}
    request = urllib.request.Request(  # noqa: S310 - http
        f"{door}{filled}?nobody_knows_this=1", method=method.upper(), headers=headers
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - http
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code


@pytest.mark.parametrize("who", EVERYBODY, ids=str)
def test_every_route_lets_in_whom_the_document_says(door: str, who: str | None) -> None:
    wrong = []
    for method, path, operation in operations(document_of(door)):
        needs = operation["x-needs"]
        allowed = needs is None or Scope(needs) in EVERYBODY[who]
        expected = (400, 404) if allowed else (401,) if who is None else (403,)
        status = status_of(door, method, path, who)
        if status not in expected:
            wrong.append(f"{method.upper()} {path} as {who}: {status}, not {expected}")
    assert wrong == []


def test_what_changes_something_needs_more_than_looking(door: str) -> None:
    for method, path, operation in operations(document_of(door)):
        if operation["x-needs"] is None:
            assert PUBLIC.fullmatch(path), f"{path} is open to everybody"
            assert operation["security"] == []
        else:
            assert {"key": [operation["x-needs"]]} in operation["security"]
        if method in ("put", "patch", "delete"):
            assert operation["x-needs"] not in ("metrics",), f"{method} {path}"


def test_the_walk_would_see_an_open_door(door: str) -> None:
    assert status_of(door, "get", "/api/v1/passages", None) == 401
    assert status_of(door, "get", "/api/v1/passages", "key:metrics") == 403
    assert status_of(door, "get", "/api/v1/passages", "viewer") == 400
