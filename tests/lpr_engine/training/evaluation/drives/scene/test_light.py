import numpy as np
import pytest

from lpr_engine.training.evaluation.drives.scene.light import Illumination, Light, Pool
from lpr_engine.training.evaluation.drives.scene.view import looking_at

VIEW = looking_at(4.0, 3.0, 1200.0, np.array([-1.5, 0.5, 10.0]))
DAY = Light(False, False, 1.0, 1.0, 0.9, 10.0, 0.0, (1.0, 1.0, 1.0))
INFRARED = Light(True, True, 0.08, 0.2, 1.0, 10.0, 0.3, (1.0, 1.0, 1.0))
STREET = Light(True, False, 0.1, 0.2, 0.4, 10.0, 0.8, (1.05, 0.95, 0.7))


def gains(light, pools=()):
    return Illumination(VIEW, light, np.random.default_rng(1)).gains(pools)[..., 0]


def test_a_day_is_even_and_a_night_is_dark():
    assert np.ptp(gains(DAY)) < 1e-6
    assert gains(DAY).mean() == pytest.approx(1.0)
    assert gains(INFRARED).mean() < 0.25
    assert gains(STREET).mean() < 0.35


def test_a_lamp_at_the_camera_lights_what_is_near():
    lit = gains(INFRARED)
    assert lit[-1].mean() > 2 * lit[0].mean()
    assert INFRARED.on_plate(5.0) > INFRARED.on_plate(20.0)
    assert STREET.on_plate(5.0) == STREET.on_plate(20.0)


def test_a_plate_outshines_its_car_under_infrared():
    assert all(INFRARED.on_plate(d) > 3 * INFRARED.on_body(d) for d in (4.0, 10.0, 30.0))


def test_headlamps_light_the_road_before_the_car():
    lit = gains(STREET, [Pool(-1.5, 10.0, 1.4, 4.0, 0.5)]) - gains(STREET)
    place = VIEW.project(np.array([[-1.5, 0.0, 10.0]]))[0]
    assert lit[int(place[1]), int(place[0])] == pytest.approx(0.5, abs=0.05)
    assert lit.min() >= 0
