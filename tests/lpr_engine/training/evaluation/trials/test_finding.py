from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Detection
from lpr_engine.model.pixels import Pixels
from lpr_engine.training.evaluation.trials.finding import Finds, find


class FixedDetector:
    """Sees two boxes in every picture."""

    def detect(self, pictures: Sequence[Pixels]) -> list[list[Detection]]:
        boxes = (Box(0, 0, 100, 20), Box(200, 0, 260, 20))
        return [[Detection(box, 0.9) for box in boxes] for _ in pictures]


def test_plates_count_once_each_by_their_best_box() -> None:
    plates = np.array([[0, 0, 100, 20], [200, 0, 300, 20], [500, 0, 600, 20]], np.float32)

    finds, detections = find(FixedDetector(), np.zeros((20, 700, 3), np.uint8), plates)

    assert len(detections) == finds.boxes == 2
    assert (finds.pictures, finds.plates, finds.found, finds.tight) == (1, 3, 2, 1)
    assert finds.spent_ms >= 0


def test_figures_of_many_pictures_add_up() -> None:
    total = Finds(2, 4, 3, 1, 5, 30.0) + Finds(1, 1, 1, 1, 1, 6.0)

    assert total == Finds(3, 5, 4, 2, 6, 36.0)
    assert (total.found_share, total.tight_share) == (0.8, 0.4)
    assert total.picture_ms == pytest.approx(12)
    assert Finds().found_share == 0
