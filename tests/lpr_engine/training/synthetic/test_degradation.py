import numpy as np
import pytest

from lpr_engine.training.synthetic import render_plate
from lpr_engine.training.synthetic.degradation import Severity, degrade, light, shrink

SIZE = (48, 160)
_GENTLE = Severity(turn_degrees=0, shear=0, corner=0, margin=(0, 0), photometric=0)


def _plate(seed=3):
    return render_plate(np.random.default_rng(seed))


@pytest.mark.parametrize("seed", range(5))
def test_the_same_seed_gives_the_same_crop(seed):
    plate = _plate(seed)
    one, two = (
        degrade(plate.image, plate.aspect, plate.centres, None, SIZE, np.random.default_rng(seed))
        for _ in range(2)
    )
    assert one.image.shape == (*SIZE, 3)
    assert np.array_equal(one.image, two.image)
    assert np.array_equal(one.centres, two.centres)


def test_without_movement_centres_stay():
    plate = _plate()
    crop = degrade(
        plate.image, plate.aspect, plate.centres, None, SIZE, np.random.default_rng(1), _GENTLE
    )
    assert crop.centres == pytest.approx(plate.centres, abs=1e-3)


@pytest.mark.parametrize("seed", range(20))
def test_centres_follow_the_pixels(seed):
    """A white dot painted on a black plate is found where its moved centre says."""
    image = np.zeros((96, 440, 3), np.uint8)
    image[40:56, 212:228] = 255
    centre = np.array([[220 / 440, 48 / 96]], np.float32)
    hard = Severity(photometric=0, smallest_px=47)
    context = np.zeros((*SIZE, 3), np.uint8)
    crop = degrade(image, 440 / 96, centre, context, SIZE, np.random.default_rng(seed), hard)
    weight = crop.image.astype(float).mean(2)
    weight = np.where(weight > weight.max() * 0.6, weight, 0)
    rows, columns = np.indices(SIZE)
    found = np.array([(columns * weight).sum(), (rows * weight).sum()]) / weight.sum()
    assert np.abs(found + 0.5 - crop.centres[0] * [SIZE[1], SIZE[0]]).max() < 3


def test_surroundings_show_around_a_loose_box():
    plate = np.full((96, 440, 3), 255, np.uint8)
    context = np.zeros((*SIZE, 3), np.uint8)
    loose = Severity(turn_degrees=0, shear=0, corner=0, margin=(0.2, 0.2), photometric=0)
    nowhere = np.zeros((1, 2), np.float32)
    crop = degrade(plate, 440 / 96, nowhere, context, SIZE, np.random.default_rng(0), loose)
    assert crop.image[24, 80].mean() > crop.image[1, 1].mean() + 40


@pytest.mark.parametrize("seed", range(10))
def test_pixels_stay_in_range_and_size(seed):
    generator = np.random.default_rng(seed)
    image = _plate(seed).image
    assert light(image, generator).shape == image.shape
    assert shrink(image, 4.5, 12, generator).shape == image.shape
