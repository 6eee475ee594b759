import numpy as np
import pytest

from lpr_engine.training.synthetic.camera.contrast import contrast_of, probes
from lpr_engine.training.synthetic.camera.pose import Pose

_AT = probes(Pose(np.diag([160.0, 48.0, 1.0]), 0.0, 0.0, 48.0, 48.0, 3.3), (48, 160))


def _bars(dark, bright):
    tones = np.full((48, 160, 3), bright, np.float32)
    for start in range(4, 160, 12):
        tones[8:40, start : start + 5] = dark
    return tones


def test_contrast_is_that_of_the_letters():
    seen = contrast_of(_bars(40, 190), _AT)
    assert seen.letters == pytest.approx(150)
    assert seen.brightest == seen.dimmest == pytest.approx(190)


def test_the_edge_of_a_shadow_is_no_contrast():
    half = _bars(100, 120)
    half[:, 80:] *= 0.3
    assert contrast_of(half, _AT).letters < 60


def test_a_part_in_the_shade_is_the_dimmest():
    half = _bars(100, 200)
    half[:, 110:] *= 0.5
    seen = contrast_of(half.astype(np.uint8), _AT)
    assert (seen.brightest, seen.dimmest) == (200, 100)


def test_few_letters_are_found():
    blank = np.full((48, 160, 3), 200, np.float32)
    blank[:, 130:] = _bars(20, 200)[:, 130:]
    assert contrast_of(blank, _AT).letters == pytest.approx(90)


def test_pixels_looked_at_lie_in_the_crop():
    wide = Pose(np.array([[300.0, 0, -60], [0, 90, -20], [0, 0, 1]]), 0.0, 0.0, 90.0, 90.0, 3.3)
    rows, columns = probes(wide, (48, 160))
    assert rows.min() >= 0
    assert rows.max() <= 47
    assert columns.min() >= 0
    assert columns.max() <= 159
