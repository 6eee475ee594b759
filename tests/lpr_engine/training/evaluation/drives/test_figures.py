from dataclasses import replace

import numpy as np
import pytest

from lpr_engine.training.evaluation.drives.figures import DrivesReport, Figures
from lpr_engine.training.evaluation.drives.outcome import DriveOutcome, PasserOutcome
from lpr_engine.training.evaluation.drives.record import Passer
from lpr_engine.training.evaluation.drives.voters import Way


@pytest.fixture
def car(conditions):
    def make(majority="AB1", ours="AB1", readings=5, drive=0, speed=20.0, **more):
        return PasserOutcome(
            drive=drive,
            passer=Passer("AB1", "DE", is_parked=False),
            conditions=replace(conditions, speed_kmh=speed),
            readings=readings,
            widest_px=90.0,
            frames_wrong=(0.5, 0.25),
            texts={Way.MAJORITY: majority, Way.OURS: ours},
            confidence=None,
            **({"finals": 1, "is_merged": False, "preview_delay_s": 0.2, "final_delay_s": 1.6}
               | more),
        )  # fmt: skip

    return make


def drives(*cars):
    return tuple(DriveOutcome((one,), 0) for one in cars)


def test_errors_and_their_ratio(car):
    cars = [car(majority="X", ours="X"), *[car(majority="X")] * 3, *[car()] * 6]
    figures = Figures("all", drives(*cars), 2)
    assert figures.error(Way.MAJORITY).value == pytest.approx(0.4)
    assert figures.error(Way.OURS).value == pytest.approx(0.1)
    assert figures.error(Way.FRAME).value == pytest.approx(0.5)
    assert figures.error(Way.FRAME, fold=True).value == pytest.approx(0.25)
    ratio = figures.ratio(Way.OURS)
    assert ratio.value == pytest.approx(0.25)
    assert ratio.low < 0.25 < ratio.high <= 1.0


def test_intervals_are_the_same_each_time_and_narrow_with_more_drives(car):
    few = [car(majority="X"), car(), car(), car()]
    widths = []
    for times in (2, 40):
        one, again = (Figures("", drives(*few * times), 2).error(Way.MAJORITY) for _ in range(2))
        assert one == again
        widths.append(one.high - one.low)
    assert widths[1] < widths[0] / 3


def test_cars_that_were_hardly_read_do_not_count(car):
    figures = Figures("", drives(car(majority="X", readings=1), car(), car()), 2)
    assert figures.error(Way.MAJORITY).value == 0.0
    assert figures.never_read == 1
    assert figures.share(lambda one: one.is_lost) == (0, 2)


def test_nothing_to_compare_with_is_no_number(car):
    figures = Figures("", drives(car(), car(ours="X")), 2)
    assert np.isnan(figures.ratio(Way.OURS).value)
    assert np.isnan(Figures("", (), 2).error(Way.OURS).value)


def test_bands_hold_every_drive_once(car):
    report = DrivesReport(drives(*(car(speed=s) for s in (5, 15, 16, 31, 60))), 1, 2)
    light, speed, fps, scenario = report.conditions()
    assert [band.name for band in speed] == ["5-15 km/h", "15-30 km/h", "30-45 km/h", "45-60 km/h"]
    assert [len(band.drives) for band in speed] == [2, 1, 1, 1]
    for bands in (light, fps, scenario):
        assert sum(len(band.drives) for band in bands) == 5
