import math
from typing import Any

import pytest
import voluptuous as vol
from hypothesis import assume, given
from hypothesis import strategies as st

from lpr_engine.config.shapes import MIN_AREA, enclosed_area, line, named_area, polygon
from lpr_engine.config.values import RefusedError
from lpr_engine.model.geometry import DirectionLine, Polygon

SHARE = st.floats(0, 1)
TRIANGLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))


@given(st.lists(st.tuples(SHARE, SHARE), min_size=3, max_size=8, unique=True))
def test_any_area_is_kept_as_it_was_drawn(corners: list[tuple[float, float]]) -> None:
    assume(enclosed_area(tuple(corners)) >= MIN_AREA)
    as_lists = [list(corner) for corner in corners]
    as_text = " ".join(f"{x!r},{y!r}" for x, y in corners)
    assert polygon(as_lists) == polygon(as_text) == Polygon(tuple(corners))


def test_repeated_first_corner_closes_the_area_and_is_left_out() -> None:
    assert polygon([[0, 0], [1, 0], [1, 1], [0, 0]]) == Polygon(TRIANGLE)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([], "0 different corners"),
        ([[0, 0], [1, 1]], "2 different corners"),
        ([[0, 0], [1, 1], [0, 0], [1, 1]], "2 different corners"),
        ([[0, 0], [0.5, 0.5], [1, 1]], "encloses nothing"),
        ([[0, 0], [1, 1], [0, 1], [1, 0]], "encloses nothing"),
        ([[0, 0], [1, 0], [1]], "1 numbers"),
        ([[0, 0], [1, 0], [1, 1, 1]], "3 numbers"),
        ([[0, 0], [1, 0], [1, 1.01]], "out of range"),
        ([[0, 0], [1, 0], [1, -0.01]], "out of range"),
        ([[0, 0], [1, 0], [1, math.nan]], "out of range"),
        ([[0, 0], [1, 0], [1, True]], "true or false stands here"),
        ([[0, 0], [1, 0], ["1", 1]], "text stands here"),
        ([[0, 0], [1, 0], None], "nothing stands here"),
        ([0, 0, 1], "a number stands here"),
        ([[0.1, 0.1]] * 300, "300 entries"),
        ("0,0 1,0", "2 different corners"),
        ("0,0 1,0 1,2", "out of range"),
        ("0,0 1,0 1", "1 numbers"),
        ("0;0 1;0 1;1", "no row of points"),
        ("", "no row of points"),
        ({"x": 1}, "keys and values stands here"),
        (5, "a number stands here"),
        (None, "nothing stands here"),
    ],
)
def test_area_that_is_none_is_refused(value: Any, words: str) -> None:
    with pytest.raises(vol.Invalid) as caught:
        polygon(value)
    assert words in caught.value.msg


def test_line_goes_from_its_first_point_to_its_second() -> None:
    expected = DirectionLine((0.0, 0.5), (1.0, 0.5))
    assert line([[0, 0.5], [1, 0.5]]) == line("0,0.5 1,0.5") == expected


@pytest.mark.parametrize(
    "value",
    [[], [[0, 0]], [[0, 0]] * 2, [[0, 0], [1, 1], [0, 1]], "0,0", "x", 5, None, [[0, 0], [2, 0]]],
)
def test_line_needs_two_different_points(value: Any) -> None:
    with pytest.raises(vol.Invalid):
        line(value)


def test_zone_as_text_has_its_name_before_the_last_colon() -> None:
    assert named_area("Tor: Süd: 0,0 1,0") == {"name": "Tor: Süd", "area": " 0,0 1,0"}
    assert named_area({"name": "x"}) == {"name": "x"}
    with pytest.raises(RefusedError):
        named_area("0,0 1,0")
