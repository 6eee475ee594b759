from pathlib import Path

import pytest

from lpr_engine.training.reading import ReaderOptions
from lpr_engine.training.reading.schedule import Schedule


class Clock:
    def __init__(self):
        self.now_s = 0.0

    def __call__(self):
        return self.now_s


def _options(**changed):
    return ReaderOptions(labels=(), out=Path("run"), **changed)


def test_steps_that_are_given_stay():
    schedule = Schedule(_options(steps=700))
    schedule.took(10, 20.0, 10)
    assert schedule.steps == 700
    assert schedule.remaining_s(100) == pytest.approx(600 * 2.0)


def test_a_time_gives_the_steps_once_they_are_measured_and_again():
    clock = Clock()
    schedule = Schedule(_options(minutes=10), clock=clock)
    clock.now_s = 10
    schedule.took(10, 10.0, 10)
    assert schedule.steps == 10 + 590
    clock.now_s = 310
    schedule.took(100, 300.0, 110)
    assert schedule.steps == 110 + round(290 / (310 / 110))


def test_judgements_take_of_the_time():
    clock = Clock()
    schedule = Schedule(_options(minutes=10, judge_every=10), clock=clock)
    schedule.judged(10.0)
    schedule.took(10, 10.0, 10)
    assert schedule.steps == 10 + 300


def test_a_resumed_run_has_what_is_left():
    clock = Clock()
    schedule = Schedule(_options(minutes=10), first=400, spent_s=540, clock=clock)
    schedule.took(5, 5.0, 405)
    assert schedule.steps == 405 + 60
    assert Schedule(_options(minutes=10), first=400, spent_s=700, clock=clock).steps == 400


def test_the_rate_rises_then_falls():
    schedule = Schedule(_options(steps=1000, learning_rate=1.0))
    rates = [schedule.rate(step) for step in range(1000)]
    peak = rates.index(max(rates))
    assert max(rates) == pytest.approx(1.0, abs=0.01)
    assert rates[:peak] == sorted(rates[:peak])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert rates[-1] == pytest.approx(0.01, abs=0.001)
