import numpy as np
import pytest

from lpr_engine.training.synthetic.camera import light
from lpr_engine.training.synthetic.camera.contrast import probes
from lpr_engine.training.synthetic.camera.pose import Pose

_AT = probes(Pose(np.diag([160.0, 48.0, 1.0]), 0.0, 0.0, 48.0, 48.0, 3.3), (48, 160))


def _grey(level=120.0, shape=(48, 160, 3)):
    return np.full(shape, level, np.float32)


def _rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("seed", range(30))
def test_lit_tones_keep_shape_and_kind(seed):
    out = light.lit(_grey(), _AT, _rng(seed), 1.0)
    assert out.shape == (48, 160, 3)
    assert out.dtype == np.float32
    assert np.isfinite(out).all()


def test_relief_shows_edges_only():
    flat = _grey()
    assert light.relief(flat, 0.8, _rng(2)) == pytest.approx(flat)
    step = _grey()
    step[:, 80:] = 200
    step[24:, :] += 30
    bent = light.relief(step, 0.8, _rng(2))
    assert np.abs(bent - step)[20:28, 70:90].max() > 20
    assert bent[5, 20] == pytest.approx(step[5, 20])


@pytest.mark.parametrize("seed", range(8))
def test_a_shadow_only_takes_light(seed):
    out = light.shadow(_grey(), 200.0, _rng(seed))
    assert out.max() <= 120.01
    assert out.min() >= 0.35 * 120 - 2


def test_weak_letters_get_weak_shadows():
    darkest = [
        min(light.shadow(_grey(), contrast, _rng(seed)).min() for seed in range(30))
        for contrast in (200.0, 30.0)
    ]
    assert darkest[0] < 60
    assert darkest[1] > 100


def test_a_ramp_changes_slowly():
    ramp = light.ramp((48, 160, 3), _rng(3))
    assert ramp.shape == (48, 160)
    assert np.abs(np.diff(ramp, axis=1)).max() < 0.02
    assert ramp.min() > 0.3


@pytest.mark.parametrize("effect", [light.glare, light.lamps])
def test_lamps_and_glare_only_add_light_and_not_everywhere(effect):
    gains = [effect(_grey(), _rng(seed)) - 120 for seed in range(12)]
    assert all(gain.min() > -0.1 for gain in gains)
    assert max(gain.max() for gain in gains) > 50
    assert min(gain.min() for gain in gains) < 5


def test_a_halo_spreads_light_around_a_bright_place():
    dark = _grey(10)
    dark[20:28, 70:90] = 250
    out = light.halo(dark, 0.8)
    assert out[24, 94].mean() > 30
    assert out[24, 10].mean() < 20


def test_faded_tones_lose_colour_and_keep_brightness():
    red = _grey(50)
    red[..., 0] = 200
    out = light.faded(red, 0.0)
    assert np.ptp(out[0, 0]) < 0.5
    assert light.faded(red, 1.0) == pytest.approx(red, abs=0.1)


def test_infrared_is_grey():
    tones = _rng().uniform(0, 255, (48, 160, 3)).astype(np.float32)
    out = light.infrared(tones, _rng())
    assert np.ptp(out, axis=2).max() < 0.01
    assert 0.9 < out.mean() / tones.mean() < 1.1


def test_casts_are_mostly_weak_and_sometimes_strong():
    gains = np.array([light.cast(_rng(seed)) for seed in range(400)])
    away = np.abs(np.log(gains)).max(1)
    assert np.median(away) < 0.12
    assert (away > 0.25).mean() > 0.02


def test_a_cover_hides_as_far_as_its_mask_says():
    mask = np.zeros((48, 160), np.float32)
    mask[:, 80:] = 0.5
    out = light.covered(_grey(100), mask, (200.0, 100.0, 0.0))
    assert out[0, 0] == pytest.approx([100, 100, 100])
    assert out[0, 159] == pytest.approx([150, 100, 50])
