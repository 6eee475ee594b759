"""The index of texts against plain Python, text by text."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpr_engine.grammar.confusion import distance
from lpr_engine.store.texts import columns
from lpr_engine.store.texts.index import TextIndex
from lpr_engine.store.texts.nearness import cost_tenths
from lpr_engine.store.texts.regex import parse_regex
from lpr_engine.store.texts.wildcard import parse_wildcard

PLATE = st.text("AB8OQ01I", min_size=0, max_size=8)
TEXTS = st.lists(PLATE, unique=True, max_size=40)


def index_of(texts: list[str], step: int = 7) -> TextIndex:
    """An index that learned the texts, numbered from 10, in several steps."""
    index = TextIndex()
    rows = list(enumerate(texts, start=10))
    for start in range(0, len(rows), step):
        index.learn(rows[start : start + step])
    return index


def named(texts: list[str], numbers: np.ndarray) -> list[str]:
    return sorted(texts[number - 10] for number in numbers.tolist())


@settings(deadline=None)
@given(texts=TEXTS, start=PLATE)
def test_beginning(texts: list[str], start: str) -> None:
    found = index_of(texts).beginning(start)

    assert named(texts, found) == sorted(text for text in texts if text.startswith(start))


@settings(deadline=None)
@given(texts=TEXTS, pattern=st.text("AB8O*?", max_size=7))
def test_wildcards_fit_whole_texts(texts: list[str], pattern: str) -> None:
    found = index_of(texts).matching(parse_wildcard(pattern), anywhere=False)

    assert named(texts, found) == sorted(text for text in texts if fnmatchcase(text, pattern))


def expressions() -> st.SearchStrategy[str]:
    atoms = st.sampled_from(["A", "B", "8", ".", r"\d", r"\D", r"\w", "[A8]", "[^AB]", "[0-8B]"])

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        repeated = st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{1,}", "+?"]))
        return st.one_of(
            st.lists(inner, max_size=3).map("".join),
            st.lists(inner, min_size=2, max_size=3).map(lambda some: f"({'|'.join(some)})"),
            repeated.map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
        )

    edges = st.sampled_from([("", ""), ("^", ""), ("", "$"), ("^", "$")])
    inner = st.recursive(atoms, larger, max_leaves=6)
    return st.tuples(edges, inner).map(lambda parts: parts[0][0] + parts[1] + parts[0][1])


@settings(deadline=None)
@given(texts=TEXTS, expression=expressions())
def test_expressions_fit_what_pythons_fit(texts: list[str], expression: str) -> None:
    found = index_of(texts).matching(parse_regex(expression), anywhere=True)

    wanted = [text for text in texts if re.search(expression, text)]
    assert named(texts, found) == sorted(wanted)


@settings(deadline=None)
@given(texts=TEXTS, text=st.text("AB8OQ01I", min_size=1, max_size=8), limit=st.integers(0, 30))
def test_near_is_the_distance_of_the_grammar(texts: list[str], text: str, limit: int) -> None:
    near = index_of(texts).near(text, limit)

    found = {
        texts[number - 10]: tenths / 10
        for number, tenths in zip(near.numbers.tolist(), near.tenths.tolist(), strict=True)
    }
    wanted = {other: round(distance(text, other), 1) for other in texts}
    assert found == {other: far for other, far in wanted.items() if far <= limit / 10}


def test_long_sweeps_go_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "CHUNK", 10)
    texts = [f"A{number:03d}" for number in range(95)]
    index = index_of(texts)

    assert named(texts, index.near("A093", 0).numbers) == ["A093"]
    assert len(index.matching(parse_regex("9$"), anywhere=True)) == 9


@pytest.mark.parametrize(
    ("first", "second", "tenths"),
    [
        ("A", "A", 0),
        ("0", "O", 2),
        ("8", "3", 5),
        ("A", "X", 10),
        ("А", "A", 1),  # noqa: RUF001 - Cyrillic on purpose
        ("Ü", "U", 1),
        ("О", "0", 2),  # noqa: RUF001 - Cyrillic on purpose
    ],
)
def test_signs_of_other_scripts_are_lookalikes(first: str, second: str, tenths: int) -> None:
    assert cost_tenths(first, second) == cost_tenths(second, first) == tenths


def test_any_script_and_any_length_is_found() -> None:
    texts = ["京A12345", "ب12", "𝔄", "X" * 5000, ""]  # noqa: RUF001
    index = index_of(texts, step=1)

    for text in texts[:4]:
        assert named(texts, index.beginning(text)) == [text]
        assert named(texts, index.near(text[:40], 0).numbers) == ([text] if len(text) < 40 else [])
    assert len(index.matching(parse_regex("^$"), anywhere=True)) == 1
    assert named(texts, index.matching(parse_regex("^[^A-Z0-9]"), anywhere=True)) == sorted(
        texts[:3]
    )
    assert len(index.beginning("Z")) == 0


def test_nothing_learned_is_nothing_found() -> None:
    index = TextIndex()
    index.learn([])

    assert index.last == 0
    assert len(index.beginning("A")) == 0
    assert len(index.matching(parse_regex(".*"), anywhere=True)) == 0
    assert len(index.near("A", 30).numbers) == 0
