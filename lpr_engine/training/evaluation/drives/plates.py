"""The plates of the cars that pass: drawn ones that no training has, or crops of real ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.training.evaluation.labels import EvaluationDataError, labels_files
from lpr_engine.training.reading.crops import LabelledCrop, read_labels, split
from lpr_engine.training.synthetic.camera.weather import dirt
from lpr_engine.training.synthetic.drawn_set import short_plate

STREAM = 15485863
"""Keeps these random numbers apart from those of training banks and held-out drawn plates."""

_DIRTY = 0.15
_FADED = 0.2
_LEAST_CROPS = 2


@dataclass(frozen=True, slots=True, eq=False)
class CarPlate:
    """A plate to be mounted: `image` uint8 RGB, `text` A-Z and 0-9, `region` perhaps empty."""

    image: NDArray[np.uint8]
    text: str
    region: str

    @property
    def aspect(self) -> float:
        """Width by height."""
        return float(self.image.shape[1] / self.image.shape[0])


class PlateStock(Protocol):
    """Where the plates come from."""

    def plates(self, number: int, count: int) -> list[CarPlate]:
        """The plates of drive `number`, all of different texts."""
        ...


@dataclass(frozen=True, slots=True)
class DrawnStock:
    """Drawn plates of all countries; a few are dirty or tired, all the time."""

    seed: int

    def plates(self, number: int, count: int) -> list[CarPlate]:
        """The plates of drive `number`, all of different texts."""
        generator = np.random.default_rng((self.seed, STREAM, number, 1))
        taken: dict[str, CarPlate] = {}
        while len(taken) < count:
            plate = short_plate(generator)
            image = _worn(plate.image, generator)
            taken.setdefault(plate.text, CarPlate(image, plate.text, plate.region))
        return list(taken.values())


class CropStock:
    """Crops of real plates whose texts are held out from training, each used as seldom as can be.

    A crop shows the plate with the margins that detectors leave, and is mounted with them.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        """Read the labels of the folder and of the folders in it.

        Raises:
            EvaluationDataError: there is no `labels.csv`, or too few held-out crops.
            TrainingDataError: rows are unusable; the message names all by file and line.
        """
        judged = _one_of_each(split(read_labels(labels_files(folder)))[1])
        if len(judged) < _LEAST_CROPS:
            raise EvaluationDataError(
                f"{folder}: {len(judged)} texts are held out from training (one in ten is); "
                f"two cars at once need {_LEAST_CROPS}"
            )
        order = np.random.default_rng((seed, STREAM)).permutation(len(judged))
        self._crops = [judged[at] for at in order]

    def plates(self, number: int, count: int) -> list[CarPlate]:
        """The plates of drive `number`, all of different texts.

        Raises:
            EvaluationDataError: a crop cannot be decoded; named by file and line.
        """
        first = number * _LEAST_CROPS
        chosen = [self._crops[(first + at) % len(self._crops)] for at in range(count)]
        return [CarPlate(_picture(crop), crop.text, crop.region or crop.group) for crop in chosen]


def _one_of_each(crops: Sequence[LabelledCrop]) -> list[LabelledCrop]:
    """The first crop of each text: two cars with one plate would be one vehicle."""
    first: dict[str, LabelledCrop] = {}
    for crop in crops:
        first.setdefault(crop.text, crop)
    return list(first.values())


def _picture(crop: LabelledCrop) -> NDArray[np.uint8]:
    picture = cv2.imread(str(crop.path), cv2.IMREAD_COLOR_RGB)
    if picture is None:
        raise EvaluationDataError(f"{crop.source}: {crop.path}: cannot be decoded")
    return np.asarray(picture, np.uint8)


def _worn(image: NDArray[np.uint8], generator: np.random.Generator) -> NDArray[np.uint8]:
    tones = image.astype(np.float32)
    if generator.random() < _DIRTY:
        tones = dirt(tones, generator)
    if generator.random() < _FADED:
        middle = float(tones.mean())
        tones = middle + (tones - middle) * np.float32(generator.uniform(0.5, 0.85))
    return np.asarray(np.clip(tones, 0, 255), np.uint8)
