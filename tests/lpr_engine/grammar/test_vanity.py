"""Chosen texts look like words; the model is a distribution, and small."""

from __future__ import annotations

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.grammar.vanity import vanity_odds

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize("length", [1, 2, 3])
def test_odds_are_those_of_a_distribution(length):
    mean = sum(vanity_odds("".join(text)) for text in product(SIGNS, repeat=length)) / 36**length
    assert mean == pytest.approx(1.0, rel=1e-3)


@pytest.mark.parametrize(
    ("usual", "odd"),
    [("PLATO", "PLAT0"), ("OUT", "0UT"), ("ACE100", "ACE1OO"), ("IVAN", "1VAN")],
)
def test_the_kind_of_the_neighbours_decides(usual, odd):
    assert vanity_odds(usual) > 3 * vanity_odds(odd)


@given(st.text(max_size=12))
def test_any_text_has_odds(text):
    value = vanity_odds(text)
    assert value >= 0.0
    assert math.isfinite(value)
    assert (value > 0.0) == (text != "" and set(text) <= set(SIGNS))
