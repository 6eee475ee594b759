"""Things that plates of states show, each drawn into a box: mountains, trees, arches."""

from __future__ import annotations

import cv2
import numpy as np

from lpr_engine.training.synthetic.brush import (
    Drawing,
    Frame,
    Picture,
    ellipse,
    fill,
    part_of,
)
from lpr_engine.training.synthetic.devices import DEVICES, band
from lpr_engine.training.synthetic.formats import Colour


def hills(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """Rolling ground whose crest is the box's upper half."""
    crest = np.repeat(generator.uniform(0, 0.5, 6), 2)[1:-1]
    across = np.linspace(0, 1, 10)
    fill(picture, box, ((0, 1), *zip(across, crest, strict=True), (1, 1)), colour)


def peaks(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """Jagged mountains."""
    across = np.linspace(0, 1, 12) + generator.uniform(-0.03, 0.03, 12)
    high = np.where(np.arange(12) % 2 == 0, 0.55, 0.0) + generator.uniform(0, 0.45, 12)
    across[0], across[-1] = 0, 1
    fill(picture, box, ((0, 1), *zip(across, high, strict=True), (1, 1)), colour)


def fir(picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator) -> None:
    """A conifer of three storeys."""
    for top, bottom, half in ((0.0, 0.4, 0.25), (0.25, 0.68, 0.38), (0.5, 0.92, 0.5)):
        fill(picture, box, ((0.5, top), (0.5 + half, bottom), (0.5 - half, bottom)), colour)
    band(picture, part_of(box, 0.44, 0.9, 0.56, 1), colour, _generator)


def firs(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """A row of conifers."""
    width, height = box[2] - box[0], box[3] - box[1]
    for left in np.arange(box[0], box[2], max(4.0, height * 0.5)):
        high = height * generator.uniform(0.5, 1)
        fir(
            picture,
            (left, box[3] - high, min(left + width, left + high * 0.6), box[3]),
            colour,
            generator,
        )


def palm(picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator) -> None:
    """A palmetto: trunk and a round head of leaves."""
    fill(picture, box, ((0.45, 0.4), (0.57, 0.4), (0.62, 1), (0.4, 1)), colour)
    for across, down in ((0.5, 0.12), (0.26, 0.22), (0.74, 0.22), (0.3, 0.42), (0.7, 0.42)):
        ellipse(
            picture, part_of(box, across - 0.22, down - 0.12, across + 0.22, down + 0.14), colour
        )


def lighthouse(
    picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator
) -> None:
    """A tower with a lamp."""
    fill(picture, box, ((0.38, 0.2), (0.62, 0.2), (0.72, 1), (0.28, 1)), colour)
    band(picture, part_of(box, 0.3, 0.16, 0.7, 0.22), (40, 40, 40), _generator)
    fill(picture, box, ((0.4, 0.16), (0.4, 0.08), (0.5, 0), (0.6, 0.08), (0.6, 0.16)), (60, 50, 50))


def arch(picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator) -> None:
    """A stone arch."""
    left, top, right, bottom = box
    thick = max(2, round((right - left) * 0.24))
    centre = (round((left + right) / 2), round(bottom))
    axes = (
        max(2, round((right - left) / 2) - thick // 2),
        max(2, round(bottom - top) - thick // 2),
    )
    cv2.ellipse(picture, centre, axes, 0, 180, 360, colour, thick, cv2.LINE_AA)


def rainbow(picture: Picture, box: Frame, _colour: Colour, _generator: np.random.Generator) -> None:
    """Pale bows in four colours."""
    left, top, right, bottom = box
    step = max(2, round((bottom - top) * 0.07))
    centre = (round((left + right) / 2), round(bottom))
    for index, colour in enumerate(
        ((245, 170, 185), (248, 225, 140), (190, 220, 150), (170, 190, 235))
    ):
        axes = (round((right - left) / 2) - index * step, round(bottom - top) - index * step)
        if min(axes) > 2:
            cv2.ellipse(picture, centre, axes, 0, 180, 360, colour, step, cv2.LINE_AA)


def clouds(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """Soft spots of light."""
    for _ in range(5):
        x, y = generator.uniform(0, 1, 2)
        ellipse(picture, part_of(box, x - 0.14, y - 0.14, x + 0.14, y + 0.14), colour)


def slope(picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator) -> None:
    """A broad wave from the left below to the right above."""
    fill(picture, box, ((0, 1), (0.3, 0.7), (0.6, 0.3), (1, 0), (1, 1)), colour)


DRAWINGS: dict[str, Drawing] = DEVICES | {
    "arch": arch,
    "clouds": clouds,
    "fir": fir,
    "firs": firs,
    "hills": hills,
    "lighthouse": lighthouse,
    "palm": palm,
    "peaks": peaks,
    "rainbow": rainbow,
    "slope": slope,
}
