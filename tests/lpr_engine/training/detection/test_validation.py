from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.detection.labels import LabelledPicture
from lpr_engine.training.detection.validation import (
    average_precision,
    find_plates,
    overlap,
    score_plates,
)

LABELLED = np.array([[0, 0, 100, 40], [200, 0, 300, 40]], np.float32)
NOTHING = np.zeros((0, 5), np.float32)


def found(*rows: tuple[float, ...]) -> NDArray[np.float32]:
    return np.array(rows, np.float32).reshape(-1, 5)


def test_overlap() -> None:
    others = np.array([[0, 0, 10, 10], [5, 0, 15, 10], [20, 20, 30, 30]], np.float32)
    assert overlap(others[0], others) == pytest.approx([1, 1 / 3, 0])


def test_everything_found_scores_one() -> None:
    plates = found((0, 0, 100, 40, 0.9), (200, 0, 300, 40, 0.8))
    score = score_plates([(plates, LABELLED)])
    assert score.average_precision_50 == score.average_precision_75 == 1
    assert score.recall == score.recall_tight == score.precision == 1


def test_nothing_found_scores_zero() -> None:
    score = score_plates([(NOTHING, LABELLED)])
    assert (score.average_precision_50, score.recall, score.precision) == (0, 0, 0)


def test_loose_boxes_count_for_the_loose_figures_only() -> None:
    plates = found((0, 0, 100, 65, 0.9))
    score = score_plates([(plates, LABELLED[:1])])
    assert (score.recall, score.recall_tight) == (1, 0)
    assert (score.average_precision_50, score.average_precision_75) == (1, 0)


def test_a_second_box_on_a_plate_is_wrong() -> None:
    plates = found((0, 0, 100, 40, 0.9), (2, 0, 100, 40, 0.8))
    score = score_plates([(plates, LABELLED[:1])])
    assert (score.recall, score.precision) == (1, 0.5)


def test_faint_boxes_count_for_average_precision_only() -> None:
    score = score_plates([(found((0, 0, 100, 40, 0.1)), LABELLED[:1])])
    assert (score.average_precision_50, score.recall) == (1, 0)


def test_a_box_where_none_is_labelled_costs_precision() -> None:
    none = np.zeros((0, 4), np.float32)
    wrong, right = found((0, 0, 50, 50, 0.95)), found((0, 0, 100, 40, 0.9))
    score = score_plates([(wrong, none), (right, LABELLED[:1])])
    assert (score.recall, score.precision, score.average_precision_50) == (1, 0.5, 0.5)


def test_average_precision_uses_the_envelope() -> None:
    hits = np.array([True, False, True])
    scores = np.array([0.9, 0.8, 0.7], np.float32)
    assert average_precision(hits, scores, 2) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(hits[:0], scores[:0], 2) == 0


def test_plates_come_back_in_pixels_of_their_picture() -> None:
    """The output holds one box on the square's middle and a fainter one nearly on it."""

    def run(squares: list[Pixels]) -> NDArray[np.float32]:
        assert {square.shape for square in squares} == {(64, 64, 3)}
        output = np.zeros((len(squares), 5, 84), np.float32)
        output[:, :, 0] = (32, 32, 16, 8, 0.9)
        output[:, :, 1] = (33, 32, 16, 8, 0.8)
        return output

    pixels = np.zeros((100, 200, 3), np.uint8)
    items = [LabelledPicture("a", pixels, LABELLED)] * 17
    plates = find_plates(items, 64, run)
    assert len(plates) == 17
    assert plates[16] == pytest.approx(np.array([[75, 37.5, 125, 62.5, 0.9]]), abs=0.01)
