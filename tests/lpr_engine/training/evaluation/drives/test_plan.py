import numpy as np
import pytest

from lpr_engine.training.evaluation.drives.conditions import Scenario, draw_conditions
from lpr_engine.training.evaluation.drives.plan import draw_plan

PLANS = []
for number in range(40):
    generator = np.random.default_rng((5, number))
    PLANS.append(draw_plan(draw_conditions(number, generator), generator))


def test_all_conditions_occur():
    drawn = [plan.conditions for plan in PLANS]
    assert {one.scenario for one in drawn} == set(Scenario)
    assert {one.light_name for one in drawn} == {
        "day", "night, infrared", "night, street lamps"
    }  # fmt: skip
    speeds, rates = [one.speed_kmh for one in drawn], [one.fps for one in drawn]
    assert 5 <= min(speeds) < 15
    assert 45 < max(speeds) <= 60
    assert (min(rates), max(rates)) == (5.0, 25.0)


def test_the_shutter_closes_before_the_next_picture():
    assert all(p.conditions.recording.exposure_s * p.conditions.fps < 1 for p in PLANS)


@pytest.mark.parametrize("scenario", Scenario, ids=lambda one: one.value)
def test_cars_do_what_the_scenario_says(scenario):
    for plan in [plan for plan in PLANS if plan.conditions.scenario is scenario]:
        speeds = [course.way.speed_at_m_s(0.0) for course in plan.courses]
        if scenario is Scenario.CROSSING:
            assert speeds[0] < 0 < speeds[1]
        elif scenario is Scenario.FOLLOWING:
            first, second = (course.way.along_m(1.0) for course in plan.courses)
            assert second - first > 4.2
        elif scenario is Scenario.PARKED:
            assert speeds[0] == 0
            assert [course.is_parked for course in plan.courses] == [True, False]
        elif scenario is Scenario.STOP_AND_GO:
            assert plan.courses[0].way.stops
        else:
            assert len(speeds) == 1
            assert (speeds[0] > 0) == (scenario is Scenario.LEAVING)


def test_each_camera_sees_its_plates():
    for plan in PLANS:
        for course in plan.courses:
            middle = np.array([[course.lane_m, 0.5, course.way.start_m]])
            assert plan.view.ahead(middle)[0, 2] > 0
