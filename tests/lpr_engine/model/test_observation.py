import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.model.observation import Reading

ALPHABET = "ABC_"


def reading(rows: list[list[float]], text: str = "", pad: str = "_") -> Reading:
    return Reading(text, np.array(rows, dtype=np.float32).reshape(-1, 4), ALPHABET, pad)


@st.composite
def matrices(draw: st.DrawFn) -> list[list[float]]:
    row = st.lists(st.integers(1, 1000), min_size=4, max_size=4, unique=True)
    weights = draw(st.lists(row, max_size=8))
    return [[value / sum(row) for value in row] for row in weights]


def test_characters_are_the_best_of_each_slot_without_pads() -> None:
    one = reading([[0.7, 0.1, 0.1, 0.1], [0.1, 0.1, 0.2, 0.6], [0.0, 0.5, 0.4, 0.1]], "AB")
    assert [sign for sign, _ in one.characters] == ["A", "B"]
    assert [value for _, value in one.characters] == pytest.approx([0.7, 0.5])


def test_confidence_counts_the_slots_that_are_read_as_empty() -> None:
    one = reading([[0.7, 0.1, 0.1, 0.1], [0.1, 0.1, 0.2, 0.6]], "A")
    assert one.confidence == pytest.approx(0.7 * 0.6)


def test_another_sign_may_stand_for_an_empty_slot() -> None:
    one = reading([[0.7, 0.1, 0.1, 0.1], [0.1, 0.1, 0.2, 0.6]], "_", pad="A")
    assert [sign for sign, _ in one.characters] == ["_"]


@given(matrices())
def test_confidence_is_a_probability_no_higher_than_any_characters(rows: list[list[float]]) -> None:
    one = reading(rows)
    assert 0 <= one.confidence <= 1 + 1e-6
    assert all(one.confidence <= value + 1e-6 for _, value in one.characters)
    assert one.confidence == pytest.approx(math.prod(max(row) for row in rows), rel=1e-4)


@given(matrices())
def test_characters_spell_the_best_of_each_slot(rows: list[list[float]]) -> None:
    best = "".join(ALPHABET[row.index(max(row))] for row in rows)
    one = reading(rows)
    assert "".join(sign for sign, _ in one.characters) == best.replace("_", "")
    assert all(isinstance(value, float) for _, value in one.characters)


def test_plate_without_slots_is_read_as_nothing() -> None:
    assert reading([]).characters == ()
    assert reading([]).confidence == 1.0
