"""Things that plates of states show, each drawn into a box: mountains, trees, suns, arches."""

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


def _fill(picture: Picture, box: Frame, points: Points, colour: Colour) -> None:
    """A filled outline given in parts of the box."""
    left, top, right, bottom = box
    spots = np.array(points) * [right - left, bottom - top] + [left, top]
    fixed = np.round(spots * 16).astype(np.int32)
    cv2.fillPoly(picture, [fixed], colour, cv2.LINE_AA, shift=4)


def _ellipse(picture: Picture, box: Frame, colour: Colour, thick: int = -1) -> None:
    left, top, right, bottom = box
    centre = (round((left + right) * 8), round((top + bottom) * 8))
    axes = (max(8, round((right - left) * 8)), max(8, round((bottom - top) * 8)))
    cv2.ellipse(picture, centre, axes, 0, 0, 360, colour, thick, cv2.LINE_AA, shift=4)


def _part(box: Frame, left: float, top: float, right: float, bottom: float) -> Frame:
    width, height = box[2] - box[0], box[3] - box[1]
    return (
        box[0] + left * width,
        box[1] + top * height,
        box[0] + right * width,
        box[1] + bottom * height,
    )


def _outline(name: Points) -> Drawing:
    def draw(picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator) -> None:
        _fill(picture, box, name, colour)

    return draw


def band(picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator) -> None:
    """An even rectangle."""
    left, top, right, bottom = (round(v) for v in box)
    cv2.rectangle(picture, (left, top), (right, bottom), colour, -1)


def hills(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """Rolling ground whose crest is the box's upper half."""
    crest = np.repeat(generator.uniform(0, 0.5, 6), 2)[1:-1]
    across = np.linspace(0, 1, 10)
    _fill(picture, box, ((0, 1), *zip(across, crest, strict=True), (1, 1)), colour)


def peaks(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """Jagged mountains."""
    across = np.linspace(0, 1, 12) + generator.uniform(-0.03, 0.03, 12)
    high = np.where(np.arange(12) % 2 == 0, 0.55, 0.0) + generator.uniform(0, 0.45, 12)
    across[0], across[-1] = 0, 1
    _fill(picture, box, ((0, 1), *zip(across, high, strict=True), (1, 1)), colour)


def disc(picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator) -> None:
    """A sun, an orange, a seal's ground."""
    _ellipse(picture, box, colour)


def ring(picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator) -> None:
    """A circle's line."""
    _ellipse(picture, box, colour, max(1, round((box[3] - box[1]) * 0.1)))


def rays(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """A sun with rays."""
    _ellipse(picture, _part(box, 0.3, 0.3, 0.7, 0.7), colour)
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
        band(picture, _part(box, 0.48 + shift, 0, 0.52 + shift, 1), colour, _generator)
        band(picture, _part(box, 0, 0.48 + shift, 1, 0.52 + shift), colour, _generator)
    _ellipse(picture, _part(box, 0.28, 0.28, 0.72, 0.72), colour)
    _ellipse(picture, _part(box, 0.34, 0.34, 0.66, 0.66), (190, 40, 30))


def fir(picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator) -> None:
    """A conifer of three storeys."""
    for top, bottom, half in ((0.0, 0.4, 0.25), (0.25, 0.68, 0.38), (0.5, 0.92, 0.5)):
        _fill(picture, box, ((0.5, top), (0.5 + half, bottom), (0.5 - half, bottom)), colour)
    band(picture, _part(box, 0.44, 0.9, 0.56, 1), colour, _generator)


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
    _fill(picture, box, ((0.45, 0.4), (0.57, 0.4), (0.62, 1), (0.4, 1)), colour)
    for across, down in ((0.5, 0.12), (0.26, 0.22), (0.74, 0.22), (0.3, 0.42), (0.7, 0.42)):
        _ellipse(
            picture, _part(box, across - 0.22, down - 0.12, across + 0.22, down + 0.14), colour
        )


def lighthouse(
    picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator
) -> None:
    """A tower with a lamp."""
    _fill(picture, box, ((0.38, 0.2), (0.62, 0.2), (0.72, 1), (0.28, 1)), colour)
    band(picture, _part(box, 0.3, 0.16, 0.7, 0.22), (40, 40, 40), _generator)
    _fill(
        picture, box, ((0.4, 0.16), (0.4, 0.08), (0.5, 0), (0.6, 0.08), (0.6, 0.16)), (60, 50, 50)
    )


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


def figure(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """A dark silhouette: a rider, a bird, an animal."""
    angles = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    reach = generator.uniform(0.3, 1.0, 14) / 2
    points = zip(0.5 + np.cos(angles) * reach, 0.5 + np.sin(angles) * reach, strict=True)
    _fill(picture, box, tuple((float(x), float(y)) for x, y in points), colour)


def patch(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """A state's outline, or nearly."""
    angles = np.linspace(0, 2 * np.pi, 9, endpoint=False) + generator.uniform(0, 0.3)
    reach = np.clip(0.5 / np.maximum(np.abs(np.cos(angles)), np.abs(np.sin(angles))), 0, 0.62)
    reach = reach * generator.uniform(0.75, 1.0, 9)
    points = zip(0.5 + np.cos(angles) * reach, 0.5 + np.sin(angles) * reach, strict=True)
    _fill(picture, box, tuple((float(x), float(y)) for x, y in points), colour)


def face(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """A portrait in one pale colour."""
    _ellipse(picture, _part(box, 0.25, 0.05, 0.75, 0.6), colour)
    _fill(picture, box, ((0.3, 0.5), (0.7, 0.5), (1, 1), (0, 1)), colour)
    light: Colour = (min(255, colour[0] + 50), min(255, colour[1] + 50), min(255, colour[2] + 50))
    figure(picture, _part(box, 0.35, 0.2, 0.65, 0.55), light, generator)


def flag(picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator) -> None:
    """Stripes with a field in the corner."""
    for index in range(5):
        stripe = _part(box, 0, index / 5, 1, index / 5 + 0.1)
        band(picture, stripe, (200, 60, 70), _generator)
    band(picture, _part(box, 0, 0, 0.42, 0.5), colour, _generator)


def seal(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """A round emblem: rim, ground, and something in its middle."""
    side = min(box[2] - box[0], box[3] - box[1]) / 2
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    for part, paint in ((1.0, colour), (0.72, _random_colour(generator))):
        _ellipse(
            picture, (x - side * part, y - side * part, x + side * part, y + side * part), paint
        )
    inner = (x - side * 0.55, y - side * 0.55, x + side * 0.55, y + side * 0.55)
    figure(picture, inner, _random_colour(generator), generator)


def wheel(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """A wheelchair, as for the disabled."""
    ring(picture, _part(box, 0.1, 0.4, 0.75, 1.0), colour, generator)
    _ellipse(picture, _part(box, 0.3, 0.0, 0.52, 0.16), colour)
    _fill(
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
        spot = _part(box, x - half_x, y - half_y, x + half_x, y + half_y)
        _ellipse(picture, spot, _random_colour(generator))


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


def clouds(picture: Picture, box: Frame, colour: Colour, generator: np.random.Generator) -> None:
    """Soft spots of light."""
    for _ in range(5):
        x, y = generator.uniform(0, 1, 2)
        _ellipse(picture, _part(box, x - 0.14, y - 0.14, x + 0.14, y + 0.14), colour)


def slope(picture: Picture, box: Frame, colour: Colour, _generator: np.random.Generator) -> None:
    """A broad wave from the left below to the right above."""
    _fill(picture, box, ((0, 1), (0.3, 0.7), (0.6, 0.3), (1, 0), (1, 1)), colour)


def _random_colour(generator: np.random.Generator) -> Colour:
    red, green, blue = generator.integers(20, 240, 3)
    return int(red), int(green), int(blue)


DRAWINGS: dict[str, Drawing] = {
    "arch": arch,
    "band": band,
    "blobs": blobs,
    "clouds": clouds,
    "diamond": _outline(((0.5, 1), (0, 0.35), (0.2, 0), (0.8, 0), (1, 0.35))),
    "disc": disc,
    "face": face,
    "figure": figure,
    "fir": fir,
    "firs": firs,
    "flag": flag,
    "hills": hills,
    "initials": initials,
    "lighthouse": lighthouse,
    "palm": palm,
    "patch": patch,
    "peaks": peaks,
    "rainbow": rainbow,
    "rays": rays,
    "ring": ring,
    "seal": seal,
    "shield": _outline(((0, 0), (1, 0), (1, 0.6), (0.5, 1), (0, 0.6))),
    "slope": slope,
    "star": _outline(
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
    "wedge": _outline(((0, 0), (1, 0), (0, 1))),
    "wheel": wheel,
    "zia": zia,
}
