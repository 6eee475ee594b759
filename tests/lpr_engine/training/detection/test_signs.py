"""Lettered things that are no plates: drawn anew by seed, and never over a plate."""

from __future__ import annotations

import numpy as np
import pytest

from lpr_engine.training.detection.signs import add_sign, draw_sign


@pytest.mark.parametrize("seed", range(40))
def test_every_sign_has_letters_or_bars_to_be_taken_for(seed: int) -> None:
    sign = draw_sign(np.random.default_rng(seed))
    assert sign.dtype == np.uint8
    assert sign.shape[0] == 96
    assert sign.shape[1] >= 60
    assert sign.std() > 4
    assert np.array_equal(sign, draw_sign(np.random.default_rng(seed)))


def test_signs_are_drawn_into_the_scene_but_not_over_plates() -> None:
    boxes = np.array([[60, 60, 200, 110]], np.float32)
    changed = 0
    for seed in range(30):
        scene = np.full((240, 320, 3), 120, np.uint8)
        add_sign(np.random.default_rng(seed), scene, boxes)
        changed += bool((scene != 120).any())
        inner = scene[70:100, 70:190]
        assert (inner == 120).mean() > 0.9
    assert changed > 15


def test_a_scene_that_a_plate_fills_stays_as_it_is() -> None:
    scene = np.full((100, 100, 3), 120, np.uint8)
    add_sign(np.random.default_rng(1), scene, np.array([[0, 0, 100, 100]], np.float32))
    assert (scene == 120).all()
