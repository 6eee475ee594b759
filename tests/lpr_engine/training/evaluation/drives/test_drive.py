import itertools

import numpy as np
import pytest

from lpr_engine.training.evaluation.drives.drive import TAIL_S, Drive
from lpr_engine.training.evaluation.drives.plates import DrawnStock


@pytest.fixture(scope="module")
def drive():
    return Drive(3, 1, DrawnStock(3))


def test_seed_and_number_decide_everything(drive):
    again = Drive(3, 1, DrawnStock(3))
    assert [plate.text for plate in drive.car_plates] == [plate.text for plate in again.car_plates]
    assert drive.plan == again.plan
    for one, other in itertools.islice(zip(drive.shots(), again.shots(), strict=True), 2):
        assert np.array_equal(one.pixels, other.pixels)
    assert Drive(4, 1, DrawnStock(4)).plan != drive.plan


def test_pictures_come_at_the_cameras_rate_and_go_on_after_the_last_plate(drive):
    steps = np.diff(drive.times_s)
    assert steps[0] == pytest.approx(1 / drive.conditions.fps)
    assert (steps > 0).all()
    tail = [t for t in drive.times_s if drive.times_s[-1] - t <= TAIL_S - 0.5]
    assert len(tail) >= 5


@pytest.mark.parametrize("number", [1, 6, 7, 9, 11])
def test_no_two_pictures_are_taken_at_once(number):
    drive = Drive(7, number, DrawnStock(7))
    assert np.diff(drive.times_s).min() > 0.99 / drive.conditions.fps


def test_pictures_are_what_a_camera_hands_on(drive):
    shot = next(drive.shots())
    assert shot.pixels.shape == (720, 1280, 3)
    assert shot.pixels.dtype == np.uint8
    assert len(shot.plates) == len(drive.car_plates) == 2


def test_a_plate_comes_into_view():
    for number in (0, 3):
        drive = Drive(3, number, DrawnStock(3))
        views = [drive.stage.plate(0, time_s) for time_s in drive.times_s]
        assert any(view is not None and view.shown == 1.0 for view in views)
