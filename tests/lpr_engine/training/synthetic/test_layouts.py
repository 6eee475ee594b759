from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from lpr_engine.training.synthetic.bands import LOOKS
from lpr_engine.training.synthetic.formats import plate_formats
from lpr_engine.training.synthetic.layouts import LAYOUTS
from lpr_engine.training.synthetic.sheet import Sheet

_SIZE = (96, 400)
_GERMAN = next(one for one in plate_formats() if one.region == "DE")
_PLAIN = replace(_GERMAN, above=("WORDS",), below=("BELOW",))


def _sheet(seed):
    return Sheet.blank(_SIZE, ((250, 250, 250), (20, 20, 24)), np.random.default_rng(seed))


@pytest.mark.parametrize("layout", sorted(set(LAYOUTS) - {"america"}))
@pytest.mark.parametrize("spelling", ["AB 1234", "AB/1234"])
def test_rows_lie_on_the_plate_one_under_the_other(layout, spelling):
    for seed in range(12):
        areas = LAYOUTS[layout](_sheet(seed), _PLAIN, spelling)
        assert len(areas) == spelling.count("/") + 1
        for left, top, right, bottom in areas:
            assert 0 <= left < right <= _SIZE[1]
            assert 0 <= top < bottom <= _SIZE[0]
            assert bottom - top >= 8
        assert all(one[3] <= two[1] + 2 for one, two in pairwise(areas))


@pytest.mark.parametrize("look", LOOKS)
def test_a_strip_takes_its_room_from_the_text(look):
    with_strip, without = (
        [
            LAYOUTS["europe"](_sheet(seed), replace(_PLAIN, band=code, band_look=look), "AB 1")[0]
            for seed in range(20)
        ]
        for code in ("D", "")
    )
    assert np.mean([area[0] for area in with_strip]) > np.mean([area[0] for area in without]) + 15


def test_a_strip_may_stand_at_the_right():
    areas = [
        LAYOUTS["europe"](_sheet(seed), replace(_PLAIN, band="+KSA"), "1234 ABC")[0]
        for seed in range(20)
    ]
    assert np.median([_SIZE[1] - area[2] for area in areas]) > np.median([a[0] for a in areas]) + 15
