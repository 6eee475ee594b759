"""Drawn plates to judge by: of more countries than anybody has crops of."""

from __future__ import annotations

import numpy as np

from lpr_engine.training.reading.crops import CropSet
from lpr_engine.training.reading.network import INPUT_SIZE, SLOTS
from lpr_engine.training.synthetic.degradation import degrade
from lpr_engine.training.synthetic.plate import Plate, render_plate

DRAWN = "(drawn)"
"""The group that they are counted as; it is kept out of sums."""
_MOST = 200
_OF_THE_BANK = 20
_STREAM = 7919


def drawn_to_judge(bank_size: int, seed: int) -> CropSet:
    """Degraded plates that stand in no bank: a twentieth of the bank's number, 200 at most."""
    count = min(_MOST, bank_size // _OF_THE_BANK)
    images = np.zeros((count, *INPUT_SIZE, 3), np.uint8)
    aspects = np.ones(count, np.float32)
    plates = []
    for number in range(count):
        generator = np.random.default_rng((seed, _STREAM, number))
        plate = _fitting(generator)
        crop = degrade(plate.image, plate.aspect, plate.centres, None, INPUT_SIZE, generator)
        images[number], aspects[number] = crop.image, plate.aspect
        plates.append(plate)
    regions = [plate.region for plate in plates]
    return CropSet(images, aspects, [plate.text for plate in plates], [DRAWN] * count, regions)


def _fitting(generator: np.random.Generator) -> Plate:
    plate = render_plate(generator)
    while len(plate.text) > SLOTS:
        plate = render_plate(generator)
    return plate
