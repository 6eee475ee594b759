from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lpr_engine.training.detection import DetectorDataError, DetectorTraining, Recipe
from lpr_engine.training.detection.dataset import DRAWN, load_dataset


def test_everything_is_read(data: Path, tmp_path: Path) -> None:
    dataset = load_dataset(DetectorTraining(data, tmp_path / "run"))
    assert (len(dataset.train), len(dataset.validation), len(dataset.negatives)) == (6, 3, 3)
    assert {name: len(crops) for name, crops in dataset.crops.items()} == {"high": 2, "wide": 3}


def test_only_the_named_crops_are_read(data: Path, tmp_path: Path) -> None:
    recipe = Recipe(crop_shares={"wide": 1.0})
    dataset = load_dataset(DetectorTraining(data, tmp_path / "run", recipe=recipe))
    assert list(dataset.crops) == ["wide"]


def test_loose_labels_and_crops_are_cut_down_to_their_plates(data: Path, tmp_path: Path) -> None:
    loose = load_dataset(DetectorTraining(data, tmp_path / "run"))
    recipe = Recipe(
        label_margins={"1": (0.1, 0.2, 0.3, 0.0)}, crop_margins={"wide": (0.1, 0.25, 0.2, 0.05)}
    )
    tight = load_dataset(DetectorTraining(data, tmp_path / "run", recipe=recipe))
    for before, after in zip(loose.train, tight.train, strict=True):
        (x0, y0, x1, y1), box = before.boxes_xyxy[0], after.boxes_xyxy[0]
        width, height = x1 - x0, y1 - y0
        cut = (0.1, 0.2, 0.3, 0.0) if before.name.startswith("1") else (0.0, 0.0, 0.0, 0.0)
        wanted = (x0 + cut[0] * width, y0 + cut[1] * height, x1 - cut[2] * width, y1)
        assert box == pytest.approx(wanted, abs=1e-3)
    assert [crop.shape[:2] for crop in loose.crops["wide"]] == [(40, 160)] * 3
    assert [crop.shape[:2] for crop in tight.crops["wide"]] == [(28, 112)] * 3
    assert [crop.shape for crop in tight.crops["high"]] == [
        crop.shape for crop in loose.crops["high"]
    ]


def test_plates_are_drawn_beside_the_crops(data: Path, tmp_path: Path) -> None:
    recipe = Recipe(crop_shares={"wide": 0.5, DRAWN: 0.5})
    training = DetectorTraining(data, tmp_path / "run", drawn_plates=4, recipe=recipe)
    one, two = load_dataset(training).crops, load_dataset(training).crops
    assert {name: len(crops) for name, crops in one.items()} == {"wide": 3, DRAWN: 4}
    assert all(np.array_equal(a, b) for a, b in zip(one[DRAWN], two[DRAWN], strict=True))


def test_the_seed_chooses_the_negatives(data: Path, tmp_path: Path) -> None:
    chosen = {
        load_dataset(DetectorTraining(data, tmp_path, seed=seed, negatives=1)).negatives[0].name
        for seed in range(12)
    }
    again = load_dataset(DetectorTraining(data, tmp_path, seed=3, negatives=1)).negatives[0].name
    assert len(chosen) > 1
    assert (
        again
        == load_dataset(DetectorTraining(data, tmp_path, seed=3, negatives=1)).negatives[0].name
    )


def test_a_named_folder_without_crops_is_an_error(data: Path, tmp_path: Path) -> None:
    recipe = Recipe(crop_shares={"moon": 1.0})
    with pytest.raises(DetectorDataError, match="moon"):
        load_dataset(DetectorTraining(data, tmp_path / "run", recipe=recipe))


def test_labels_without_any_plate_are_an_error(data: Path, tmp_path: Path) -> None:
    for path in (data / "detection" / "val" / "labels").iterdir():
        path.write_text("")
    with pytest.raises(DetectorDataError, match="no picture has a labelled plate"):
        load_dataset(DetectorTraining(data, tmp_path / "run"))


def test_unreadable_negatives_are_named(data: Path, tmp_path: Path) -> None:
    (data / "negatives" / "1.png").write_bytes(b"no picture")
    with pytest.raises(DetectorDataError, match=r"1\.png: not a readable picture"):
        load_dataset(DetectorTraining(data, tmp_path / "run"))
