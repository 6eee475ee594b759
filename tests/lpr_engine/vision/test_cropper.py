"""Crops: margins, edges, hostile boxes, quality, enhancement."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Detection
from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.cropper import LooseCropper
from lpr_engine.vision.enhancement import enhance
from lpr_engine.vision.quality import is_clipped, quality_of

PLAIN = LooseCropper(margin_x=0.1, margin_y=0.2, enhances=False)


def plate_picture(height: int = 40, width: int = 160) -> Pixels:
    """A plate of its own: white with black strokes and a rim."""
    picture = np.full((height, width, 3), 235, np.uint8)
    cv2.rectangle(picture, (0, 0), (width - 1, height - 1), (10, 10, 10), max(1, height // 20))
    cv2.putText(
        picture, "AB123CD", (width // 16, int(height * 0.75)), cv2.FONT_HERSHEY_SIMPLEX,
        height / 38, (10, 10, 10), max(1, height // 12), cv2.LINE_AA,
    )  # fmt: skip
    return picture


def test_crop_has_the_box_and_its_margins() -> None:
    picture = np.arange(100 * 200 * 3, dtype=np.uint32).reshape(100, 200, 3).astype(np.uint8)

    crop = PLAIN.crop(picture, Detection(Box(50, 40, 110, 60), 0.9))

    assert (crop.pixels == picture[36:64, 44:116]).all()


def test_margin_ends_at_the_frame() -> None:
    picture = np.zeros((100, 200, 3), np.uint8)

    crop = PLAIN.crop(picture, Detection(Box(180, 0, 200, 30), 0.9))

    assert crop.pixels.shape == (36, 22, 3)


@given(
    st.tuples(st.integers(1, 80), st.integers(1, 80)),
    st.lists(st.floats(-100, 200), min_size=4, max_size=4),
)
def test_any_box_of_any_picture_gives_a_crop(size: tuple[int, int], edges: list[float]) -> None:
    picture = np.full((*size, 3), 90, np.uint8)

    crop = LooseCropper().crop(picture, Detection(Box(*edges), 0.5))

    assert crop.pixels.size > 0
    assert crop.pixels.dtype == np.uint8
    assert 0 <= crop.quality <= 1


def test_crop_is_no_view_of_the_frame() -> None:
    picture = np.zeros((100, 200, 3), np.uint8)

    crop = PLAIN.crop(picture, Detection(Box(0, 0, 200, 100), 0.9))

    assert not np.shares_memory(crop.pixels, picture)


def test_quality_falls_with_blur_size_contrast_and_clipping() -> None:
    plate = plate_picture()
    best = quality_of(plate, 40, clipped=False)

    blurred = cv2.GaussianBlur(plate, (0, 0), 4)
    flat = (plate * 0.1 + 100).astype(np.uint8)
    burnt = np.maximum(plate, 253)

    assert best > 0.7
    assert quality_of(np.asarray(blurred, np.uint8), 40, clipped=False) < 0.7 * best
    assert quality_of(plate_picture(14, 56), 14, clipped=False) < 0.8 * best
    assert quality_of(flat, 40, clipped=False) < 0.8 * best
    assert quality_of(burnt, 40, clipped=False) < 0.2 * best
    assert quality_of(plate, 40, clipped=True) == pytest.approx(best / 2)


def test_quality_grows_with_sharpness() -> None:
    plate = plate_picture(80, 320)
    blurred = [
        np.asarray(cv2.GaussianBlur(plate, (0, 0), sigma), np.uint8) for sigma in (12, 8, 5, 3)
    ]

    qualities = [quality_of(picture, 80, clipped=False) for picture in blurred]

    assert qualities == sorted(qualities)
    assert qualities[0] < qualities[-1]


def test_picture_of_one_colour_has_no_quality() -> None:
    assert quality_of(np.full((40, 160, 3), 80, np.uint8), 40, clipped=False) == 0


@pytest.mark.parametrize(
    ("box", "clipped"),
    [
        (Box(10, 10, 50, 30), False),
        (Box(0, 10, 50, 30), True),
        (Box(10, 0.5, 50, 30), True),
        (Box(10, 10, 200, 30), True),
        (Box(10, 10, 50, 99.5), True),
    ],
)
def test_boxes_at_the_frames_edge_are_clipped(box: Box, clipped: bool) -> None:
    assert is_clipped(box, 200, 100) is clipped


def test_clear_crop_is_not_enhanced() -> None:
    plate = plate_picture()

    assert enhance(plate) is plate


@pytest.mark.parametrize("value", [0, 40, 255])
def test_crop_of_one_colour_is_not_enhanced(value: int) -> None:
    picture = np.full((40, 160, 3), value, np.uint8)

    assert enhance(picture) is picture


@pytest.mark.parametrize(("gain", "lift"), [(0.15, 4), (0.18, 120), (0.2, 0)])
def test_dark_and_flat_crops_gain_contrast(gain: float, lift: int) -> None:
    poor = (plate_picture() * gain + lift).astype(np.uint8)
    before = poor.copy()

    better = enhance(poor)

    assert better.std() > 1.15 * poor.std()
    assert (poor == before).all()
