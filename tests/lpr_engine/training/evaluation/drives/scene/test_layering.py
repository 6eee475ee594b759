import numpy as np
import pytest

from lpr_engine.training.evaluation.drives.scene.layering import Sheet
from lpr_engine.training.evaluation.drives.scene.levels import Levels

LIGHT = np.ones(3, np.float32)


def square(x, y, size):
    return np.array([[x, y], [x + size, y], [x + size, y + size], [x, y + size]], np.float32)


def white(size=64):
    layer = np.ones((size, size, 4), np.float32)
    layer[..., :3] = 200
    return Levels(layer)


def laid(quad, way=(0.0, 0.0)):
    picture = np.zeros((80, 120, 3), np.float32)
    sheet = Sheet.around([quad], 20, (120, 80))
    sheet.lay(white(), quad, LIGHT)
    sheet.smear(np.array(way, np.float32))
    sheet.cover(picture)
    return picture[..., 0]


def test_a_part_covers_its_own_pixels_and_no_others():
    picture = laid(square(30, 20, 20))
    assert picture[21:39, 31:49].min() == pytest.approx(200, abs=1)
    picture[19:41, 29:51] = 0
    assert picture.max() == 0


def test_half_covered_pixels_are_half_bright():
    picture = laid(square(30.5, 20, 20))
    assert picture[30, 30] == pytest.approx(100, abs=20)


def test_motion_smears_along_its_way_only():
    across = laid(square(50, 30, 12), way=(10.0, 0.0))
    assert across[36, 47] > 20
    assert across[36, 64] > 20
    assert across[26, 56] == 0


def test_what_lies_partly_or_wholly_outside_is_cut():
    assert laid(square(-10, -10, 20))[0, 0] == pytest.approx(200, abs=1)
    assert Sheet.around([square(-300, -300, 20)], 5, (120, 80)) is None


def test_far_things_are_drawn_from_small_levels():
    levels = white(256)
    assert levels.at_least(300, 300).shape[0] == 256
    assert levels.at_least(100, 100).shape[0] == 128
    assert levels.at_least(1, 1).shape[0] == 8
