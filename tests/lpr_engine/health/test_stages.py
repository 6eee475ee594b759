import threading

from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.health.stages import StageTimings, percentile


def test_nothing_observed_shows_nothing(clock) -> None:
    assert StageTimings(clock).snapshot() == ()


def test_percentiles_of_each_stage(clock) -> None:
    timings = StageTimings(clock)
    for duration in range(1, 101):
        timings.observe("detect", float(duration))
    timings.observe("read", 7.5)
    detect, read = timings.snapshot()
    assert (detect.stage, detect.count, detect.p50_ms, detect.p95_ms) == ("detect", 100, 50.0, 95.0)
    assert (read.stage, read.count, read.p50_ms, read.p95_ms) == ("read", 1, 7.5, 7.5)


def test_old_durations_leave_the_window(clock) -> None:
    timings = StageTimings(clock, window_s=60)
    timings.observe("detect", 900.0)
    clock.advance(50)
    timings.observe("detect", 10.0)
    clock.advance(20)
    assert [(timing.count, timing.p95_ms) for timing in timings.snapshot()] == [(1, 10.0)]
    clock.advance(60)
    assert timings.snapshot() == ()


def test_memory_is_bounded_and_the_newest_stay(clock) -> None:
    timings = StageTimings(clock)
    for _ in range(5000):
        timings.observe("detect", 1.0)
    for _ in range(4096):
        timings.observe("detect", 2.0)
    (timing,) = timings.snapshot()
    assert (timing.count, timing.p50_ms) == (4096, 2.0)


def test_many_threads_lose_no_duration(clock) -> None:
    timings = StageTimings(clock)

    def work() -> None:
        for _ in range(200):
            timings.observe("detect", 1.0)
            timings.snapshot()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert timings.snapshot()[0].count == 800


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 100))
def test_percentile_is_a_value_with_enough_values_at_or_below_it(values, percent) -> None:
    ascending = sorted(values)
    found = percentile(ascending, percent)
    assert found in ascending
    assert sum(value <= found for value in values) >= percent / 100 * len(values) - 1e-6
