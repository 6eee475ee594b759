"""Labelled pictures and crops on disk: plain plates in drawn streets."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from lpr_engine.training.reading.crops import LabelledCrop, split
from tests.lpr_engine.training.evaluation.plain_plates import plain_plate, plate_text
from tests.lpr_engine.training.evaluation.plain_streets import streets


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two streets with a `labels.csv`."""
    folder = tmp_path_factory.mktemp("judged")
    rows: list[list[object]] = [["image", "x", "y", "w", "h", "plate"]]
    for number, street in enumerate(streets(2)):
        cv2.imwrite(str(folder / f"{number}.png"), street.pixels)
        box = street.box
        rows.append([f"{number}.png", box.x0, box.y0, box.width, box.height, street.text])
    write(folder / "labels.csv", rows)
    return folder


@pytest.fixture(scope="session")
def validated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same streets with YOLO labels; the second is named as one whose labels are loose."""
    folder = tmp_path_factory.mktemp("detection") / "val"
    for kind in ("images", "labels"):
        (folder / kind).mkdir(parents=True)
    for name, street in zip(("kg_0", "ro_1"), streets(2), strict=True):
        cv2.imwrite(str(folder / "images" / f"{name}.png"), street.pixels)
        height, width = street.pixels.shape[:2]
        x, y = street.box.center
        values = (x / width, y / height, street.box.width / width, street.box.height / height)
        label = "0 " + " ".join(f"{value:.6f}" for value in values)
        (folder / "labels" / f"{name}.txt").write_text(label + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def crops(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CSV of crops, of which two are held out."""
    folder = tmp_path_factory.mktemp("crops")
    generator = np.random.default_rng(4)
    rows: list[list[object]] = [["image_path", "plate_text"]]
    held_out = 0
    while held_out < 2:
        text, name = plate_text(generator), f"{len(rows)}.png"
        held_out += len(split([LabelledCrop(folder / name, text, "")])[1])
        cv2.imwrite(str(folder / name), plain_plate(text, generator))
        rows.append([name, text])
    write(folder / "labels.csv", rows)
    return folder / "labels.csv"


def write(file: Path, rows: list[list[object]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)
