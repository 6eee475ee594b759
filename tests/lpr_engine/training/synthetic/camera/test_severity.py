from itertools import pairwise

import pytest

from lpr_engine.training.synthetic.camera.severity import Severity


def test_the_highest_level_is_the_full_range():
    top, full = Severity.of(1), Severity()
    assert top.smallest_px == pytest.approx(full.smallest_px)
    assert (top.turn_degrees, top.shear, top.corner) == (
        full.turn_degrees,
        full.shear,
        full.corner,
    )
    assert (top.margin, top.photometric) == (full.margin, full.photometric)


def test_the_lowest_level_does_nothing():
    clean = Severity.of(0)
    assert clean.smallest_px == pytest.approx(48)
    assert clean.margin == (0, 0)
    assert clean.turn_degrees == clean.shear == clean.corner == clean.photometric == 0
    assert clean.steep == clean.bent == 0


def test_levels_rise_together():
    levels = [Severity.of(n / 10) for n in range(11)]
    for low, high in pairwise(levels):
        assert low.turn_degrees < high.turn_degrees
        assert low.smallest_px > high.smallest_px
        assert low.photometric < high.photometric
        assert low.steep <= high.steep


@pytest.mark.parametrize(("given", "taken"), [(-3, 0), (7, 1)])
def test_levels_beyond_the_ends_are_the_ends(given, taken):
    assert Severity.of(given) == Severity.of(taken)
