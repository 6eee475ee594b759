from dataclasses import replace

import cv2
import numpy as np
import pytest

from lpr_engine.training.synthetic import plate_formats, render_plate, render_text


@pytest.mark.parametrize("seed", range(6))
def test_the_same_seed_gives_the_same_plate(seed):
    one, two = (render_plate(np.random.default_rng(seed)) for _ in range(2))
    assert one.text == two.text
    assert np.array_equal(one.image, two.image)
    assert np.array_equal(one.centres, two.centres)


def test_seeds_differ():
    texts = {render_plate(np.random.default_rng(seed)).text for seed in range(20)}
    assert len(texts) > 15


@pytest.mark.parametrize("plate_format", plate_formats(), ids=lambda f: f"{f.region}-{f.aspect}")
def test_each_format_renders_with_a_centre_for_each_character(plate_format):
    plate = render_text(plate_format, None, np.random.default_rng(4))
    assert plate.image.dtype == np.uint8
    assert plate.aspect == pytest.approx(plate_format.aspect, rel=0.08)
    assert len(plate.centres) == len(plate.text)
    assert plate.centres.min() > 0
    assert plate.centres.max() < 1


@pytest.mark.parametrize("seed", range(8))
def test_characters_are_where_the_centres_say(seed):
    """Two plates that differ in one character differ in pixels around that centre alone."""
    british = next(f for f in plate_formats() if f.region == "GB" and f.aspect > 4)
    plain = replace(british, faces=("stroke",))  # in strokes, 0 and 6 are of the same width
    one, two = (
        render_text(plain, spelling, np.random.default_rng(seed))
        for spelling in ("AH00 HHH", "AH06 HHH")
    )
    changed = np.abs(one.image.astype(int) - two.image).max(2) > 60
    height, width = changed.shape
    if one.image.shape != two.image.shape or not changed.any():
        pytest.fail("the plates should differ in one character")
    columns = np.flatnonzero(changed.any(0))
    middle = (columns[0] + columns[-1]) / 2
    assert abs(middle - one.centres[3][0] * width) < 0.45 * height


def test_centres_run_in_reading_order():
    two_rows = next(f for f in plate_formats() if "/" in f.patterns[0])
    plate = render_text(two_rows, None, np.random.default_rng(1))
    first, second = plate.spelling.split("/")
    count = sum(sign.isalnum() for sign in first)
    assert (plate.centres[:count, 1] < 0.5).all()
    assert (plate.centres[count:, 1] > 0.5).all()
    assert second


def test_ink_stands_out_from_the_ground():
    spreads = []
    for seed in range(30):
        plate = render_plate(np.random.default_rng(seed))
        spreads.append(cv2.cvtColor(plate.image, cv2.COLOR_RGB2GRAY).std())
    assert min(spreads) > 12
