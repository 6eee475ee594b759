from itertools import pairwise

import pytest

from lpr_engine.training.evaluation.drives.scene.way import BRAKING_S, Stop, Way


def test_a_car_that_comes_was_farther_away_before():
    way = Way(30.0, -10.0, begins_s=2.0)
    assert [way.along_m(t) for t in (0, 2, 3)] == pytest.approx([50, 30, 20])


def test_a_parked_car_stays():
    assert Way(12.0, 0.0).along_m(0) == Way(12.0, 0.0).along_m(99) == 12.0


def test_a_stop_brakes_stands_and_goes_on():
    way = Way(30.0, -5.0, stops=(Stop(1.0, 3.0),))
    standing = [way.along_m(1.0 + BRAKING_S + t) for t in (0.0, 1.0, 2.9)]
    assert standing == pytest.approx([standing[0]] * 3)
    assert way.along_m(1.0) == pytest.approx(25.0)
    assert standing[0] == pytest.approx(25.0 - 5.0 * BRAKING_S / 2)
    after = 1.0 + 2 * BRAKING_S + 3.0
    assert way.along_m(after + 1) - way.along_m(after) == pytest.approx(-5.0)
    assert way.speed_at_m_s(1.0 + BRAKING_S / 2) == pytest.approx(-2.5, abs=0.1)


def test_a_car_never_turns_back_while_it_stops():
    way = Way(30.0, -5.0, stops=(Stop(1.0, 1.0), Stop(4.0, 0.5)))
    places = [way.along_m(t / 20) for t in range(160)]
    assert all(later <= sooner + 1e-9 for sooner, later in pairwise(places))
