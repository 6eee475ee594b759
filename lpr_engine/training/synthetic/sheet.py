"""A plate being made: its pixels, its ink, and how text and small words get onto it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.synthetic.formats import Colour
from lpr_engine.training.synthetic.lettering import Box
from lpr_engine.training.synthetic.looks import Thing
from lpr_engine.training.synthetic.typefaces import font_files, words


@dataclass(slots=True)
class Sheet:
    """A plate being made: uint8 RGB pixels, its ink colour, and the source of chance."""

    image: NDArray[np.uint8]
    ink: Colour
    generator: np.random.Generator
    ornament: Thing | None = None
    """The picture that belongs between the groups of the text, where a look has one."""

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return int(self.image.shape[0]), int(self.image.shape[1])

    @classmethod
    def blank(
        cls, size: tuple[int, int], colours: tuple[Colour, Colour], generator: np.random.Generator
    ) -> Sheet:
        """An even ground in a slightly changed colour."""
        ground = np.clip(
            np.array(colours[0]) + generator.normal(0, 6, 3) - generator.uniform(0, 25), 0, 255
        )
        image = np.empty((*size, 3), np.uint8)
        image[:] = ground.astype(np.uint8)
        ink = np.clip(
            np.array(colours[1]) + generator.normal(0, 8, 3) + generator.uniform(0, 30), 0, 255
        )
        return cls(image, (int(ink[0]), int(ink[1]), int(ink[2])), generator)

    def press(self, ink: NDArray[np.uint8]) -> None:
        """Lay the text's ink on, sometimes embossed: light on one flank, shadow on the other."""
        generator = self.generator
        cover = ink.astype(np.float32)[..., None] / 255 * float(generator.uniform(0.87, 1.0))
        ground = self.image.astype(np.float32)
        out = ground + (np.array(self.ink, np.float32) - ground) * cover
        if generator.random() < 0.6:
            soft = cv2.GaussianBlur(
                ink.astype(np.float32), (0, 0), float(generator.uniform(0.6, 1.5))
            )
            shift = generator.integers(-2, 3, 2)
            relief = np.roll(soft, (int(shift[0]), int(shift[1])), (0, 1)) - soft
            out += relief[..., None] * float(generator.uniform(-0.4, 0.4))
        self.image = np.clip(out, 0, 255).astype(np.uint8)

    def border(self, chance: float) -> None:
        """A rounded line along the edge."""
        if self.generator.random() > chance:
            return
        height, width = self.size
        inset = int(self.generator.integers(1, 6))
        thick = int(self.generator.integers(1, 5))
        colour = self.ink if self.generator.random() < 0.7 else (120, 120, 125)
        rounded_frame(
            self.image,
            (inset, inset, width - inset - 1, height - inset - 1),
            round(height * 0.08),
            colour,
            thick,
        )

    def write(self, text: str, box: Box, colour: Colour, kind: str = "sans") -> None:
        """Small words fitted into a box."""
        small_words(self.image, text, box, colour, _one_file(kind, self.generator))


def rounded_frame(
    image: NDArray[np.uint8], box: Box, radius: int, colour: Colour, thick: int
) -> None:
    """A rounded rectangle's outline."""
    left, top, right, bottom = box
    corners = (
        (left + radius, top + radius, 180),
        (right - radius, top + radius, 270),
        (right - radius, bottom - radius, 0),
        (left + radius, bottom - radius, 90),
    )
    for x, y, start in corners:
        cv2.ellipse(
            image, (x, y), (radius, radius), 0, start, start + 90, colour, thick, cv2.LINE_AA
        )
    for one, two in (
        ((left + radius, top), (right - radius, top)),
        ((left + radius, bottom), (right - radius, bottom)),
        ((left, top + radius), (left, bottom - radius)),
        ((right, top + radius), (right, bottom - radius)),
    ):
        cv2.line(image, one, two, colour, thick, cv2.LINE_AA)


def small_words(
    image: NDArray[np.uint8], text: str, box: Box, colour: Colour, path: str | None
) -> None:
    """Draw words in a box, as high as it is where the width allows."""
    left, top, right, bottom = box
    if bottom - top < 4 or right - left < 4:
        return
    ink = words(path, text, 32)
    scale = min((bottom - top) / ink.shape[0], (right - left) / ink.shape[1])
    size = (max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale)))
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA).astype(np.float32)[..., None] / 255
    x, y = max(0, (left + right - size[0]) // 2), max(0, (top + bottom - size[1]) // 2)
    region = image[y : y + size[1], x : x + size[0]]
    small = small[: region.shape[0], : region.shape[1]]
    region[:] = (region + (np.array(colour, np.float32) - region) * small).astype(np.uint8)


def _one_file(kind: str, generator: np.random.Generator) -> str | None:
    files = font_files().get(kind, ())
    return files[int(generator.integers(len(files)))] if files else None
