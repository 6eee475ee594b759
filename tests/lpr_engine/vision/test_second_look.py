"""Only uncertain crops are read again, and what is surer counts more."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from lpr_engine.model.observation import Crop, Reading
from lpr_engine.vision.second_look import SecondLookReader, averaged, cut, padded

ALPHABET = "AB_"


def reading(*rows: Sequence[float]) -> Reading:
    probabilities = np.array(rows, np.float32)
    text = "".join(ALPHABET[int(column)] for column in probabilities.argmax(axis=1))
    return Reading(text.replace("_", ""), probabilities, ALPHABET, region="DE")


class WidthReader:
    """Sure of narrow crops; of wide ones it says B, and A when they come cut closer or wider."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        widths = [crop.pixels.shape[1] for crop in crops]
        self.batches.append(widths)
        return [self._one(width) for width in widths]

    def _one(self, width: int) -> Reading:
        if width < 100:
            return reading((0.9, 0.1, 0), (0, 0, 1))
        return (
            reading((0.4, 0.6, 0), (0, 0, 1)) if width == 200 else reading((0.7, 0.3, 0), (0, 0, 1))
        )


def crop(width: int) -> Crop:
    return Crop(np.zeros((50, width, 3), np.uint8), 0.5)


def test_sure_crops_are_read_once() -> None:
    inner = WidthReader()

    readings = SecondLookReader(inner).read([crop(50), crop(60)])

    assert [one.text for one in readings] == ["A", "A"]
    assert inner.batches == [[50, 60]]


def test_unsure_crops_are_read_closer_and_wider() -> None:
    inner = WidthReader()

    readings = SecondLookReader(inner).read([crop(50), crop(200), crop(60)])

    assert inner.batches == [[50, 200, 60], [176, 228]]
    assert [one.text for one in readings] == ["A", "A", "A"]
    # Weighed by their confidences of 0.6, 0.7 and 0.7.
    assert readings[1].confidence == pytest.approx((0.6 * 0.4 + 2 * 0.7 * 0.7) / 2, abs=1e-3)
    assert readings[1].region == "DE"


def test_average_is_a_distribution_and_spells_its_best() -> None:
    mean = averaged(
        [reading((0.4, 0.6, 0), (0.2, 0.2, 0.6)), reading((0.8, 0.2, 0), (0.3, 0.7, 0))]
    )

    assert mean.text == "AB"
    assert mean.probabilities.dtype == np.float32
    assert mean.probabilities.sum(axis=1) == pytest.approx(1)


def test_sure_reading_outweighs_two_that_doubt() -> None:
    doubting = reading((0.3, 0.5, 0.2), (0.2, 0.4, 0.4))

    mean = averaged([doubting, doubting, reading((0.95, 0.05, 0), (0, 0, 1))])

    assert mean.text == "A"


@pytest.mark.parametrize("shape", [(1, 1), (2, 500), (500, 2), (9, 9)])
def test_views_of_tiny_crops_stay_pictures(shape: tuple[int, int]) -> None:
    tiny = Crop(np.zeros((*shape, 3), np.uint8), 0.1)

    assert cut(tiny).size > 0
    assert padded(tiny).size >= tiny.pixels.size


def test_only_a_slanting_plate_is_read_straightened_too() -> None:
    level = np.full((60, 200, 3), 40, np.uint8)
    cv2.rectangle(level, (20, 15), (180, 45), (230, 230, 230), -1)
    cv2.putText(level, "AB12CDE", (25, 40), cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 0, 0), 2)
    turn = cv2.getRotationMatrix2D((100, 30), 12, 1)
    slanting = np.asarray(cv2.warpAffine(level, turn, (200, 60)), np.uint8)
    inner = WidthReader()

    SecondLookReader(inner).read([Crop(level, 0.5), Crop(slanting, 0.5)])

    assert [len(batch) for batch in inner.batches] == [2, 5]


def test_nothing_to_read() -> None:
    assert SecondLookReader(WidthReader()).read([]) == []
