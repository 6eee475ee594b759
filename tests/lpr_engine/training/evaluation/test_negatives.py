"""Pictures without a plate: boxes, texts and passages that should not be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Detection, Reading
from lpr_engine.model.pixels import Pixels
from lpr_engine.training.evaluation.labels import EvaluationDataError
from lpr_engine.training.evaluation.negatives import (
    evaluate_negatives,
    negatives_line,
    negatives_to_json,
)
from lpr_engine.vision.cropper import LooseCropper
from lpr_engine.vision.sight import PlateVision

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"


class BrightDetector:
    """Takes every bright picture for one big plate."""

    def detect(self, pictures: Sequence[Pixels]) -> list[list[Detection]]:
        box = Box(20, 20, 120, 50)
        return [[Detection(box, 0.9)] if one.mean() > 100 else [] for one in pictures]


class BrightnessReader:
    """Reads very bright crops surely, others as nothing but doubt."""

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        return [self._read(crop) for crop in crops]

    def _read(self, crop: Crop) -> Reading:
        peak = 0.999 if crop.pixels.mean() > 200 else 0.2
        rows = np.full((6, len(ALPHABET)), (1 - peak) / (len(ALPHABET) - 1), np.float32)
        for slot, sign in enumerate("AB1234"):
            rows[slot, ALPHABET.index(sign)] = peak
        return Reading("AB1234", rows, ALPHABET)


@pytest.fixture
def vision() -> PlateVision:
    return PlateVision(BrightDetector(), LooseCropper(enhances=False), BrightnessReader())


def write(folder: Path, name: str, brightness: int) -> None:
    cv2.imwrite(str(folder / name), np.full((80, 160, 3), brightness, np.uint8))


def test_boxes_texts_and_passages_are_counted_apart(tmp_path: Path, vision: PlateVision) -> None:
    for name, brightness in (("dark.png", 10), ("grey.png", 150), ("white.png", 250)):
        write(tmp_path, name, brightness)
    (tmp_path / "notes.txt").write_text("no picture")
    told: list[tuple[int, int]] = []
    report = evaluate_negatives(tmp_path, vision, lambda done, total: told.append((done, total)))
    assert (report.pictures, report.with_box, report.with_text) == (3, 2, 2)
    assert report.invented == (("white.png", "AB1234"),)
    assert report.clean_share == pytest.approx(2 / 3)
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert "no passage in 66.7%" in negatives_line(report)
    assert negatives_to_json(report)["invented"] == [{"picture": "white.png", "text": "AB1234"}]


def test_a_broken_picture_is_named_and_not_counted(tmp_path: Path, vision: PlateVision) -> None:
    write(tmp_path, "dark.png", 10)
    (tmp_path / "torn.jpg").write_bytes(b"\xff\xd8\xff torn")
    report = evaluate_negatives(tmp_path, vision)
    assert report.pictures == 1
    assert "torn.jpg" in report.problems[0]


@pytest.mark.parametrize("name", ["missing", "."])
def test_a_folder_without_pictures_is_refused(
    tmp_path: Path, vision: PlateVision, name: str
) -> None:
    with pytest.raises(EvaluationDataError, match="no picture"):
        evaluate_negatives(tmp_path / name, vision)
