import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.vision.enlarging import enlarged, fitted

SIDES = st.integers(1, 300)


def slope(height: int, width: int) -> np.ndarray:
    row = np.linspace(20, 230, width).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(row[None, :, None], (height, width, 3)))


def steps(pixels: np.ndarray) -> int:
    """The highest step between neighbours."""
    return int(np.abs(np.diff(pixels[0, :, 0].astype(int))).max())


def test_small_crops_get_slopes_where_area_leaves_blocks():
    small = slope(12, 20)
    blocks = cv2.resize(small, (160, 48), interpolation=cv2.INTER_AREA)
    assert steps(fitted(small, 48, 160)) < steps(blocks) / 2


@given(SIDES, SIDES)
def test_no_side_is_smaller_than_asked(rows, columns):
    assert enlarged(slope(rows, columns), 48, 160).shape == (max(48, rows), max(160, columns), 3)


@given(SIDES, SIDES)
def test_the_aspect_can_be_kept(rows, columns):
    got = enlarged(slope(rows, columns), 48, 160, keeps_aspect=True).shape
    assert got[0] / rows == pytest.approx(max(1, min(48 / rows, 160 / columns)), abs=0.5)
    assert got[0] >= rows
    assert got[1] >= columns


def test_what_is_large_enough_is_left_alone():
    large = slope(60, 200)
    assert enlarged(large, 48, 160) is large
    assert np.array_equal(
        fitted(large, 48, 160), cv2.resize(large, (160, 48), interpolation=cv2.INTER_AREA)
    )
