from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.training.detection.mounting import bounding_box, fill, grown, plate_quad
from lpr_engine.training.detection.plates import PlatePaster, add_distractor, overlaps

NO_BOXES = np.zeros((0, 4), np.float32)
CROP = np.full((40, 120, 3), 200, np.uint8)
CROP[::2] = 90


def scene() -> np.ndarray:
    return np.full((300, 400, 3), 60, np.uint8)


@pytest.mark.parametrize("seed", range(20))
def test_the_box_is_tight_around_the_pasted_plate(seed: int) -> None:
    """Stripes give the plate an outline that holders and panels (one colour each) lack."""
    rng = np.random.default_rng(seed)
    pixels = scene()
    boxes = PlatePaster({"a": [CROP]}, {}).add(rng, pixels, NO_BOXES, (0.2, 0.5))
    assert len(boxes) == 1
    x0, y0, x1, y1 = boxes[0]
    assert 0 <= x0 < x1 <= 400
    assert 0 <= y0 < y1 <= 300
    changed = np.argwhere(np.abs(np.diff(pixels.mean(axis=2), axis=0)) > 0)
    inside = (
        (changed[:, 1] >= x0 - 3)
        & (changed[:, 1] <= x1 + 3)
        & (changed[:, 0] >= y0 - 3)
        & (changed[:, 0] <= y1 + 3)
    )
    assert inside.mean() > 0.75
    plate_rows, plate_columns = changed[inside].min(axis=0), changed[inside].max(axis=0)
    assert plate_rows[1] - x0 < 0.15 * (x1 - x0) + 4
    assert x1 - plate_columns[1] < 0.15 * (x1 - x0) + 4


def test_a_plate_is_not_pasted_on_another() -> None:
    whole = np.array([[0, 0, 400, 300]], np.float32)
    pixels = scene()
    boxes = PlatePaster({"a": [CROP]}, {}).add(np.random.default_rng(0), pixels, whole, (0.1, 0.3))
    assert boxes.tolist() == whole.tolist()
    assert (pixels == 60).all()


@pytest.mark.parametrize("seed", range(10))
def test_a_replaced_plate_is_hidden(seed: int) -> None:
    pixels = scene()
    old = np.array([[150, 130, 230, 155]], np.float32)
    pixels[130:155, 150:230] = (0, 0, 255)
    boxes = PlatePaster({"a": [CROP]}, {}).replace(np.random.default_rng(seed), pixels, old)
    assert len(boxes) == 1
    assert (boxes[0] != old[0]).any()
    assert overlaps(boxes[0], old)
    red = (pixels[..., 2].astype(int) - pixels[..., 0] > 150).sum()
    assert red < 0.25 * 80 * 25


def test_tiny_plates_are_not_replaced() -> None:
    tiny = np.array([[150, 130, 160, 134]], np.float32)
    pixels = scene()
    boxes = PlatePaster({"a": [CROP]}, {}).replace(np.random.default_rng(1), pixels, tiny)
    assert boxes.tolist() == tiny.tolist()
    assert (pixels == 60).all()


def test_shares_decide_which_crops_are_pasted() -> None:
    dark, light = np.zeros((20, 60, 3), np.uint8), np.full((20, 60, 3), 255, np.uint8)
    paster = PlatePaster({"dark": [dark], "light": [light]}, {"dark": 1.0, "light": 1e-9})
    rng = np.random.default_rng(2)
    chosen = [paster.choose(rng).max() for _ in range(50)]
    assert set(chosen) == {0}


def test_a_paster_without_crops_is_false() -> None:
    assert not PlatePaster({}, {})
    assert not PlatePaster({"a": []}, {})


def test_distractors_leave_labelled_plates_alone() -> None:
    plate = np.array([[100, 100, 200, 150]], np.float32)
    rng = np.random.default_rng(3)
    changed = 0
    for _ in range(30):
        pixels = np.asarray(rng.integers(0, 255, (300, 400, 3)), np.uint8)
        before = pixels.copy()
        add_distractor(rng, pixels, plate)
        changed += int((pixels != before).any())
        assert (pixels[110:140, 110:190] == before[110:140, 110:190]).mean() > 0.9
    assert changed > 5


@given(st.integers(0, 10_000), st.floats(20, 400), st.floats(1.2, 6))
def test_a_quad_keeps_the_size_it_was_asked_for(seed: int, width: float, aspect: float) -> None:
    quad = plate_quad(np.random.default_rng(seed), width, aspect)
    top = float(np.linalg.norm(quad[1] - quad[0]))
    assert 0.5 * width < top < 2 * width
    assert np.abs(quad.mean(axis=0)).max() < 0.2 * width


def test_a_quad_mostly_outside_has_no_box() -> None:
    quad = np.array([(-80, 10), (20, 10), (20, 40), (-80, 40)], np.float32)
    assert len(bounding_box(quad, 400, 300)) == 0
    assert bounding_box(quad + np.array([90, 0], np.float32), 400, 300).tolist() == [
        [10, 10, 110, 40]
    ]


def test_fill_paints_inside_only() -> None:
    pixels = scene()
    quad = np.array([(50, 50), (100, 50), (100, 80), (50, 80)], np.float32)
    fill(pixels, quad, np.array([0.0, 250.0, 0.0]), 1.0)
    assert (pixels[52:78, 52:98] == (0, 250, 0)).all()
    assert (pixels[:48] == 60).all()
    assert grown(quad, 1.2).min() < 50


@pytest.mark.parametrize(
    ("box", "answer"),
    [((0, 0, 10, 10), True), ((20, 0, 30, 10), False), ((9.9, 9.9, 20, 20), False)],
)
def test_overlaps(box: tuple[float, ...], answer: bool) -> None:
    others = np.array([[0, 0, 10, 10]], np.float32)
    assert overlaps(np.array(box, np.float32), others) is answer
