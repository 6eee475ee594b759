"""The reader's eight-bit copy, written only where it reads as well as the reader itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.observation import Crop
from lpr_engine.training.quantization import Calibration, QuantizationError, Recipe, quantize
from lpr_engine.training.reading.crops import LabelledCrop, TrainingDataError
from lpr_engine.training.synthetic import render_plate
from lpr_engine.training.synthetic.degradation import degrade
from lpr_engine.vision.enlarging import fitted
from lpr_engine.vision.reader import FastPlateReader
from lpr_engine.vision.runtime import Runtime

RECIPE = Recipe(
    calibration=Calibration.PERCENTILE,
    percentile=99.999,
    operators=("Conv", "Relu", "Add"),
    only=("/network/eye/",),
)
"""The convolutions but the first: most of the time is theirs. What weighs looks and letters stays
in single precision, and confidence with it."""
MOST_LOST = 0.005
"""Share of the judged pictures that the copy may read worse."""
REAL_SAMPLES, DRAWN_SAMPLES, DRAWN_JUDGED = 192, 64, 300
_INPUT_SIZE = (48, 160)

Labelled: TypeAlias = tuple[Crop, str]


@dataclass(frozen=True, slots=True)
class Int8Score:
    """How many of `pictures` are read exactly, with the reader and with its eight-bit copy."""

    pictures: int
    exact: int
    int8_exact: int

    @property
    def lost(self) -> float:
        """Share of the pictures that the copy reads worse; below zero where it reads better."""
        return (self.exact - self.int8_exact) / max(1, self.pictures)


def write_int8(
    weights: Path,
    plate_config: Path,
    out: Path,
    learnt: Sequence[LabelledCrop],
    judged: Sequence[LabelledCrop] = (),
    seed: int = 1,
) -> Int8Score:
    """Write the eight-bit copy of a reader; its plate config serves both.

    Ranges are measured on crops of `learnt` and on drawn plates, reads are compared on `judged`
    and on other drawn plates.

    Raises:
        QuantizationError: the copy reads more than half a point worse; it is not kept.
        TrainingDataError: a crop cannot be decoded.
    """
    generator = np.random.default_rng((seed, 8))
    fresh = out.with_suffix(".new.onnx")
    quantize(weights, fresh, sample_pictures(learnt, generator), RECIPE)
    pictures = [*labelled_crops(judged), *drawn_crops(DRAWN_JUDGED, generator)]
    runtime = Runtime("cpu", threads=1)
    before, after = (
        count_exact(FastPlateReader(path, plate_config, runtime), pictures)
        for path in (weights, fresh)
    )
    score = Int8Score(len(pictures), before, after)
    if score.lost > MOST_LOST:
        fresh.unlink()
        raise QuantizationError(
            f"{weights}: in eight bits it reads {after} of {len(pictures)} pictures exactly, "
            f"{before} as it is: the copy is not kept"
        )
    fresh.replace(out)
    return score


def sample_pictures(
    crops: Sequence[LabelledCrop], generator: np.random.Generator
) -> NDArray[np.uint8]:
    """Pictures as the network takes them, uint8 RGB (n, 48, 160, 3): real crops and drawn plates.

    Raises:
        TrainingDataError: a crop cannot be decoded.
    """
    chosen = generator.permutation(len(crops))[:REAL_SAMPLES]
    real = [crop for crop, _ in labelled_crops([crops[int(place)] for place in chosen])]
    drawn = [crop for crop, _ in drawn_crops(DRAWN_SAMPLES, generator)]
    height, width = _INPUT_SIZE
    return np.stack(
        [
            fitted(
                np.asarray(cv2.cvtColor(crop.pixels, cv2.COLOR_BGR2RGB), np.uint8), height, width
            )
            for crop in [*real, *drawn]
        ]
    )


def labelled_crops(crops: Sequence[LabelledCrop]) -> list[Labelled]:
    """The pictures themselves with their texts, in full size.

    Raises:
        TrainingDataError: a picture cannot be decoded.
    """
    return [(Crop(_picture(crop.path), 1.0), crop.text) for crop in crops]


def drawn_crops(count: int, generator: np.random.Generator) -> list[Labelled]:
    """Drawn plates as a camera sees them, with their texts."""
    drawn: list[Labelled] = []
    for _ in range(count):
        plate = render_plate(generator)
        seen = degrade(plate.image, plate.aspect, plate.centres, None, _INPUT_SIZE, generator)
        drawn.append((Crop(np.ascontiguousarray(seen.image[..., ::-1]), 1.0), plate.text))
    return drawn


def count_exact(reader: FastPlateReader, pictures: Sequence[Labelled]) -> int:
    """How many of the pictures are read exactly."""
    readings = reader.read([crop for crop, _ in pictures])
    return sum(reading.text == text for reading, (_, text) in zip(readings, pictures, strict=True))


def _picture(path: Path) -> NDArray[np.uint8]:
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR_BGR)
    if picture is None:
        raise TrainingDataError(f"{path}: picture cannot be decoded")
    return np.asarray(picture, np.uint8)
