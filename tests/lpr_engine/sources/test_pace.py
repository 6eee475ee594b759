import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.sources.pace import Pace


def picked(pace: Pace, times: list[float]) -> list[float]:
    return [time for time in times if pace.is_due(time)]


def test_25_fps_thinned_to_10_keeps_10_a_second() -> None:
    chosen = picked(Pace(10), [number / 25 for number in range(250)])
    assert len(chosen) == 100


def test_a_camera_at_the_wanted_rate_loses_no_frame_to_jitter() -> None:
    times = [number / 10 + (0.02 if number % 3 else -0.02) for number in range(100)]
    assert picked(Pace(10), times) == times


def test_zero_picks_every_frame() -> None:
    assert picked(Pace(0), [0.0, 0.001, 0.002]) == [0.0, 0.001, 0.002]


def test_after_a_pause_no_burst_makes_up_for_it() -> None:
    pace = Pace(10)
    assert pace.is_due(0.0)
    assert picked(pace, [60.0, 60.01, 60.02, 60.03]) == [60.0]


@given(st.floats(0.5, 60), st.lists(st.floats(0.001, 0.5), min_size=1, max_size=200))
def test_the_rate_never_exceeds_what_is_wanted(fps, gaps) -> None:
    times = [0.0]
    for gap in gaps:
        times.append(times[-1] + gap)
    chosen = picked(Pace(fps), times)
    assert chosen[0] == 0.0
    assert len(chosen) <= times[-1] * fps + 1.25 + 1e-6


@pytest.mark.parametrize("fps", [5.0, 10.0, 12.5])
def test_a_slower_clip_is_kept_whole(fps) -> None:
    times = [number / 5 for number in range(50)]
    assert picked(Pace(fps), times) == times


def test_a_phase_that_jumps_costs_one_frame_only() -> None:
    late = [number / 10 + 0.04 for number in range(5)]
    early = [number / 10 for number in range(5, 50)]
    assert len(picked(Pace(10), late + early)) == 49
