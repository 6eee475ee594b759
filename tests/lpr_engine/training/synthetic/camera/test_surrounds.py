import numpy as np
import pytest

from lpr_engine.training.synthetic.camera import surrounds
from lpr_engine.training.synthetic.camera.pose import Pose

SIZE = (48, 160)
_POSE = Pose(
    np.array([[130.0, 0.0, 15.0], [0.0, 30.0, 9.0], [0.0, 0.0, 1.0]]), 0.0, 0.0, 30.0, 30.0, 3.3
)


def _street():
    return np.random.default_rng(0).integers(60, 255, (*SIZE, 3), np.uint8)


def _rng(seed=0):
    return np.random.default_rng(seed)


def test_without_strength_the_street_is_the_scene_and_stays_itself():
    street = _street()
    scene = surrounds.surrounded(street, _POSE, _rng(), 0.0, night=False)
    assert np.array_equal(scene, street)
    assert scene is not street


@pytest.mark.parametrize("seed", range(20))
def test_scenes_differ_and_leave_the_street_alone(seed):
    street = _street()
    before = street.copy()
    scene = surrounds.surrounded(street, _POSE, _rng(seed), 1.0, night=False)
    assert scene.shape == street.shape
    assert np.array_equal(street, before)


def test_nights_are_dark():
    days, nights = (
        np.mean(
            [
                surrounds.surrounded(_street(), _POSE, _rng(n), 1.0, night=night).mean()
                for n in range(40)
            ]
        )
        for night in (False, True)
    )
    assert nights < 0.6 * days


def test_frames_and_bars_cover_edges_and_no_letter():
    white = np.full((*SIZE, 3), 255, np.uint8)
    for seed in range(40):
        image = white.copy()
        surrounds.blocked(image, _POSE, _rng(seed))
        assert (image[14:31, 20:140] == 255).all()
        assert not np.array_equal(image, white)


def test_a_rim_is_thin():
    white = np.full((*SIZE, 3), 255, np.uint8)
    image = white.copy()
    surrounds.rimmed(image, _POSE, _rng())
    assert (image[12:36, 20:140] == 255).all()
    assert (image < 200).any()
