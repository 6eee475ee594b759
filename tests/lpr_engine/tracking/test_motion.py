"""Prediction: constant velocity, doubt that grows with time, independence of resolution."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.model.geometry import Box
from lpr_engine.tracking.motion import Motion, Place


def test_a_steady_car_is_predicted():
    motion = Motion(Place(0.1, 0.5, 0.1, 0.025))
    for number in range(1, 10):
        motion.observe(Place(0.1 + 0.3 * number, 0.5 - 0.1 * number, 0.1, 0.025), 0.2)
    ahead = motion.predict(0.2)
    assert (ahead.x, ahead.y) == pytest.approx((3.1, -0.5), abs=0.01)


def test_doubt_grows_with_time_and_shrinks_with_observations():
    motion = Motion(Place(0.1, 0.5, 0.1, 0.025))
    before = motion.predict(0.2).variance
    assert motion.predict(1.0).variance > before
    motion.observe(Place(0.1, 0.5, 0.1, 0.025), 0.2)
    motion.observe(Place(0.1, 0.5, 0.1, 0.025), 0.2)
    assert motion.predict(0.2).variance < before


@given(st.floats(0.0, 1e4), st.lists(st.floats(0.0, 60.0), max_size=6))
def test_variance_stays_positive(elapsed_s, gaps_s):
    motion = Motion(Place(0.5, 0.5, 0.1, 0.03))
    for gap_s in gaps_s:
        motion.observe(Place(0.6, 0.4, 0.1, 0.03), gap_s)
    assert motion.predict(elapsed_s).variance > 0


def test_place_is_the_same_in_another_resolution(build):
    large = Place.of(Box(600, 300, 700, 325), build.frame(0))
    small = Place.of(Box(300, 150, 350, 162.5), build.frame(0, width=640, height=360))
    assert large == small


def test_steps_count_plate_lengths():
    here = Place(0.5, 0.5, 0.1, 0.02)
    assert here.steps_to(Place(0.8, 0.5, 0.1, 0.02)) == pytest.approx(3)
    assert here.growth_to(Place(0.5, 0.5, 0.2, 0.04)) == pytest.approx(0.693, abs=1e-3)


def test_square_plates_are_as_long_as_their_height_tells():
    assert Place(0.5, 0.5, 0.05, 0.04).size == pytest.approx(0.1)
