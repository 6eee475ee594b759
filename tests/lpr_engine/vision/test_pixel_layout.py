"""Whatever array comes, a picture or one black pixel comes of it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from lpr_engine.vision.pixel_layout import as_pixels, thickened

GREY = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20
COLOURS = np.arange(36, dtype=np.uint8).reshape(3, 4, 3) * 7
BLACK = np.zeros((1, 1, 3), np.uint8)
ALPHA = np.full((3, 4, 1), 9, np.uint8)


def test_pictures_in_the_common_layout_are_not_copied() -> None:
    assert as_pixels(COLOURS) is COLOURS


@pytest.mark.parametrize(
    ("picture", "wanted"),
    [
        pytest.param(GREY, np.dstack([GREY] * 3), id="grey"),
        pytest.param(GREY[..., None], np.dstack([GREY] * 3), id="one channel"),
        pytest.param(np.dstack([GREY, ALPHA]), np.dstack([GREY] * 3), id="grey, alpha"),
        pytest.param(np.dstack([COLOURS, ALPHA]), COLOURS, id="colours, alpha"),
        pytest.param(COLOURS.astype(np.uint16) * 257, COLOURS, id="16 bit"),
        pytest.param(COLOURS.astype(np.int64), COLOURS, id="64 bit"),
        pytest.param(COLOURS.astype(np.float32), COLOURS, id="floats to 255"),
        pytest.param(COLOURS / 255, COLOURS, id="floats to 1"),
        pytest.param((COLOURS / 255).astype(np.float16), COLOURS, id="half floats"),
        pytest.param(GREY > 100, np.dstack([np.where(GREY > 100, 255, 0)] * 3), id="bits"),
        pytest.param(np.full((2, 2, 3), np.nan), np.zeros((2, 2, 3)), id="no numbers"),
        pytest.param(np.array([[-5, 300]]), np.array([[[0] * 3, [255] * 3]]), id="too far"),
        pytest.param(np.zeros((0, 5, 3), np.uint8), BLACK, id="no rows"),
        pytest.param(np.zeros((5, 0), np.float32), BLACK, id="no columns"),
        pytest.param(np.zeros((4, 4, 0), np.uint8), BLACK, id="no channels"),
        pytest.param(np.zeros(7, np.uint8), BLACK, id="one axis"),
        pytest.param(np.zeros((2, 3, 4, 3), np.uint8), BLACK, id="four axes"),
        pytest.param(np.array([["A", "B"]]), np.zeros((1, 2, 3)), id="words"),
    ],
)
def test_other_layouts_become_the_common_one(
    picture: NDArray[Any], wanted: NDArray[np.uint8]
) -> None:
    pixels = as_pixels(picture)

    assert pixels.dtype == np.uint8
    assert pixels.shape == wanted.shape
    assert np.abs(pixels.astype(int) - wanted).max() <= 1


KINDS = st.one_of(
    arrays.integer_dtypes(), arrays.unsigned_integer_dtypes(), arrays.floating_dtypes(),
    arrays.boolean_dtypes(), arrays.complex_number_dtypes(),
)  # fmt: skip
SHAPES = st.lists(st.integers(0, 6), max_size=5).map(tuple)


@given(st.tuples(KINDS, SHAPES).flatmap(lambda pair: arrays.arrays(*pair)))
def test_any_array_becomes_a_picture(picture: NDArray[Any]) -> None:
    pixels = as_pixels(picture)

    assert pixels.dtype == np.uint8
    assert pixels.ndim == 3
    assert pixels.shape[2] == 3
    assert pixels.size > 0


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_no_crop_vanishes_when_it_is_shrunk(rows: int, columns: int) -> None:
    crop = np.broadcast_to(np.zeros(3, np.uint8), (rows, columns, 3))

    shown = thickened(np.ascontiguousarray(crop), 16, 32)

    shrinking = min(16 / shown.shape[0], 32 / shown.shape[1])
    assert round(shown.shape[0] * shrinking) >= 1
    assert round(shown.shape[1] * shrinking) >= 1
    assert shown.shape[0] >= rows
    assert shown.shape[1] >= columns
