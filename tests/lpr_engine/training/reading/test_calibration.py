import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from lpr_engine.training.reading.calibration import calibrated, fit_temperature
from lpr_engine.training.reading.crops import CropSet
from lpr_engine.training.reading.feed import encode
from lpr_engine.training.reading.network import ALPHABET, PlateReader

pytestmark = pytest.mark.training


def test_answers_that_are_right_as_often_as_they_say_need_no_temperature():
    torch.manual_seed(1)
    logits = torch.randn(800, 10, len(ALPHABET)) * 2
    drawn = torch.distributions.Categorical(logits=logits).sample()
    texts = ["".join(ALPHABET[i] for i in row) for row in drawn]
    assert fit_temperature(logits, texts) == pytest.approx(1.0, abs=0.06)
    assert fit_temperature(logits * 2, texts) == pytest.approx(2.0, abs=0.12)
    assert encode(texts[0]) == drawn[0].tolist()


def test_few_crops_leave_the_temperature_and_are_still_counted():
    images = np.zeros((5, 64, 256, 3), np.uint8)
    crops = CropSet(images, np.ones(5, np.float32), ["A"] * 5, ["g"] * 5, [""] * 5)
    result = calibrated(PlateReader(), crops)
    assert (result.temperature, result.fitted) == (1.0, False)
    assert sum(one.crops for one in result.bins) == 5
