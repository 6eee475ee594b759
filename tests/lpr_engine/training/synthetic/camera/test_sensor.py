import numpy as np
import pytest

from lpr_engine.training.synthetic.camera import sensor
from lpr_engine.training.synthetic.camera.contrast import probes
from lpr_engine.training.synthetic.camera.pose import Pose

_AT = probes(Pose(np.diag([160.0, 48.0, 1.0]), 0.0, 0.0, 48.0, 48.0, 3.3), (48, 160))


def _bars(dark, bright):
    tones = np.full((48, 160, 3), bright, np.float32)
    for start in range(4, 160, 12):
        tones[8:40, start : start + 5] = dark
    return tones


@pytest.mark.parametrize("dark", [30.0, 108.0])
def test_every_exposure_leaves_contrast(dark):
    lefts, brights = [], []
    for seed in range(150):
        image, said = sensor.exposed(_bars(dark, 120), _AT, np.random.default_rng(seed), 1.0)
        left = float(image[24, 10].mean() - image[24, 6].mean())
        assert image.dtype == np.uint8
        lefts.append(left)
        brights.append(image.max())
        assert left > 0.3 * said
    assert min(lefts) > 25
    assert np.ptp(brights) > 120


def test_exposures_reach_from_murky_to_blown_out():
    images = [
        sensor.exposed(_bars(60, 160), _AT, np.random.default_rng(n), 1.0)[0] for n in range(200)
    ]
    assert sum(image.max() < 90 for image in images) > 4
    assert sum((image == 255).mean() > 0.5 for image in images) > 4


@pytest.mark.parametrize(("gamma", "sign"), [(0.6, 1), (1.6, -1)])
def test_gamma_moves_the_middle_and_not_the_ends(gamma, sign):
    ends = np.array([[[0, 128, 255]]], np.uint8)
    black, middle, white = sensor.bent_tones(ends, gamma)[0, 0].tolist()
    assert (black, white) == (0, 255)
    assert (middle - 128) * sign > 15


@pytest.mark.parametrize("size", [(48, 160), (13, 60), (300, 900)])
def test_grain_has_its_strength(size):
    grey = np.full((*size, 3), 128, np.uint8)
    spreads = [sensor.grained(grey, 8.0, np.random.default_rng(n)).std() for n in range(12)]
    assert np.mean(spreads) == pytest.approx(7, abs=2)


def test_combs_move_every_second_row():
    image = np.zeros((8, 20, 3), np.uint8)
    image[:, 10] = 255
    out = sensor.combed(image, 3)
    assert out[0, 10, 0] == out[1, 13, 0] == 255
    assert out[1, 10, 0] == 0
    assert np.array_equal(out[::2], image[::2])


@pytest.mark.parametrize("rows", [8, 9])
def test_one_field_shows_rows_twice(rows):
    image = np.random.default_rng(1).integers(0, 255, (rows, 20, 3), np.uint8)
    out = sensor.one_field(image)
    assert out.shape == image.shape
    assert np.array_equal(out[0], out[1])


def test_letters_in_the_shade_do_not_turn_black():
    half = _bars(60, 160)
    half[:, 80:] *= 0.35
    for seed in range(150):
        image, _ = sensor.exposed(half.copy(), _AT, np.random.default_rng(seed), 1.0)
        assert image[24, 90:150].max() > 12
