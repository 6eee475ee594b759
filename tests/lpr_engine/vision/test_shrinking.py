"""Pictures made smaller, without patterns and at any size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.shrinking import shrunk

sides = st.integers(1, 700)


@given(sides, sides, sides, sides)
def test_every_size_becomes_every_size(rows: int, columns: int, width: int, height: int) -> None:
    picture = np.full((rows, columns, 3), 90, np.uint8)

    small = shrunk(picture, width, height)

    assert small.shape == (height, width, 3)
    assert (small == 90).all()


@pytest.mark.parametrize("width", [544, 320, 96])
def test_fine_stripes_become_an_even_grey(width: int) -> None:
    stripes: Pixels = np.zeros((720, 1280, 3), np.uint8)
    stripes[:, ::2] = 255

    small = shrunk(stripes, width, width * 9 // 16)

    assert small.min() >= 127
    assert small.max() <= 128


def test_what_is_in_the_middle_stays_there() -> None:
    picture: Pixels = np.zeros((720, 1280, 3), np.uint8)
    picture[340:380, 620:660] = 255

    small = shrunk(picture, 544, 306).astype(float)[:, :, 0]
    rows, columns = np.indices(small.shape)

    assert (small * rows).sum() / small.sum() == pytest.approx(305 / 2, abs=0.1)
    assert (small * columns).sum() / small.sum() == pytest.approx(543 / 2, abs=0.1)


def test_a_picture_of_the_right_size_is_handed_back() -> None:
    picture = np.zeros((20, 30, 3), np.uint8)

    assert shrunk(picture, 30, 20) is picture
