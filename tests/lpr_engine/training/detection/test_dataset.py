from __future__ import annotations

from pathlib import Path

import pytest

from lpr_engine.training.detection import DetectorDataError, DetectorTraining, Recipe
from lpr_engine.training.detection.dataset import load_dataset


def test_everything_is_read(data: Path, tmp_path: Path) -> None:
    dataset = load_dataset(DetectorTraining(data, tmp_path / "run"))
    assert (len(dataset.train), len(dataset.validation), len(dataset.negatives)) == (6, 3, 3)
    assert {name: len(crops) for name, crops in dataset.crops.items()} == {"high": 2, "wide": 3}


def test_only_the_named_crops_are_read(data: Path, tmp_path: Path) -> None:
    recipe = Recipe(crop_shares={"wide": 1.0})
    dataset = load_dataset(DetectorTraining(data, tmp_path / "run", recipe=recipe))
    assert list(dataset.crops) == ["wide"]


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
