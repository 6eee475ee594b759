"""docs/api.md tells every route with the scope that it needs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lpr_engine.api.problem import _CODES
from tests.lpr_engine.api.whole_door import document_of, whole_door

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([A-Z]+) ([^`]+)` \| (?:—|`(\w+)`)", re.MULTILINE)
BY_PAGE_ALONE = {("GET", "/api/docs/{file}")}


def test_page_has_every_route_with_its_scope(tmp_path_factory: pytest.TempPathFactory) -> None:
    with whole_door(tmp_path_factory.mktemp("door")) as url:
        document = document_of(url)
    served = {
        (method.upper(), path): operation["x-needs"]
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    told = {(method, path): scope or None for method, path, scope in ROW.findall(PAGE)}
    assert told == {one: needs for one, needs in served.items() if one not in BY_PAGE_ALONE}


def test_page_has_the_codes_of_errors() -> None:
    missing = [
        code for code in _CODES.values() if f"`{code}`" not in PAGE and code != "bad_request"
    ]
    assert missing == []
