"""A plate that is seen in one picture only."""

import numpy as np
import pytest

from lpr_engine.grammar.prior import Grammar
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Detection, Observation, Reading
from lpr_engine.tracking.glance import glance

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"


def observation(text: str, *, sure: float, region: str | None = None) -> Observation:
    rows = np.full((len(text) or 1, len(ALPHABET)), (1 - sure) / (len(ALPHABET) - 1), np.float32)
    for slot, sign in enumerate(text or "_"):
        rows[slot, ALPHABET.index(sign)] = sure
    reading = Reading(text, rows, ALPHABET, region=region, region_confidence=0.9 if region else 0)
    crop = Crop(np.zeros((40, 160, 3), np.uint8), 0.9)
    return Observation(Detection(Box(0, 0, 160, 40), 0.9), crop, reading)


def test_one_reading_is_weighed_by_the_regions_it_names() -> None:
    seen = glance(observation("AB12CDE", sure=0.98, region="GB"), Grammar())

    assert seen is not None
    assert seen.outcome.text == "AB12CDE"
    assert seen.regions == {"GB": pytest.approx(0.9)}


def test_a_reading_of_nothing_tells_nothing() -> None:
    assert glance(observation("", sure=0.98), Grammar()) is None
