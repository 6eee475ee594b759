"""The likeliest texts of independent places."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lpr_engine.tracking.candidate import likeliest_texts


def test_certain_places_spell_one_text():
    found = likeliest_texts(np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]), "AB")
    assert [(one.text, one.probability) for one in found] == [("AB", 1.0)]


def test_the_same_text_from_different_places_is_one():
    found = likeliest_texts(np.array([[0.5, 0.5], [0.5, 0.5]]), "A")
    assert {one.text: one.probability for one in found} == pytest.approx({"A": 0.5, "AA": 0.25})


def test_nothing_but_absence_is_no_text():
    assert likeliest_texts(np.array([[1.0, 0.0]]), "A") == []


@given(arrays(np.float64, (3, 3), elements=st.floats(0.01, 1.0)))
def test_as_if_every_text_had_been_tried(odds):
    places = odds / odds.sum(axis=1, keepdims=True)
    chances: dict[str, float] = {}
    for choice in product(range(3), repeat=3):
        text = "".join(["", "A", "B"][at] for at in choice)
        chance = float(np.prod([places[row, at] for row, at in enumerate(choice)]))
        chances[text] = chances.get(text, 0.0) + chance
    chances.pop("")
    for one in likeliest_texts(places, "AB"):
        assert one.probability == pytest.approx(chances[one.text])
        assert "".join(sign for sign, _ in one.characters) == one.text
