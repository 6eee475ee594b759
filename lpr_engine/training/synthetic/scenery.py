"""American plates: grounds with pictures, words above and below, stickers, frames."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.formats import Colour
from lpr_engine.training.synthetic.landscape import DRAWINGS
from lpr_engine.training.synthetic.looks import Look, Thing, state_looks
from lpr_engine.training.synthetic.sheet import Sheet
from lpr_engine.training.synthetic.words import plate_words

_INKS: tuple[Colour, ...] = (
    (20, 30, 95), (20, 30, 95), (15, 15, 20), (15, 15, 20), (20, 90, 60), (170, 25, 35),
    (25, 60, 160), (90, 40, 60), (235, 230, 220), (240, 190, 60),
)  # fmt: skip
_GROUNDS: tuple[Colour, ...] = (
    (245, 245, 245), (245, 245, 245), (245, 245, 245), (235, 238, 242), (200, 220, 240),
    (240, 230, 190), (250, 225, 90), (240, 160, 50), (35, 60, 120), (30, 90, 70),
    (190, 200, 215), (250, 235, 220), (150, 190, 230),
)  # fmt: skip
_SCENES = ("hills", "peaks", "clouds", "slope", "figure", "disc", "rays", "patch", "blobs", "seal")
_MIDDLES = ("figure", "patch", "disc", "seal", "fir", "blobs", "star", "flag", "shield", "rays")
_NEAR = 72
"""Least difference in brightness between ink and ground."""


def choose_look(region: str, generator: np.random.Generator) -> Look:
    """A design of the region; now and then one that no state has yet."""
    known = state_looks().get(region, ())
    if not known or generator.random() < 0.12:
        return _invented(generator, known)
    weights = np.array([look.weight for look in known])
    return known[int(generator.choice(len(known), p=weights / weights.sum()))]


def _pick(options: tuple[Colour, ...], generator: np.random.Generator) -> Colour:
    return options[int(generator.integers(len(options)))]


def _invented(generator: np.random.Generator, known: tuple[Look, ...]) -> Look:
    ground = tuple(_pick(_GROUNDS, generator) for _ in range(int(generator.choice([1, 1, 2, 3]))))
    inks = _visible(ground)
    if not inks:  # no ink is seen on all of these
        ground = ground[:1]
        inks = _visible(ground)
    words = plate_words()
    ink = _pick(inks, generator)
    title = known[0].title if known else str(generator.choice(words.states))
    other = _pick(inks, generator)
    return Look(
        ink=ink,
        ground=ground,
        things=tuple(
            _paler(_thing(_SCENES, generator), ground[len(ground) // 2])
            for _ in range(int(generator.integers(0, 3)))
        ),
        title=title if generator.random() < 0.9 else "",
        title_colour=ink if generator.random() < 0.6 else other,
        title_face="script" if generator.random() < 0.7 else "sans",
        foot=str(generator.choice(words.slogans)) if generator.random() < 0.8 else "",
        foot_colour=ink if generator.random() < 0.6 else other,
        middle=_thing(_MIDDLES, generator, inside=True),
        weight=1.0,
    )


def _visible(ground: tuple[Colour, ...]) -> tuple[Colour, ...]:
    """Inks that stand out from every colour of the ground."""
    return tuple(
        ink
        for ink in _INKS
        if min(abs(float(np.mean(ink)) - float(np.mean(stop))) for stop in ground) > _NEAR
    )


def _paler(thing: Thing, ground: Colour) -> Thing:
    """The thing half in the colour of the ground, so that ink is still seen on it."""
    red, green, blue = ((one + two) // 2 for one, two in zip(thing.colour, ground, strict=True))
    return replace(thing, colour=(red, green, blue))


def _thing(
    names: tuple[str, ...], generator: np.random.Generator, *, inside: bool = False
) -> Thing:
    red, green, blue = (int(v) for v in generator.integers(40, 240, 3))
    box = (0.0, 0.1, 1.0, 0.9)
    if not inside:
        left, top = (float(v) for v in generator.uniform(-0.1, 0.6, 2))
        box = (left, top, left + float(generator.uniform(0.2, 1)), 1.05)
    return Thing(names[int(generator.integers(len(names)))], box, (red, green, blue))


def scene(sheet: Sheet, look: Look) -> None:
    """The ground of a plate and what stands on it, printed strong or faded."""
    generator = sheet.generator
    height, width = sheet.size
    shift = generator.normal(0, 6, 3) - generator.uniform(0, 45)
    stops = np.clip(np.array(look.ground, np.float32) + shift, 0, 255)
    rows = np.linspace(0, len(stops) - 1, height) if len(stops) > 1 else np.zeros(height)
    ramp = np.stack([np.interp(rows, np.arange(len(stops)), stops[:, i]) for i in range(3)], 1)
    sheet.image = np.repeat(ramp.astype(np.uint8)[:, None], width, 1)
    ink = np.clip(
        np.array(look.ink) + generator.normal(0, 8, 3) + generator.uniform(-18, 8), 0, 255
    )
    sheet.ink = (int(ink[0]), int(ink[1]), int(ink[2]))
    if look.things:
        painted = sheet.image.copy()
        for thing in look.things:
            draw_thing(painted, thing, (0, 0, width, height), generator)
        # Bands and skies are as strong as the words; a tired print fades altogether.
        strength = float(generator.uniform(0.7, 1.0))
        mixed = cv2.addWeighted(painted, strength, sheet.image, 1 - strength, 0)
        sheet.image = np.asarray(mixed, np.uint8)


def draw_thing(
    picture: NDArray[np.uint8],
    thing: Thing,
    within: tuple[float, float, float, float],
    generator: np.random.Generator,
) -> None:
    """Draw a thing whose box is in parts of `within` (left, top, right, bottom in pixels)."""
    width, height = within[2] - within[0], within[3] - within[1]
    left, top, right, bottom = thing.box
    box = (
        within[0] + left * width,
        within[1] + top * height,
        within[0] + right * width,
        within[1] + bottom * height,
    )
    DRAWINGS[thing.drawing](picture, box, thing.colour, generator)


def head_and_foot(sheet: Sheet, look: Look, top: int, bottom: int) -> None:
    """The title above `top` and the line below `bottom`; each may be missing."""
    generator = sheet.generator
    height, width = sheet.size
    if look.title and generator.random() < 0.95:
        half = round(width * generator.uniform(0.18, 0.32))
        middle = round(width * generator.uniform(0.46, 0.54))
        upper = round(height * generator.uniform(0.02, 0.06))
        lower = top - round(height * generator.uniform(0.01, 0.05))
        face = look.title_face if generator.random() < 0.9 else "narrow"
        sheet.write(
            look.title, (middle - half, upper, middle + half, lower), look.title_colour, face
        )
    foot = look.foot
    if foot == "@county":
        foot = str(generator.choice(plate_words().counties))
    if foot and generator.random() < 0.92:
        half = round(width * generator.uniform(0.18, 0.32))
        middle = round(width * generator.uniform(0.46, 0.54))
        upper = max(bottom, round(height * 0.76)) + round(height * generator.uniform(0.02, 0.05))
        lower = round(height * generator.uniform(0.93, 0.98))
        face = look.title_face if generator.random() < 0.6 else "sans"
        sheet.write(foot, (middle - half, upper, middle + half, lower), look.foot_colour, face)


def stickers(sheet: Sheet, top: int, bottom: int) -> None:
    """Month and year stickers in the corners, sometimes reaching into the text's line."""
    generator = sheet.generator
    height, width = sheet.size
    for right in (False, True):
        for low in (False, True):
            if generator.random() > 0.3:
                continue
            across = round(width * generator.uniform(0.07, 0.14))
            down = round(min(height * generator.uniform(0.12, 0.19), top, height - bottom + 8))
            inset = round(width * generator.uniform(0.01, 0.09))
            left = width - across - inset if right else inset
            upper = height - down - 3 if low else 3
            _sticker(sheet, (left, upper, left + across, upper + down))


def _sticker(sheet: Sheet, box: tuple[int, int, int, int]) -> None:
    generator = sheet.generator
    left, top, right, bottom = box
    text = str(generator.choice(plate_words().stickers))
    kind = generator.random()
    dark: Colour = (20, 20, 24)
    if kind < 0.25:  # only the month's letters, printed or embossed
        sheet.write(text, box, sheet.ink)
        return
    if kind < 0.33:  # an empty field for a sticker
        cv2.rectangle(sheet.image, (left, top), (right, bottom), sheet.ink, 1)
        return
    ground = tuple(int(v) for v in generator.uniform(40, 255, 3)) if kind < 0.8 else (242, 242, 242)
    cv2.rectangle(sheet.image, (left, top), (right, bottom), ground, -1)
    colour = dark if sum(ground) > 330 else (240, 240, 240)
    field = (left + 2, top + 2, right - 2, bottom - 2)
    if generator.random() < 0.5 and bottom - top > 12:
        field = (left + 1, top + (bottom - top) // 4, right - 1, bottom - 1)
        sheet.write("EXP", (left + 2, top, right - 2, field[1]), colour)
    sheet.write(text, field, colour)


def frame(sheet: Sheet, top: int, bottom: int) -> None:
    """A dealer's frame that covers the rims, sometimes all of the words."""
    generator = sheet.generator
    if generator.random() > 0.22:
        return
    height, width = sheet.size
    level = generator.uniform(0, 70) if generator.random() < 0.7 else generator.uniform(140, 230)
    colour = tuple(int(v) for v in np.clip(level + generator.normal(0, 5, 3), 0, 255))
    upper = round(generator.uniform(0.05, 1.0) * (top - 3))
    lower = round(bottom + 3 + generator.uniform(0, 0.9) * (height - bottom - 3))
    side = round(width * generator.uniform(0.008, 0.03))
    sheet.image[:upper] = colour
    sheet.image[lower:] = colour
    sheet.image[:, :side] = colour
    sheet.image[:, width - side :] = colour
    ink: Colour = (230, 230, 230) if sum(colour) < 380 else (20, 20, 20)
    dealers = plate_words().dealers
    if height - lower > 8:
        sheet.write(
            str(generator.choice(dealers)), (width // 5, lower + 2, width * 4 // 5, height - 2), ink
        )
    if upper > 12 and generator.random() < 0.6:
        sheet.write(str(generator.choice(dealers)), (width // 5, 2, width * 4 // 5, upper - 2), ink)
