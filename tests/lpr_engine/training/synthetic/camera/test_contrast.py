import numpy as np
import pytest

from lpr_engine.training.synthetic.camera.contrast import contrast_of
from lpr_engine.training.synthetic.camera.pose import Pose

_POSE = Pose(np.diag([160.0, 48.0, 1.0]), 0.0, 0.0, 48.0, 48.0, 3.3)


def _bars(dark, bright):
    tones = np.full((48, 160, 3), bright, np.float32)
    for start in range(4, 160, 12):
        tones[8:40, start : start + 5] = dark
    return tones


def test_contrast_is_that_of_the_letters():
    contrast, bright = contrast_of(_bars(40, 190), _POSE)
    assert contrast == pytest.approx(150)
    assert bright == pytest.approx(190)


def test_the_edge_of_a_shadow_is_no_contrast():
    half = _bars(100, 120)
    half[:, 80:] *= 0.3
    assert contrast_of(half, _POSE)[0] < 60
