"""Slanted plates are levelled; level ones, and those that say nothing, are left alone."""

import cv2
import numpy as np
import pytest

from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.straightening import (
    Direction,
    erect,
    level,
    measure_slant,
    straighten,
)


def slanted_plate(degrees: float, width: int = 200, height: int = 50) -> Pixels:
    """The bounding crop of a plate whose rows slope down to the right."""
    slope = np.tan(np.radians(degrees))
    room = int(abs(slope) * width)
    scene = np.full((height + room, width, 3), 60, np.uint8)
    plate = np.full((height, width, 3), 235, np.uint8)
    cv2.rectangle(plate, (1, 1), (width - 2, height - 2), (10, 10, 10), 2)
    cv2.putText(plate, "AB123CD", (14, 37), cv2.FONT_HERSHEY_SIMPLEX, 1.25, (10, 10, 10), 4)
    for column in range(width):
        top = int(room / 2 + slope * (column - (width - 1) / 2))
        top = min(max(0, top), room)
        scene[top : top + height, column] = plate[:, column]
    return scene


@pytest.mark.parametrize("degrees", [-18, -12, -8, 8, 12, 18])
def test_slant_is_measured(degrees: float) -> None:
    slant = measure_slant(slanted_plate(degrees), Direction.ROWS)

    assert slant.degrees == pytest.approx(degrees, abs=1.6)
    assert slant.is_plain


@pytest.mark.parametrize("degrees", [-18, -12, 12, 18])
def test_slanted_plate_becomes_level(degrees: float) -> None:
    crop = slanted_plate(degrees)

    straight = straighten(crop)

    assert straight.shape[0] < crop.shape[0]
    assert abs(measure_slant(straight, Direction.ROWS).degrees) <= 2


@pytest.mark.parametrize("degrees", [-2, 0, 2])
def test_level_plate_is_left_alone(degrees: float) -> None:
    crop = slanted_plate(degrees)

    assert straighten(crop) is crop


@pytest.mark.parametrize("shape", [(1, 1), (5, 300), (300, 5), (20, 60), (60, 20)])
@pytest.mark.parametrize("kind", ["plain", "noise"])
def test_crops_that_show_no_rows_are_left_alone(shape: tuple[int, int], kind: str) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (*shape, 3), np.uint8)
    crop = noise if kind == "noise" else np.full((*shape, 3), 120, np.uint8)

    assert straighten(crop) is crop


def test_levelling_leaves_something_of_any_crop() -> None:
    assert level(np.zeros((20, 400, 3), np.uint8), 20).shape == (6, 400, 3)


def rotated_plate(degrees: float) -> Pixels:
    """The bounding crop of a plate turned in its plane, clockwise when positive."""
    plate = slanted_plate(0)
    height, width = plate.shape[:2]
    sine, cosine = abs(np.sin(np.radians(degrees))), np.cos(np.radians(degrees))
    size = (int(width * cosine + height * sine), int(width * sine + height * cosine))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    matrix[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    return np.asarray(cv2.warpAffine(plate, matrix, size, borderValue=(60, 60, 60)), np.uint8)


@pytest.mark.parametrize("degrees", [-15, -9, 9, 15])
def test_turned_plate_becomes_level_and_upright(degrees: float) -> None:
    straight = straighten(rotated_plate(degrees))

    assert abs(measure_slant(straight, Direction.ROWS).degrees) <= 3
    assert abs(measure_slant(straight, Direction.STROKES).degrees) <= 3


@pytest.mark.parametrize("degrees", [-12, 12])
def test_leaning_strokes_are_measured_and_undone(degrees: float) -> None:
    leaning = erect(slanted_plate(0), -degrees)

    assert measure_slant(leaning, Direction.STROKES).degrees == pytest.approx(degrees, abs=1.6)
    upright = erect(leaning, degrees)
    assert abs(measure_slant(upright, Direction.STROKES).degrees) <= 1.5
