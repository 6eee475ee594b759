"""Readings made fit for voting, or turned away."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.model.observation import Reading
from lpr_engine.tracking.spelling import MAX_CHARACTERS, spell, unit_interval


def spelled(build, reading, quality=0.9):
    return spell(build.observation(None, 50, 50, reading=reading, quality=quality))


def test_empty_slots_are_left_out(build):
    spelling = spelled(build, build.reading("LS15EBC"))
    assert spelling.text == "LS15EBC"
    assert spelling.rows.shape == (7, 37)
    assert np.allclose(spelling.rows.sum(axis=1), 1.0)
    assert spelling.certainty == pytest.approx(0.95)
    assert spelling.confidence == pytest.approx(0.95**7 * 0.98**3)


def test_a_slot_that_may_be_empty_stays(build):
    table = build.reading("AB").probabilities.copy()
    table[2] = 0.0
    table[2, [1, -1]] = 0.4, 0.6
    spelling = spelled(build, Reading("AB", table, build.signs + "_"))
    assert (spelling.text, len(spelling.rows)) == ("AB", 3)


@pytest.mark.parametrize(
    "reading",
    [
        Reading("", np.empty((0, 3), np.float32), "AB_"),
        Reading("A", np.ones((4, 2), np.float32), "AB_"),
        Reading("A", np.ones(3, np.float32), "AB_"),
        Reading("A", np.full((4, 3), math.nan, np.float32), "AB_"),
        Reading("A", np.full((4, 3), -1.0, np.float32), "AB_"),
        Reading("A", np.zeros((4, 3), np.float32), "AB_"),
        Reading("A", np.ones((4, 3), np.float32), "AA_"),
        Reading("", np.ones((4, 1), np.float32), "_"),
        Reading("", np.tile(np.float32([0, 0, 1]), (4, 1)), "AB_"),
        Reading("A" * 40, np.tile(np.float32([1, 0, 0]), (40, 1)), "AB_"),
    ],
)
def test_what_cannot_vote(build, reading):
    assert spelled(build, reading) is None


def test_an_alphabet_without_a_pad(build):
    spelling = spelled(build, Reading("AB", np.eye(2, dtype=np.float32), "AB", pad=""))
    assert spelling.text == "AB"
    assert spelling.rows.shape == (2, 3)


def test_no_reading(build):
    assert spell(build.observation(None, 50, 50)) is None


@given(st.integers(1, MAX_CHARACTERS), st.floats(0.3, 1.0), st.floats(0.0, 1.0))
def test_evidence_is_a_distribution(build, length, certainty, quality):
    spelling = spelled(build, build.reading("A" * length, certainty), quality)
    for rows in (spelling.evidence(build.signs), spelling.absence(build.signs)[None]):
        assert np.isfinite(rows).all()
        assert np.allclose(np.exp(rows).sum(axis=1), 1.0)


def test_worse_crops_are_doubted_more(build):
    sharp, blurred = (spelled(build, build.reading("AB1"), quality) for quality in (1.0, 0.1))
    assert sharp.doubt < blurred.doubt < 0.5
    assert sharp.weight > blurred.weight


@given(st.floats())
def test_unit_interval(value):
    assert 0.0 <= unit_interval(value) <= 1.0
