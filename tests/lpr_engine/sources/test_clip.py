import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.sources.clip import ClipTime


def advance_all(fps: float, positions: list[float]) -> list[float]:
    time = ClipTime(fps)
    return [round(time.advance(position), 6) for position in positions]


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        ([0, 40, 80], [0, 0.04, 0.08]),
        ([5000, 5040, 5080], [0, 0.04, 0.08]),
        ([0, 0, 0], [0, 0.04, 0.08]),
        ([0, 40, math.nan, 120], [0, 0.04, 0.08, 0.12]),
        ([0, 40, -math.inf, 120], [0, 0.04, 0.08, 0.12]),
        ([0, 40, 1e18, 1e18], [0, 0.04, 0.08, 0.12]),
        ([0, 40, 80, 0, 40, 80], [0, 0.04, 0.08, 0.12, 0.16, 0.20]),
        ([0, 30_000, 30_040], [0, 30.0, 30.04]),
    ],
)
def test_positions_become_clip_time(positions, expected) -> None:
    assert advance_all(25, positions) == expected


@pytest.mark.parametrize("fps", [0, -1, math.nan, math.inf, 90_000])
def test_a_nonsense_rate_counts_as_25(fps) -> None:
    assert ClipTime(fps).interval_s == 0.04


@given(st.lists(st.floats(), min_size=2, max_size=50), st.floats())
def test_time_always_advances_by_at_most_a_minute(positions, fps) -> None:
    time = ClipTime(fps)
    times = [time.advance(position) for position in positions]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert all(0 < gap <= 60 + time.interval_s for gap in gaps)
