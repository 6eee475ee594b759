"""Network outputs become distributions, whatever the network ends in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lpr_engine.vision.probabilities import as_probabilities


@given(
    arrays.arrays(
        np.float32,
        (2, 3, 5),
        elements=st.floats(-50, 50, width=32) | st.just(float("nan")) | st.just(float("inf")),
    )
)
def test_every_row_sums_to_one(output: np.ndarray) -> None:
    rows = as_probabilities(output)

    assert rows.dtype == np.float32
    assert (rows >= 0).all()
    assert rows.sum(axis=-1) == pytest.approx(1, abs=1e-5)


@given(arrays.arrays(np.float32, (3, 5), elements=st.floats(-5, 5, width=32)))
def test_order_is_kept(output: np.ndarray) -> None:
    best = as_probabilities(output).argmax(axis=-1)

    assert output[np.arange(3), best] == pytest.approx(output.max(axis=-1), abs=1e-6)


def test_distributions_stay_as_they_are_within_half_precision() -> None:
    given_rows = np.array([[0.7, 0.2, 0.1], [0.3333, 0.3333, 0.3333]], np.float16)

    assert as_probabilities(given_rows) == pytest.approx(given_rows.astype(np.float32), abs=1e-3)


def test_broken_row_is_uniform_and_harms_no_other() -> None:
    rows = as_probabilities(np.array([[np.nan, 1, 2, 3], [0.7, 0.1, 0.1, 0.1]], np.float32))

    assert rows[0] == pytest.approx(0.25)
    assert rows[1] == pytest.approx([0.7, 0.1, 0.1, 0.1])
