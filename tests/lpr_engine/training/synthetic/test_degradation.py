import numpy as np
import pytest

from lpr_engine.training.synthetic import render_plate
from lpr_engine.training.synthetic.degradation import Severity, degrade

SIZE = (48, 160)
_NOWHERE = np.zeros((1, 2), np.float32)


def _plate(seed=3):
    return render_plate(np.random.default_rng(seed))


def _street(seed=0):
    return np.random.default_rng(seed).integers(0, 255, (*SIZE, 3), np.uint8)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("surrounded", [True, False])
def test_the_same_seed_gives_the_same_crop(seed, surrounded):
    plate = _plate(seed % 3)
    street = _street() if surrounded else None
    one, two = (
        degrade(plate.image, plate.aspect, plate.centres, street, SIZE, np.random.default_rng(seed))
        for _ in range(2)
    )
    assert one.image.shape == (*SIZE, 3)
    assert one.image.dtype == np.uint8
    assert one.centres.shape == plate.centres.shape
    assert one.centres.dtype == np.float32
    assert np.array_equal(one.image, two.image)
    assert np.array_equal(one.centres, two.centres)


def test_the_pictures_that_come_in_stay_as_they_are():
    plate, street = _plate(), _street()
    before = plate.image.copy(), plate.centres.copy(), street.copy()
    for seed in range(40):
        generator = np.random.default_rng(seed)
        degrade(plate.image, plate.aspect, plate.centres, street, SIZE, generator)
    assert all(
        np.array_equal(a, b)
        for a, b in zip(before, (plate.image, plate.centres, street), strict=True)
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_lowest_level_leaves_a_plate_as_it_is(seed):
    plate = _plate(seed)
    generator = np.random.default_rng(seed)
    crop = degrade(
        plate.image, plate.aspect, plate.centres, _street(), SIZE, generator, Severity.of(0)
    )
    plain = degrade(plate.image, plate.aspect, plate.centres, None, SIZE, generator, Severity.of(0))
    assert crop.centres == pytest.approx(plate.centres, abs=1e-3)
    inside = (slice(2, -2), slice(2, -2))
    assert np.array_equal(crop.image[inside], plain.image[inside])


@pytest.mark.parametrize("seed", range(30))
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
    assert np.abs(found + 0.5 - crop.centres[0] * [SIZE[1], SIZE[0]]).max() < 2


def test_surroundings_show_around_a_loose_box():
    plate = np.full((96, 440, 3), 255, np.uint8)
    context = np.zeros((*SIZE, 3), np.uint8)
    loose = Severity(turn_degrees=0, shear=0, corner=0, margin=(0.2, 0.2), photometric=0)
    crop = degrade(plate, 440 / 96, _NOWHERE, context, SIZE, np.random.default_rng(0), loose)
    assert crop.image[24, 80].mean() > crop.image[1, 1].mean() + 40


def _likeness(level):
    """How alike letters look to the clean plate's, where both crops stand upright, over seeds."""
    plate = _plate()
    still = Severity(
        turn_degrees=0,
        shear=0,
        corner=0,
        margin=(0, 0),
        smallest_px=Severity.of(level).smallest_px,
        photometric=level,
    )
    clean = degrade(
        plate.image,
        plate.aspect,
        _NOWHERE,
        None,
        SIZE,
        np.random.default_rng(0),
        Severity.of(0),
    ).image
    return np.array(
        [
            np.corrcoef(
                clean.mean(2).ravel(),
                degrade(plate.image, plate.aspect, _NOWHERE, None, SIZE, generator, still)
                .image.mean(2)
                .ravel(),
            )[0, 1]
            for generator in map(np.random.default_rng, range(200))
        ]
    )


def test_letters_stay_to_be_seen():
    """Even at full strength nearly every crop still resembles its plate."""
    likeness = _likeness(1.0)
    assert np.median(likeness) > 0.85
    assert (likeness < 0.45).mean() <= 0.03


def test_a_higher_level_is_harder():
    means = [_likeness(level).mean() for level in (0.0, 0.3, 1.0)]
    assert means[0] > 0.995
    assert means[0] > means[1] + 0.01 > means[2] + 0.02
