import numpy as np
import pytest

from lpr_engine.training.evaluation.drives.scene.body import build_body
from lpr_engine.training.evaluation.drives.scene.car import Car, Mount
from lpr_engine.training.evaluation.drives.scene.levels import Levels
from lpr_engine.training.evaluation.drives.scene.light import Light
from lpr_engine.training.evaluation.drives.scene.stage import Stage
from lpr_engine.training.evaluation.drives.scene.view import looking_at
from lpr_engine.training.evaluation.drives.scene.way import Way
from lpr_engine.training.synthetic.car import CarLook

VIEW = looking_at(0.5, 1.6, 1200.0, np.array([-1.5, 0.5, 10.0]))
DAY = Light(False, False, 1.0, 1.0, 1.0, 10.0, 0.0, (1.0, 1.0, 1.0))
NIGHT = Light(True, True, 0.06, 0.15, 1.0, 10.0, 0.4, (1.0, 1.0, 1.0))
SHUTTER_S = 1e-4


def car(lane, start, speed, *, behind=False):
    plate = np.ones((24, 96, 4), np.float32)
    plate[..., :3] = (20, 230, 20)
    holder = np.full((8, 32, 3), 24, np.uint8)
    look = CarLook((160, 40, 40), behind, holder, 0.44)
    way = Way(start, speed)
    return Car(build_body(look, 1.0), Levels(plate), Mount(0.44, 0.11, 0.46), lane, way,
               from_behind=behind, is_lit=True)  # fmt: skip


def stage(*cars, light=DAY):
    return Stage(VIEW, light, cars, np.random.default_rng(2))


@pytest.fixture(scope="module")
def lone():
    return stage(car(-1.5, 14.0, -5.0))


def test_a_plate_is_drawn_where_it_is_said_to_be(lone):
    view = lone.plate(0, 0.4)
    x, y = view.quad.mean(axis=0).astype(int)
    assert lone.tones(0.4, SHUTTER_S)[y, x] == pytest.approx([20, 230, 20], abs=12)
    assert view.shown == 1.0


def test_a_plate_grows_as_it_comes_nearer(lone):
    widths = [lone.plate(0, t).width_px for t in (0.0, 0.8, 1.6)]
    assert widths[0] == pytest.approx(0.44 * 1200 / 14, rel=0.05)
    assert widths[0] < widths[1] < widths[2]


def test_a_long_exposure_smears_the_plate(lone):
    sharp, smeared = (lone.tones(1.4, exposure)[..., 1] for exposure in (SHUTTER_S, 0.08))
    quad = lone.plate(0, 1.4).quad
    x, y = int(quad[0][0]) - 3, int(quad[:, 1].mean())
    green = [tones[y - 20 : y + 20, x - 12 : x].max() for tones in (sharp, smeared)]
    assert green[1] > green[0] + 20


def test_a_car_before_another_hides_its_plate():
    both = stage(car(-1.5, 8.0, 0.0), car(-1.5, 14.0, 0.0))
    assert both.plate(0, 0.0).shown == 1.0
    assert both.plate(1, 0.0) is None
    assert stage(car(-1.5, 14.0, 0.0)).plate(0, 0.0).shown == 1.0


def test_a_car_behind_the_lens_has_no_plate_and_draws_nothing_wild(lone):
    assert lone.plate(0, 4.0) is None
    assert np.isfinite(lone.tones(4.0, SHUTTER_S)).all()


def test_at_night_the_plate_and_the_lamps_are_what_is_bright():
    dark = stage(car(-1.5, 10.0, -5.0), light=NIGHT)
    tones = dark.tones(0.0, SHUTTER_S)
    x, y = dark.plate(0, 0.0).quad.mean(axis=0).astype(int)
    lamp = VIEW.project(dark.cars[0].lamps(0.0))[0].astype(int)
    assert tones.mean() < 25
    assert tones[y, x, 1] > 150
    assert tones[lamp[1], lamp[0]].max() > 255
