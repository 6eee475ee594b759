import pytest

from lpr_engine.health.rate import RateMeter
from lpr_engine.health.uptime import Uptime


def test_no_event_is_no_rate(clock) -> None:
    assert RateMeter(clock).per_second() == 0.0


def test_rate_over_the_window(clock) -> None:
    meter = RateMeter(clock, window_s=5)
    for _ in range(100):
        clock.advance(0.1)
        meter.tick()
    assert meter.per_second() == pytest.approx(10.0, abs=0.3)


def test_first_seconds_are_not_diluted_by_the_whole_window(clock) -> None:
    meter = RateMeter(clock, window_s=5)
    for _ in range(20):
        clock.advance(0.1)
        meter.tick()
    assert meter.per_second() == pytest.approx(10.0)


def test_one_early_event_is_no_high_rate(clock) -> None:
    meter = RateMeter(clock)
    meter.tick()
    assert meter.per_second() == 1.0


def test_rate_falls_to_zero_when_events_stop(clock) -> None:
    meter = RateMeter(clock, window_s=5)
    for _ in range(50):
        clock.advance(0.1)
        meter.tick()
    clock.advance(5.1)
    assert meter.per_second() == 0.0


def test_uptime_follows_the_monotonic_clock_only(clock) -> None:
    uptime = Uptime(clock)
    started = clock.moment
    clock.advance(90)
    clock.moment = started.replace(year=2030)
    assert (uptime.seconds, uptime.started_at) == (90.0, started)
