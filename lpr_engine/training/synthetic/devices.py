"""Emblems and devices on plates, each drawn into a box: seals, flags, figures, suns."""

from __future__ import annotations

import cv2
import numpy as np

from lpr_engine.training.synthetic.brush import (
    Drawing,
    Frame,
    Picture,
    ellipse,
    fill,
    outline,
    part_of,
    random_colour,
)
from lpr_engine.training.synthetic.formats import Colour


def band(picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator) -> None:
    """An even rectangle."""
    left, top, right, bottom = (round(v) for v in box)
    cv2.rectangle(picture, (left, top), (right, bottom), colour, -1)


def disc(picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator) -> None:
    """A sun, an orange, a seal's ground."""
    ellipse(picture, box, colour)


def ring(picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator) -> None:
    """A circle's line."""
    ellipse(picture, box, colour, max(1, round((box[3] - box[1]) * 0.1)))


def rays(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """A sun with rays."""
    ellipse(picture, part_of(box, 0.3, 0.3, 0.7, 0.7), colour)
    centre = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
    reach = np.array([(box[2] - box[0]) / 2, (box[3] - box[1]) / 2])
    start = generator.uniform(0, 0.4)
    for angle in np.arange(8) * np.pi / 4 + start:
        out = np.array([np.cos(angle), np.sin(angle)])
        ends = [np.round(centre + out * reach * k).astype(int) for k in (0.5, 1.0)]
        first, last = ((int(p[0]), int(p[1])) for p in ends)
        cv2.line(picture, first, last, colour, max(1, round(float(reach[1]) * 0.1)), cv2.LINE_AA)


def zia(picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator) -> None:
    """A ring with four rays to each side."""
    for shift in (-0.12, -0.04, 0.04, 0.12):
        band(picture, part_of(box, 0.48 + shift, 0, 0.52 + shift, 1), colour, _generator)
        band(picture, part_of(box, 0, 0.48 + shift, 1, 0.52 + shift), colour, _generator)
    ellipse(picture, part_of(box, 0.28, 0.28, 0.72, 0.72), colour)
    ellipse(picture, part_of(box, 0.34, 0.34, 0.66, 0.66), (190, 40, 30))


def figure(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """A dark silhouette: a rider, a bird, an animal."""
    angles = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    reach = generator.uniform(0.3, 1.0, 14) / 2
    points = zip(0.5 + np.cos(angles) * reach, 0.5 + np.sin(angles) * reach, strict=True)
    fill(picture, box, tuple((float(x), float(y)) for x, y in points), colour)


def patch(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """A state's outline, or nearly."""
    angles = np.linspace(0, 2 * np.pi, 9, endpoint=False) + generator.uniform(0, 0.3)
    reach = np.clip(0.5 / np.maximum(np.abs(np.cos(angles)), np.abs(np.sin(angles))), 0, 0.62)
    reach = reach * generator.uniform(0.75, 1.0, 9)
    points = zip(0.5 + np.cos(angles) * reach, 0.5 + np.sin(angles) * reach, strict=True)
    fill(picture, box, tuple((float(x), float(y)) for x, y in points), colour)


def face(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """A portrait in one pale colour."""
    ellipse(picture, part_of(box, 0.25, 0.05, 0.75, 0.6), colour)
    fill(picture, box, ((0.3, 0.5), (0.7, 0.5), (1, 1), (0, 1)), colour)
    light: Colour = (min(255, colour[0] + 50), min(255, colour[1] + 50), min(255, colour[2] + 50))
    figure(picture, part_of(box, 0.35, 0.2, 0.65, 0.55), light, generator)


def flag(picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator) -> None:
    """Stripes with a field in the corner."""
    for index in range(5):
        stripe = part_of(box, 0, index / 5, 1, index / 5 + 0.1)
        band(picture, stripe, (200, 60, 70), _generator)
    band(picture, part_of(box, 0, 0, 0.42, 0.5), colour, _generator)


def seal(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """A round emblem: rim, ground, and something in its middle."""
    side = min(box[2] - box[0], box[3] - box[1]) / 2
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for part, paint in ((1.0, colour), (0.72, random_colour(generator))):
        ellipse(
            picture, (x - side * part, y - side * part, x + side * part, y + side * part), paint
        )
    inner = (x - side * 0.55, y - side * 0.55, x + side * 0.55, y + side * 0.55)
    figure(picture, inner, random_colour(generator), generator)


def wheel(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """A wheelchair, as for the disabled."""
    ring(picture, part_of(box, 0.1, 0.4, 0.75, 1.0), colour, generator)
    ellipse(picture, part_of(box, 0.3, 0.0, 0.52, 0.16), colour)
    fill(
        picture,
        box,
        ((0.34, 0.18), (0.5, 0.18), (0.56, 0.6), (0.9, 0.85), (0.78, 0.92), (0.42, 0.64)),
        colour,
    )


def blobs(picture: Picture, box: Frame, _colour: Colour, generator: np.random.Generator) -> None:
    """An emblem of some blobs in a few colours."""
    for _ in range(int(generator.integers(2, 6))):
        x, y = generator.uniform(0.2, 0.8, 2)
        half_x, half_y = generator.uniform(0.08, 0.4, 2)
        spot = part_of(box, x - half_x, y - half_y, x + half_x, y + half_y)
        ellipse(picture, spot, random_colour(generator))


def initials(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """A university's big letter or two."""
    text = "".join(generator.choice(list("ABCDFGIKLMNPRSTUVWY"), int(generator.integers(1, 3))))
    height = box[3] - box[1]
    scale = float(height / 34)
    at = (round(box[0]), round((box[1] + box[3]) / 2 + height * 0.3))
    cv2.putText(
        picture,
        text,
        at,
        cv2.FONT_HERSHEY_TRIPLEX,
        scale,
        colour,
        max(1, round(scale * 2)),
        cv2.LINE_AA,
    )


DEVICES: dict[str, Drawing] = {
    "band": band,
    "blobs": blobs,
    "diamond": outline(((0.5, 1), (0, 0.35), (0.2, 0), (0.8, 0), (1, 0.35))),
    "disc": disc,
    "face": face,
    "figure": figure,
    "flag": flag,
    "initials": initials,
    "patch": patch,
    "rays": rays,
    "ring": ring,
    "seal": seal,
    "shield": outline(((0, 0), (1, 0), (1, 0.6), (0.5, 1), (0, 0.6))),
    "star": outline(
        (
            (0.5, 0),
            (0.62, 0.36),
            (1, 0.38),
            (0.7, 0.6),
            (0.8, 1),
            (0.5, 0.76),
            (0.2, 1),
            (0.3, 0.6),
            (0, 0.38),
            (0.38, 0.36),
        )
    ),
    "wedge": outline(((0, 0), (1, 0), (0, 1))),
    "wheel": wheel,
    "zia": zia,
}
