"""Directions by the line: left to right of the line is `in`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.model.geometry import DirectionLine
from lpr_engine.model.passage import Direction
from lpr_engine.tracking.heading import Heading, is_reversal

ACROSS = DirectionLine((0.0, 0.5), (1.0, 0.5))
DOWN = DirectionLine((0.5, 0.0), (0.5, 1.0))


def direction(line, *path):
    heading = Heading(line)
    for x, y in path:
        heading.observe(x, y)
    return heading.direction


@pytest.mark.parametrize(
    ("line", "path", "expected"),
    [
        (ACROSS, [(0.5, 0.2), (0.5, 0.8)], Direction.IN),
        (ACROSS, [(0.5, 0.8), (0.5, 0.2)], Direction.OUT),
        (DOWN, [(0.9, 0.5), (0.1, 0.5)], Direction.IN),
        (DOWN, [(0.1, 0.5), (0.9, 0.5)], Direction.OUT),
        (ACROSS, [(0.5, 0.2), (0.5, 0.4)], Direction.UNKNOWN),
        (ACROSS, [(0.5, 0.2), (0.5, 0.8), (0.5, 0.2)], Direction.UNKNOWN),
        (ACROSS, [(0.5, 0.495), (0.5, 0.505), (0.5, 0.497)], Direction.UNKNOWN),
        (ACROSS, [(0.5, 0.2), (0.5, 0.505)], Direction.UNKNOWN),
        (ACROSS, [(0.5, 0.505), (0.5, 0.2), (0.5, 0.8)], Direction.IN),
        (None, [(0.5, 0.2), (0.5, 0.8)], Direction.UNKNOWN),
        (DirectionLine((0.5, 0.5), (0.5, 0.5)), [(0.1, 0.1), (0.9, 0.9)], Direction.UNKNOWN),
        (ACROSS, [], Direction.UNKNOWN),
    ],
)
def test_direction(line, path, expected):
    assert direction(line, *path) is expected


points = st.tuples(st.floats(0, 1), st.floats(0, 1))


@given(points, points, st.lists(points, max_size=8))
def test_the_way_back_is_the_opposite(start, end, path):
    line = DirectionLine(start, end)
    there, back = direction(line, *path), direction(line, *reversed(path))
    assert is_reversal(there, back) or there is back is Direction.UNKNOWN


@given(st.lists(points, max_size=8), st.lists(points, max_size=8))
def test_joined_pieces_are_one_path(first, second):
    heading, later = Heading(ACROSS), Heading(ACROSS)
    for point in first:
        heading.observe(*point)
    for point in second:
        later.observe(*point)
    heading.join(later)
    assert heading.direction is direction(ACROSS, *first, *second)
