import numpy as np
import pytest

from lpr_engine.training.synthetic.landscape import DRAWINGS


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_marks_its_box_and_little_else(name):
    picture = np.full((100, 200, 3), 255, np.uint8)
    DRAWINGS[name](picture, (60.0, 30.0, 120.0, 80.0), (30, 60, 90), np.random.default_rng(2))
    changed = (picture != 255).any(2)
    assert changed[25:85, 55:125].sum() > 40
    changed[15:95, 45:150] = False
    assert not changed.any()


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_may_reach_over_the_edge(name):
    picture = np.full((40, 80, 3), 255, np.uint8)
    DRAWINGS[name](picture, (-30.0, -20.0, 90.0, 60.0), (30, 60, 90), np.random.default_rng(2))
    assert picture.shape == (40, 80, 3)
    assert (picture != 255).any()
