import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lpr_engine.model.geometry import Box, DirectionLine, Polygon

COORDINATE = st.floats(-1e4, 1e4)
SHARE = st.floats(0, 1)
POINT = st.tuples(SHARE, SHARE)
ANY_BOX = st.builds(Box, COORDINATE, COORDINATE, COORDINATE, COORDINATE)
SQUARE = Polygon(((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)))
ARROW = Polygon(((0.0, 0.0), (1.0, 0.5), (0.0, 1.0), (0.5, 0.5)))


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x0, y0 = draw(st.floats(0, 1000)), draw(st.floats(0, 1000))
    return Box(x0, y0, x0 + draw(st.floats(0.5, 1000)), y0 + draw(st.floats(0.5, 1000)))


def test_box_measures() -> None:
    box = Box(1, 2, 4, 8)
    assert (box.width, box.height, box.area, box.center) == (3, 6, 18, (2.5, 5))
    assert box.as_tuple() == (1, 2, 4, 8)


@pytest.mark.parametrize(
    "box", [Box(4, 2, 1, 8), Box(1, 8, 4, 2), Box(4, 8, 1, 2), Box(1, 1, 1, 1)]
)
def test_box_turned_inside_out_is_empty(box: Box) -> None:
    assert box.area == 0
    assert box.iou(Box(0, 0, 10, 10)) == 0
    assert box.iou(box) == 0


@pytest.mark.parametrize(
    ("other", "shared", "iou"),
    [
        (Box(0, 0, 2, 2), 4, 1.0),
        (Box(1, 0, 3, 2), 2, 2 / 6),
        (Box(0, 0, 1, 1), 1, 0.25),
        (Box(2, 0, 4, 2), 0, 0.0),
        (Box(5, 5, 6, 6), 0, 0.0),
    ],
)
def test_overlap_of_known_boxes(other: Box, shared: float, iou: float) -> None:
    box = Box(0, 0, 2, 2)
    assert box.intersection(other) == shared
    assert box.iou(other) == pytest.approx(iou)


@given(boxes(), boxes())
def test_iou_is_symmetric_and_a_share(one: Box, other: Box) -> None:
    assert one.iou(other) == pytest.approx(other.iou(one))
    assert 0 <= one.iou(other) <= 1 + 1e-9
    assert one.intersection(other) <= min(one.area, other.area) + 1e-6


@given(boxes())
def test_box_overlaps_itself_wholly(box: Box) -> None:
    assert box.iou(box) == pytest.approx(1)


@given(boxes(), st.floats(0.1, 10), st.floats(0.1, 10))
def test_scaling_back_gives_the_box_again(box: Box, x: float, y: float) -> None:
    scaled = box.scaled(x, y)
    assert scaled.area == pytest.approx(box.area * x * y, rel=1e-6, abs=1e-6)
    assert scaled.scaled(1 / x, 1 / y).as_tuple() == pytest.approx(box.as_tuple())


@given(ANY_BOX, st.floats(1, 4000), st.floats(1, 4000))
def test_clipped_box_lies_in_its_frame_and_stays_so(box: Box, width: float, height: float) -> None:
    clipped = box.clipped(width, height)
    assert 0 <= clipped.x0 <= width
    assert 0 <= clipped.x1 <= width
    assert 0 <= clipped.y0 <= height
    assert 0 <= clipped.y1 <= height
    assert clipped.clipped(width, height) == clipped
    assert clipped.area <= box.area + 1e-6


@given(boxes(), boxes())
def test_intersection_is_the_area_of_one_clipped_to_the_other(one: Box, other: Box) -> None:
    moved = Box(one.x0 - other.x0, one.y0 - other.y0, one.x1 - other.x0, one.y1 - other.y0)
    clipped = moved.clipped(other.width, other.height)
    assert clipped.area == pytest.approx(one.intersection(other), abs=1e-6)


@pytest.mark.parametrize(
    ("point", "inside"),
    [((0.5, 0.5), True), ((0.21, 0.79), True), ((0.1, 0.5), False), ((0.9, 0.5), False)],
)
def test_point_in_a_square(point: tuple[float, float], inside: bool) -> None:
    assert SQUARE.contains(*point) is inside


@pytest.mark.parametrize(
    ("point", "inside"),
    [((0.25, 0.5), False), ((0.6, 0.5), True), ((0.25, 0.2), True), ((0.25, 0.8), True)],
)
def test_point_in_the_notch_of_an_area_is_outside(point: tuple[float, float], inside: bool) -> None:
    assert ARROW.contains(*point) is inside


@given(POINT)
def test_square_contains_what_lies_between_its_edges(point: tuple[float, float]) -> None:
    x, y = point
    assume(min(abs(edge - value) for edge in (0.2, 0.8) for value in point) > 1e-9)
    assert SQUARE.contains(x, y) == (0.2 < x < 0.8 and 0.2 < y < 0.8)


@given(st.lists(POINT, min_size=3, max_size=7), POINT, st.integers(0, 6))
def test_where_an_area_begins_and_which_way_round_does_not_matter(
    corners: list[tuple[float, float]], point: tuple[float, float], shift: int
) -> None:
    assume(all(abs(y - point[1]) > 1e-9 for _, y in corners))
    shift %= len(corners)
    turned = (*corners[shift:], *corners[:shift])
    inside = Polygon(tuple(corners)).contains(*point)
    assert Polygon(turned).contains(*point) == inside
    edges = zip(corners, [*corners[1:], corners[0]], strict=True)
    for (x0, y0), (x1, y1) in edges:
        if (y0 > point[1]) != (y1 > point[1]):
            crossing = x0 + (point[1] - y0) * (x1 - x0) / (y1 - y0)
            assume(abs(crossing - point[0]) > 1e-9)
    assert Polygon(tuple(reversed(corners))).contains(*point) == inside


@given(st.lists(POINT, min_size=3, max_size=7), POINT)
def test_nothing_outside_of_all_corners_is_inside(
    corners: list[tuple[float, float]], point: tuple[float, float]
) -> None:
    area = Polygon(tuple(corners))
    x, y = point
    assert not area.contains(x + 1.5, y)
    assert not area.contains(x - 1.5, y)
    assert not area.contains(x, y + 1.5)
    assert not area.contains(x, y - 1.5)


def test_line_across_the_picture_has_its_in_side_below() -> None:
    line = DirectionLine((0.0, 0.5), (1.0, 0.5))
    assert line.side(0.5, 0.9) > 0 > line.side(0.5, 0.1)
    assert line.side(0.3, 0.5) == 0
    turned = DirectionLine((1.0, 0.5), (0.0, 0.5))
    assert turned.side(0.5, 0.1) > 0 > turned.side(0.5, 0.9)


@given(POINT, POINT, POINT)
def test_turning_a_line_swaps_its_sides(
    start: tuple[float, float], end: tuple[float, float], point: tuple[float, float]
) -> None:
    forth, back = DirectionLine(start, end).side(*point), DirectionLine(end, start).side(*point)
    assert math.isclose(forth, -back, abs_tol=1e-9)
