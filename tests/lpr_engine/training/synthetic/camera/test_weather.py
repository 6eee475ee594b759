import numpy as np
import pytest

from lpr_engine.training.synthetic.camera import weather

_EFFECTS = [weather.dirt, weather.snow, weather.rain, weather.drops]


def _stripes():
    """Letters' stand-in: upright bars, dark on bright."""
    tones = np.full((48, 160, 3), 200, np.float32)
    tones[8:40, ::10] = 30
    tones[8:40, 1::10] = 30
    tones[8:40, 2::10] = 30
    return tones


@pytest.mark.parametrize("effect", _EFFECTS)
@pytest.mark.parametrize("seed", range(15))
def test_bars_stay_to_be_seen(effect, seed):
    before = _stripes()
    after = effect(before.copy(), np.random.default_rng(seed))
    assert after.shape == before.shape
    assert after.dtype == np.float32
    middle = (slice(12, 36), slice(None))
    kept = np.corrcoef(before[middle].ravel(), after[middle].ravel())[0, 1]
    assert kept > 0.6
    assert not np.array_equal(before, after)


def test_snow_lies_at_the_edges():
    dark = np.full((48, 160, 3), 100, np.float32)
    dark[0, 0] = 255
    change = np.mean(
        [weather.snow(dark.copy(), np.random.default_rng(n)) - dark for n in range(40)], (0, 2, 3)
    )
    assert change[1:4].mean() > 3 * change[20:28].mean()
    assert change[-4:].mean() > 3 * change[20:28].mean()


def test_rain_brightens_thin_streaks():
    flat = np.full((48, 160, 3), 100, np.float32)
    change = weather.rain(flat.copy(), np.random.default_rng(1)) - flat
    assert change.min() >= -0.01
    assert 0.01 < (change > 3).mean() < 0.4


def test_haze_takes_contrast():
    before = _stripes()
    after = weather.haze(before.copy(), 0.5, np.random.default_rng(1))
    assert np.ptp(after[..., 1]) == pytest.approx(np.ptp(before[..., 1]) / 2, rel=0.01)


def test_most_crops_see_no_weather():
    before = _stripes()
    dry = [
        np.array_equal(weather.weathered(before.copy(), np.random.default_rng(n), 1.0), before)
        for n in range(300)
    ]
    assert 0.7 < np.mean(dry) < 0.9
