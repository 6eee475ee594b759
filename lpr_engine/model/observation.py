"""What vision finds in a frame: detections, their crops, and what the reader says of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.geometry import Box
from lpr_engine.model.pixels import Pixels


@dataclass(frozen=True, slots=True)
class Detection:
    """A box around a plate in one frame, in pixels of that frame."""

    box: Box
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """A plate cut out of its frame, enhanced for reading.

    `quality` is 0..1: how readable the crop looks (sharpness, size, exposure) before reading.
    """

    pixels: Pixels
    quality: float


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What the reader says one crop spells.

    `probabilities` is float32, shape (slots, len(alphabet)), each row summing to 1; `alphabet`
    names its columns and includes `pad`, the sign for an empty slot. `text` holds no `pad`.
    `region` is the likeliest one, `regions` are those worth naming, best first, in the reader's
    own names, as a rule ISO 3166 codes; a country beside its parts stands for the others.
    """

    text: str
    probabilities: NDArray[np.float32]
    alphabet: str
    pad: str = "_"
    region: str | None = None
    region_confidence: float = 0.0
    regions: tuple[tuple[str, float], ...] = ()

    @property
    def characters(self) -> tuple[tuple[str, float], ...]:
        """Each character of `text` with its own probability, left to right."""
        best = self.probabilities.argmax(axis=1)
        pairs = (
            (self.alphabet[column], row[column])
            for row, column in zip(self.probabilities, best, strict=True)
        )
        return tuple((sign, float(value)) for sign, value in pairs if sign != self.pad)

    @property
    def confidence(self) -> float:
        """Probability that the whole text is right: the product over all slots, pads included."""
        return float(math.prod(self.probabilities.max(axis=1).tolist()))


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """One detection of one frame with its crop and, when it was read, its reading."""

    detection: Detection
    crop: Crop
    reading: Reading | None
