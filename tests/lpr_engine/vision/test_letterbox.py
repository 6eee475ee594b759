"""Pictures fitted into inputs: stride, aspect, and the way back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.vision.letterbox import PAD_VALUE, STRIDE_PX, Letterbox, network_input

sides = st.integers(1, 9000)


@given(sides, sides, st.integers(2, 40))
def test_dynamic_input_has_the_long_side_and_fits_the_stride(
    width: int, height: int, strides: int
) -> None:
    length = strides * STRIDE_PX
    letterbox = Letterbox.along((width, height), length)

    assert max(letterbox.content) == length
    assert max(letterbox.input) == length
    assert all(side % STRIDE_PX == 0 for side in letterbox.input)
    assert all(
        0 <= outer - inner < STRIDE_PX
        for outer, inner in zip(letterbox.input, letterbox.content, strict=True)
    )


@given(sides, sides, st.integers(32, 900), st.integers(32, 900))
def test_fixed_input_holds_the_whole_picture(
    width: int, height: int, input_width: int, input_height: int
) -> None:
    letterbox = Letterbox.into((width, height), (input_width, input_height))

    assert letterbox.input == (input_width, input_height)
    assert letterbox.content[0] <= input_width
    assert letterbox.content[1] <= input_height
    assert letterbox.content[0] == input_width or letterbox.content[1] == input_height


@given(sides, sides)
def test_the_whole_content_is_the_whole_picture(width: int, height: int) -> None:
    letterbox = Letterbox.along((width, height), 640)
    left, top = letterbox.offset
    content = np.array(
        [[left, top, left + letterbox.content[0], top + letterbox.content[1]]], np.float32
    )

    assert letterbox.restore(content)[0] == pytest.approx([0, 0, width, height], rel=1e-5)


def test_boxes_outside_the_content_are_clipped() -> None:
    letterbox = Letterbox.along((640, 300), 320)

    assert letterbox.restore(np.array([[-50, -50, 999, 999]], np.float32)).tolist() == [
        [0, 0, 640, 300]
    ]


def test_rest_of_the_input_is_grey() -> None:
    letterbox = Letterbox.into((64, 32), (64, 64))

    canvas = letterbox.apply(np.zeros((32, 64, 3), np.uint8))

    assert canvas.shape == (64, 64, 3)
    assert (canvas[:16] == PAD_VALUE).all()
    assert (canvas[16:48] == 0).all()
    assert (canvas[48:] == PAD_VALUE).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_network_input_is_rgb_in_0_to_1(dtype: type[np.floating]) -> None:
    blue = np.zeros((2, 3, 3), np.uint8)
    blue[..., 0] = 255

    batch = network_input([blue, blue], dtype)

    assert batch.dtype == dtype
    assert batch.shape == (2, 3, 2, 3)
    assert (batch[:, 2] == 1).all()
    assert (batch[:, :2] == 0).all()
