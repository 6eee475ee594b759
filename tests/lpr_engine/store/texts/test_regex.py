"""Expressions that are malformed, unknown or hostile are refused; none takes long."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpr_engine.model.errors import SearchError
from lpr_engine.store.texts.index import TextIndex
from lpr_engine.store.texts.regex import parse_regex


@pytest.fixture(scope="module")
def index() -> TextIndex:
    index = TextIndex()
    index.learn([(1, "A" * 30), (2, "AB12CDE"), (3, "ÄB1")])
    return index


def found(index: TextIndex, expression: str) -> list[int]:
    return sorted(index.matching(parse_regex(expression), anywhere=True).tolist())


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("(", "a group is never closed"),
        (")", "was never opened"),
        ("[A", "never closed"),
        ("[]", "a set of signs is empty"),
        ("[Z-A]", "no range of signs"),
        ("*A", "nothing to repeat"),
        ("A**", "a repetition is repeated"),
        ("A{3", "a repetition such as"),
        ("A{4,2}", "from few to many"),
        ("A{99}", "at most 64"),
        ("^*", "an edge of the text cannot be repeated"),
        (r"(A)\1", "the escape"),
        (r"\bA", "the escape"),
        ("A\\", "the escape"),
        ("(?=A)", "only"),
        ("(?P<x>A)", "only"),
        ("(" * 21 + ")" * 21, "nested"),
    ],
)
def test_what_is_not_known_is_refused_with_its_place(expression: str, why: str) -> None:
    with pytest.raises(SearchError, match=why) as told:
        parse_regex(expression)

    assert "character" in str(told.value)


@pytest.mark.parametrize(
    ("expression", "numbers"),
    [
        ("(A+)+$", [1]),
        ("(A|A)*C", [2]),
        ("(A|AA)+$", [1]),
        ("(.*)*X", []),
        ("(A*)*(A*)*(A*)*X", []),
        ("((((A+)+)+)+)+B", [2]),
        ("^" + "A?" * 49, [1, 2, 3]),
    ],
)
def test_what_makes_other_engines_hang_is_answered(
    index: TextIndex, expression: str, numbers: list[int]
) -> None:
    assert found(index, expression) == numbers


@pytest.mark.parametrize(
    "expression",
    ["A{64}" * 8, "(A{60}){60}", "(((A{9}){9}){9}){9}", "A.{30}" * 2, "(A|B)" * 150],
)
def test_what_needs_too_much_is_refused(index: TextIndex, expression: str) -> None:
    with pytest.raises(SearchError, match=r"too long|too complex"):
        found(index, expression)


@pytest.mark.parametrize(
    ("expression", "numbers"),
    [
        ("ab-12", [2]),
        ("ab 12", [2]),
        (r"ab\-12", [2]),
        ("[a-c]{2}[ -]?12", [2]),
        ("^äb", [3]),
        ("ä", [3]),
        ("\uff21\uff22\uff11", [2]),
        ("", [1, 2, 3]),
        ("x|", [1, 2, 3]),
    ],
)
def test_small_letters_and_separators_do_not_matter(
    index: TextIndex, expression: str, numbers: list[int]
) -> None:
    assert found(index, expression) == numbers


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_answered_or_refused(expression: str) -> None:
    index = TextIndex()
    index.learn([(1, "AB12CDE")])
    try:
        found(index, expression)
    except SearchError as err:
        assert str(err)
