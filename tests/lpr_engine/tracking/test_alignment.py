"""Slots of two readings, paired in order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpr_engine.tracking.alignment import align
from lpr_engine.tracking.spelling import spell


@pytest.fixture(scope="session")
def chances(build):
    def make(text, certainty=0.9):
        spelling = spell(build.observation(None, 9, 9, reading=build.reading(text, certainty)))
        return np.exp(spelling.evidence(build.signs))

    return make


@pytest.mark.parametrize(
    ("pivot", "other", "expected"),
    [
        ("ABC", "ABC", [(0, 0), (1, 1), (2, 2)]),
        ("ABC", "AC", [(0, 0), (1, None), (2, 1)]),
        ("AC", "ABC", [(0, 0), (None, 1), (1, 2)]),
        ("ABCD", "BCD", [(0, None), (1, 0), (2, 1), (3, 2)]),
        ("AB", "AB9", [(0, 0), (1, 1), (None, 2)]),
        ("ABCDE", "ABXDE", [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)]),
        ("ABCDEF", "BCDEFG", [(0, None), *[(n, n - 1) for n in range(1, 6)], (None, 5)]),
    ],
)
def test_align(chances, pivot, other, expected):
    assert align(chances(pivot), chances(other)) == expected


texts = st.text("AB12XYZ", min_size=1, max_size=8)


@settings(deadline=None)
@given(texts, texts)
def test_every_slot_appears_once_in_order(chances, pivot, other):
    pairs = align(chances(pivot), chances(other))
    assert [row for row, _ in pairs if row is not None] == list(range(len(pivot)))
    assert [column for _, column in pairs if column is not None] == list(range(len(other)))
