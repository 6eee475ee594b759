"""Labelled plates on disk, rows made by hand, and the bundled reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from lpr_engine.config.sections import ModelsSection
from lpr_engine.training.evaluation.reader.figures import Answer, PlateRow, Way
from lpr_engine.training.evaluation.reader.plates import TruePlate
from lpr_engine.vision.opening import open_reader
from lpr_engine.vision.reader import FastPlateReader
from lpr_engine.vision.registry import ModelRegistry
from lpr_engine.vision.runtime import Runtime
from tests.lpr_engine.training.evaluation.plain_plates import plain_plate

Row = Callable[..., PlateRow]


@pytest.fixture(scope="session")
def bundled_reader() -> FastPlateReader:
    section = ModelsSection(provider="cpu", threads=1)
    return open_reader(section, ModelRegistry(), Runtime(section.provider, section.threads))


@pytest.fixture
def plate_picture() -> np.ndarray:
    """A drawn plate, uint8 BGR, that spells AB123CD."""
    return plain_plate("AB123CD", np.random.default_rng(3))


@pytest.fixture
def street(tmp_path: Path, plate_picture: np.ndarray) -> Path:
    """A folder with a picture `car.png` of 640 x 480; the plate's box starts at (100, 200)."""
    height, width = plate_picture.shape[:2]
    picture = np.full((480, 640, 3), 90, np.uint8)
    picture[200 : 200 + height, 100 : 100 + width] = plate_picture
    cv2.imwrite(str(tmp_path / "car.png"), picture)
    return tmp_path


@pytest.fixture
def labels(tmp_path: Path) -> Callable[..., Path]:
    """Write a labels.csv with these rows; returns it."""

    def write(header: str, *rows: str, folder: Path = tmp_path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "labels.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def row() -> Row:
    """A row by hand: wanted text, read text, confidence, and what else matters."""

    def make(
        wanted: str,
        read: str,
        confidence: float = 0.9,
        *,
        group: str = "eu",
        region: str = "",
        answered: str = "",
        once: str | None = None,
        crop: np.ndarray | None = None,
    ) -> PlateRow:
        plate = TruePlate("labels.csv:2", Path("a.png"), None, wanted, region, group)
        second = Answer(read, confidence, read, answered, 4.0)
        first = Answer(read if once is None else once, confidence, read, answered, 2.0)
        answers = {Way.ONE_LOOK: first, Way.SECOND_LOOK: second}
        return PlateRow(plate, answers, crop)

    return make
