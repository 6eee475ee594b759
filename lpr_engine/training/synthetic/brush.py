"""Outlines and ellipses drawn into a box that is given in pixels and parts of pixels."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.formats import Colour

Picture = NDArray[np.uint8]
Frame = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels, not rounded."""
Drawing = Callable[[Picture, Frame, Colour, np.random.Generator], None]
Points = tuple[tuple[float, float], ...]


def fill(picture: Picture, box: Frame, points: Points, colour: Colour) -> None:
    """A filled outline given in parts of the box."""
    left, top, right, bottom = box
    spots = np.array(points) * [right - left, bottom - top] + [left, top]
    fixed = np.round(spots * 16).astype(np.int32)
    cv2.fillPoly(picture, [fixed], colour, cv2.LINE_AA, shift=4)


def ellipse(picture: Picture, box: Frame, colour: Colour, thick: int = -1) -> None:
    """A filled ellipse that fills the box, or its line."""
    left, top, right, bottom = box
    centre = (round((left + right) * 8), round((top + bottom) * 8))
    axes = (max(8, round((right - left) * 8)), max(8, round((bottom - top) * 8)))
    cv2.ellipse(picture, centre, axes, 0, 0, 360, colour, thick, cv2.LINE_AA, shift=4)


def part_of(box: Frame, left: float, top: float, right: float, bottom: float) -> Frame:
    """A box within a box, given in parts of its width and height."""
    width, height = box[2] - box[0], box[3] - box[1]
    return (
        box[0] + left * width,
        box[1] + top * height,
        box[0] + right * width,
        box[1] + bottom * height,
    )


def outline(points: Points) -> Drawing:
    """A drawing of one outline."""

    def draw(picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator) -> None:
        fill(picture, box, points, colour)

    return draw


def random_colour(generator: np.random.Generator) -> Colour:
    """Any colour but near black and white."""
    red, green, blue = generator.integers(20, 240, 3)
    return int(red), int(green), int(blue)
