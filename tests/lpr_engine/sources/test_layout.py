import numpy as np
import pytest

from lpr_engine.model.errors import PictureError
from lpr_engine.sources.layout import rotated, to_bgr


@pytest.mark.parametrize(
    ("shape", "dtype"),
    [
        ((3, 4), np.uint8),
        ((3, 4, 1), np.uint8),
        ((3, 4, 3), np.uint8),
        ((3, 4, 4), np.uint8),
        ((3, 4), np.uint16),
        ((3, 4, 3), np.uint16),
        ((1, 1), np.uint8),
    ],
)
def test_every_layout_becomes_contiguous_uint8_bgr(shape, dtype) -> None:
    value = 200 if dtype == np.uint8 else 200 * 256 + 17
    found = to_bgr(np.full(shape, value, dtype))
    assert found.dtype == np.uint8
    assert found.shape == (*shape[:2], 3)
    assert found.flags.c_contiguous
    assert (found == 200).all()


def test_channel_order_stays_and_alpha_goes() -> None:
    pixel = np.array([[[1, 2, 3, 99]]], np.uint8)
    assert to_bgr(pixel).tolist() == [[[1, 2, 3]]]


def test_a_view_becomes_contiguous() -> None:
    view = np.zeros((6, 8, 3), np.uint8)[::2, ::2]
    assert to_bgr(view).flags.c_contiguous


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((4, 4, 2), np.uint8),
        np.zeros((4, 4, 5), np.uint8),
        np.zeros((2, 4, 4, 3), np.uint8),
        np.zeros((4,), np.uint8),
        np.zeros((4, 4, 3), np.float32),
    ],
)
def test_other_layouts_are_refused(picture) -> None:
    with pytest.raises(PictureError):
        to_bgr(picture)


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [
        (0, [[1, 2, 3], [4, 5, 6]]),
        (90, [[4, 1], [5, 2], [6, 3]]),
        (180, [[6, 5, 4], [3, 2, 1]]),
        (270, [[3, 6], [2, 5], [1, 4]]),
    ],
)
def test_rotation_is_clockwise(degrees, expected) -> None:
    picture = to_bgr(np.array([[1, 2, 3], [4, 5, 6]], np.uint8))
    assert rotated(picture, degrees)[:, :, 0].tolist() == expected
    assert rotated(picture, degrees).flags.c_contiguous
