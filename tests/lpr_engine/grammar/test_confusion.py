"""Costs, distances and folds between characters that look alike."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.grammar.confusion import (
    LOOKALIKE_COST,
    LOOKALIKES,
    dissimilarity,
    distance,
    fold,
    mistake_kernel,
    normalize,
    shape,
    substitution_cost,
)

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
texts = st.text(SIGNS, max_size=9)
signs = st.sampled_from(SIGNS)


@given(signs, signs)
def test_costs_are_symmetric_and_bounded(first, second):
    cost = substitution_cost(first, second)
    assert cost == substitution_cost(second, first)
    assert 0.0 <= cost <= 1.0
    assert (cost == 0.0) == (first == second)


@pytest.mark.parametrize("group", LOOKALIKES)
def test_lookalikes_are_cheap(group):
    assert {substitution_cost(a, b) for a in group for b in group if a != b} == {LOOKALIKE_COST}


@pytest.mark.parametrize("pair", ["A9", "MI", "W7", "XO"])
def test_other_characters_are_dear(pair):
    assert substitution_cost(*pair) == 1.0


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("", "", 0.0),
        ("ABC", "ABC", 0.0),
        ("ABC", "", 3.0),
        ("AB0", "ABO", 0.2),
        ("AB", "ABC", 1.0),
        ("ABC", "XBC", 1.0),
        ("8B1", "B81", 0.4),
        ("LS15EBC", "S15EBC", 1.0),
    ],
)
def test_distance(first, second, expected):
    assert distance(first, second) == pytest.approx(expected)


def test_gap_cost_is_chosen():
    assert distance("AB", "ABC", 0.25) == 0.25


@given(texts, texts, texts)
def test_distance_is_a_distance(first, second, third):
    assert distance(first, second) == pytest.approx(distance(second, first))
    assert (distance(first, second) == 0.0) == (first == second)
    assert distance(first, second) <= max(len(first), len(second))
    assert 0.0 <= dissimilarity(first, third) <= 1.0


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("b-ab 12", "BAB12"),
        (" ls15·ebc ", "LS15EBC"),
        ("Ö-Ü 1", "ÖÜ1"),
        ("A\u0308B", "ÄB"),
        ("--", ""),
        ("１２", "12"),  # noqa: RUF001 - full-width digits come from keyboards of the Far East
        ("١٢٣ ب", "123ب"),
        ("ᄀ-ᅡ", "가"),
        ("\ud800A\0\u202eB", "AB"),
    ],
)
def test_normalize(written, stored):
    assert normalize(written) == stored


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("0DQ8", "OOOB"),
        ("I1L", "111"),
        ("Z5G", "2S6"),
        ("ÄÖÜ1", "AOUI"),
        ("А123ВС", "A123BC"),  # noqa: RUF001 - Cyrillic lookalikes on purpose
        ("ab-12", "AB12"),
    ],
)
def test_folds_that_meet(text, same):
    assert fold(text) == fold(same)


@given(texts)
def test_fold_is_idempotent_and_keeps_length(text):
    assert fold(fold(text)) == fold(text)
    assert len(fold(text)) == len(text)


@given(texts, st.randoms())
def test_fold_is_blind_to_lookalikes_alone(text, random):
    groups = {sign: group for group in LOOKALIKES for sign in group}
    twin = "".join(random.choice(groups.get(sign, sign)) for sign in text)
    assert fold(twin) == fold(text)
    assert distance(twin, text) <= LOOKALIKE_COST * len(text) + 1e-9


def test_kernel_rows_are_probabilities_that_favour_lookalikes():
    kernel = mistake_kernel(SIGNS)
    assert np.allclose(kernel.sum(axis=1), 1.0)
    row = kernel[SIGNS.index("8")]
    assert row[SIGNS.index("B")] > row[SIGNS.index("M")] > 0


@pytest.mark.parametrize("alphabet", ["A", "AM", "ÄЖ"])
def test_kernel_of_odd_alphabets(alphabet):
    assert np.allclose(mistake_kernel(alphabet).sum(axis=1), 1.0)


def test_no_sign_changes_when_normalized_again():
    for code in range(sys.maxunicode + 1):
        plain = normalize(chr(code))
        assert normalize(plain) == plain


@given(st.text())
def test_no_text_changes_when_normalized_again(text):
    plain = normalize(text)
    assert normalize(plain) == plain
    assert plain.isalnum() or not plain


@given(st.text())
def test_shape_keeps_the_length_and_unites_lookalikes(text):
    assert len(shape(text)) == len(text)
    assert shape(shape(text)) == shape(text)
    assert fold(shape(text)) == fold(text)
