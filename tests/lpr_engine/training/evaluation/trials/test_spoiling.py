from __future__ import annotations

import numpy as np
import pytest

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.evaluation.trials.spoiling import FAR_PX, SPOILERS, slanting
from lpr_engine.vision.straightening import Direction, measure_slant
from tests.lpr_engine.training.evaluation.plain_plates import plain_plate


def plate() -> Pixels:
    return plain_plate("AB123CD", np.random.default_rng(3))


def slanted() -> Pixels:
    return slanting(plate(), np.random.default_rng(1))


@pytest.mark.parametrize("name", SPOILERS)
def test_spoiling_is_the_same_each_time_and_leaves_the_crop_itself(name: str) -> None:
    crop = plate()
    one, two = (SPOILERS[name](crop, np.random.default_rng(7)) for _ in range(2))
    assert one.dtype == np.uint8
    assert np.array_equal(one, two)
    assert np.array_equal(crop, plate())


def test_each_way_spoils_as_it_says() -> None:
    crop = plate()
    spoiled = {name: spoil(crop, np.random.default_rng(7)) for name, spoil in SPOILERS.items()}

    assert spoiled["as it is"] is crop
    assert spoiled[f"{FAR_PX} px"].shape[0] == FAR_PX
    assert spoiled["night"].mean() < 0.15 * crop.mean()
    assert spoiled["haze"].std() < 0.2 * crop.std()
    assert spoiled["glare"].astype(int).sum() > crop.astype(int).sum()
    assert abs(measure_slant(spoiled["slant"], Direction.ROWS).degrees) >= 4.5


def test_small_crops_do_not_grow() -> None:
    tiny = plate()[:FAR_PX]
    assert SPOILERS[f"{FAR_PX} px"](tiny, np.random.default_rng(1)) is tiny
