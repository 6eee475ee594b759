"""Cursors lead back to their place, and nothing else is one."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.model.errors import CursorError
from lpr_engine.store.place import cursor_of, place_of

parts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.lists(parts, min_size=1, max_size=3))
def test_cursor_leads_to_its_place(place: list[str]) -> None:
    assert place_of(cursor_of(*place), len(place)) == tuple(place)
    with pytest.raises(CursorError):
        place_of(cursor_of(*place), len(place) + 1)


def encoded(data: object) -> str:
    text = json.dumps(data, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "data", [None, 7, "a", {}, {"a": "b"}, [], [1], [None], [["a"]], ["\ud800"], [10**400]], ids=str
)
def test_other_data_is_no_place(data: object) -> None:
    with pytest.raises(CursorError):
        place_of(encoded(data), 1)


@given(st.one_of(st.text(), st.text("ABab01-_=", max_size=30)))
def test_other_text_is_no_place(text: str) -> None:
    with pytest.raises(CursorError):
        place_of(text, 1)
