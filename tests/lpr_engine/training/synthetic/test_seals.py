import numpy as np
import pytest

from lpr_engine.training.synthetic.seals import PLACES, fill_gap
from lpr_engine.training.synthetic.sheet import Sheet

_WHITE = ((250, 250, 250), (20, 20, 24))
_BOX = (100, 16, 130, 80)


def _filled(place, seed=1):
    sheet = Sheet.blank((96, 300), _WHITE, np.random.default_rng(seed))
    before = sheet.image.copy()
    fill_gap(sheet, _BOX, place)
    return (sheet.image != before).any(2)


@pytest.mark.parametrize("place", [name for name in PLACES if name != "blank"])
def test_a_place_is_filled_inside_its_box(place):
    rows, columns = np.nonzero(_filled(place))
    left, top, right, bottom = _BOX
    assert len(rows)
    assert left - 3 <= columns.min()
    assert columns.max() <= right + 3
    assert top - 3 <= rows.min()
    assert rows.max() <= bottom + 3


def test_blank_is_a_gap():
    assert not _filled("blank").any()


def test_seals_come_off_now_and_then():
    filled = [_filled("dot", seed).any() for seed in range(80)]
    assert 0.8 < np.mean(filled) < 1
