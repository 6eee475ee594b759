"""Which observations count."""

from __future__ import annotations

import math

import pytest

from lpr_engine.config.sections import CameraSection, Zone
from lpr_engine.model.geometry import Polygon
from lpr_engine.model.observation import Detection, Observation
from lpr_engine.tracking.sighting import MAX_SIGHTINGS, sight

LEFT = Polygon(((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))
MIDDLE = Polygon(((0.4, 0.0), (0.6, 0.0), (0.6, 1.0), (0.4, 1.0)))


def camera(**rest):
    return CameraSection("gate", "test", **rest)


@pytest.mark.parametrize(
    ("x", "zones", "masks", "expected"),
    [
        (100, (), (), [None]),
        (100, (Zone("left", LEFT),), (), ["left"]),
        (900, (Zone("left", LEFT),), (), []),
        (580, (Zone("left", LEFT), Zone("middle", MIDDLE)), (), ["left"]),
        (700, (Zone("left", LEFT), Zone("middle", MIDDLE)), (), ["middle"]),
        (100, (), (LEFT,), []),
        (580, (Zone("left", LEFT),), (MIDDLE,), []),
    ],
)
def test_zones_and_masks(build, x, zones, masks, expected):
    found = sight(
        camera(zones=zones, masks=masks), build.frame(0), [build.observation("A1", x, 300)]
    )
    assert [one.zone for one in found] == expected


@pytest.mark.parametrize(("width", "kept"), [(47, 0), (48, 1)])
def test_small_plates_are_left_out(build, width, kept):
    found = sight(camera(), build.frame(0), [build.observation("A1", 300, 300, width)])
    assert len(found) == kept


@pytest.mark.parametrize(
    ("x", "y", "width"),
    [(math.nan, 3, 99), (3, math.inf, 99), (9, 9, 0), (9, 9, -50), (-900, 300, 100), (1e308, 1, 9)],
)
def test_odd_boxes_are_left_out(build, x, y, width):
    assert sight(camera(), build.frame(0), [build.observation("A1", x, y, width)]) == []


def test_a_box_over_the_edge_is_clipped(build):
    (found,) = sight(camera(), build.frame(0), [build.observation("A1", 1280, 300, 100)])
    assert found.box.x1 == 1.0
    assert found.box.width == pytest.approx(50 / 1280)


def test_the_surest_of_a_crowd_are_kept(build):
    crowd = [
        Observation(Detection(one.detection.box, number / 200), one.crop, None)
        for number in range(200)
        for one in [build.observation(None, 60 * (number % 20) + 40, 30 * (number // 20) + 40, 50)]
    ]
    found = sight(camera(), build.frame(0), crowd)
    assert len(found) == MAX_SIGHTINGS
    assert min(one.observation.detection.confidence for one in found) == pytest.approx(0.75)
