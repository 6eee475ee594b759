from dataclasses import replace

import numpy as np
import pytest

from lpr_engine.training.evaluation.drives.scene.light import bloomed
from lpr_engine.training.evaluation.drives.scene.recorder import Recorder, Recording

PLAIN = Recording(
    fps=10, exposure_s=0.01, focus_px=0, noise=0, coloured_noise=0, bloom=0, haze=0,
    is_grey=False, quality=95, is_video=False,
)  # fmt: skip


def recorder(**changes):
    return Recorder(replace(PLAIN, **changes), (64, 48), np.random.default_rng(3))


def flat(level):
    return np.full((48, 64, 3), level, np.float32)


def test_red_of_tones_is_red_of_pictures():
    tones = flat(0)
    tones[..., 0] = 220
    picture = recorder().record(tones, 0.0)
    assert picture[20, 20].argmax() == 2


def test_noise_differs_from_frame_to_frame():
    camera = recorder(noise=6.0)
    first, second = camera.record(flat(120), 0.0), camera.record(flat(120), 0.1)
    assert 3 < first.astype(float).std() < 9
    assert not np.array_equal(first, second)


def test_a_grey_camera_knows_no_colour():
    tones = flat(90)
    tones[..., 2] = 200
    picture = recorder(is_grey=True).record(tones, 0.0).astype(int)
    assert np.ptp(picture, axis=2).max() <= 2


def test_video_follows_what_changes_and_keeps_what_stands():
    camera = recorder(is_video=True, quality=60)
    camera.record(flat(80), 0.0)
    tones = flat(80)
    tones[:, 32:] = 180
    picture = camera.record(tones, 0.1)
    assert picture[24, 12].mean() == pytest.approx(80, abs=6)
    assert picture[24, 52].mean() == pytest.approx(180, abs=10)


def test_haze_lifts_the_dark():
    assert recorder(haze=0.4).record(flat(10), 0.0).mean() > 60


def test_light_beyond_white_spreads():
    tones = flat(5)
    tones[20:28, 28:36] = 2000
    spread = bloomed(tones, 0.5)
    assert spread[24, 44, 0] > 10
    assert np.array_equal(bloomed(flat(200), 0.5), flat(200))
