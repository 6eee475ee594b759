"""Pairing is optimal: compared with trying everything."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lpr_engine.tracking.assignment import assign

ALONE = 5.0


def total(costs: np.ndarray, pairs: dict[int, int]) -> float:
    paired = sum(float(costs[row, column]) for row, column in pairs.items())
    return paired + ALONE * (len(costs) - len(pairs))


def least_total(costs: np.ndarray) -> float:
    rows, columns = costs.shape
    choices = [*range(columns), *([None] * rows)]
    return min(
        sum(ALONE if at is None else costs[row, at] for row, at in enumerate(order))
        for order in set(permutations(choices, rows))
    )


@given(
    st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
        lambda shape: arrays(
            np.float64,
            shape,
            elements=st.one_of(st.floats(-5, 10, allow_nan=False), st.just(np.inf)),
        )
    )
)
def test_no_pairing_is_cheaper(costs):
    pairs = assign(costs, ALONE)
    assert len(set(pairs.values())) == len(pairs)
    assert total(costs, pairs) == pytest.approx(least_total(costs))


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_nothing_to_pair(shape):
    assert assign(np.zeros(shape), ALONE) == {}


def test_impossible_pairs_stay_alone():
    assert assign(np.full((3, 2), np.inf), ALONE) == {}


def test_a_dear_pair_stays_alone():
    assert assign(np.array([[4.0, 9.0], [9.0, 9.0]]), ALONE) == {0: 0}


def test_the_greedy_choice_is_not_taken():
    assert assign(np.array([[1.0, 2.0], [1.1, 4.9]]), ALONE) == {0: 1, 1: 0}
