"""The training data held in memory: labelled pictures, negatives and plate crops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.detection.errors import DetectorDataError
from lpr_engine.training.detection.labels import (
    LabelledPicture,
    picture_paths,
    raise_problems,
    read_labelled,
    read_picture,
)
from lpr_engine.training.detection.settings import DetectorTraining

_LONGEST_SIDE_PX = 800
_LONGEST_CROP_PX = 480


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """All pictures of a training, decoded once."""

    train: list[LabelledPicture]
    validation: list[LabelledPicture]
    negatives: list[LabelledPicture]
    crops: Mapping[str, list[Pixels]]


def load_dataset(training: DetectorTraining) -> Dataset:
    """Read and check every picture that the training uses.

    Raises:
        DetectorDataError: something is missing or bad; every bad file is named.
    """
    dataset = Dataset(
        train=read_labelled(training.data / "detection" / "train", _LONGEST_SIDE_PX),
        validation=read_labelled(training.data / "detection" / "val", _LONGEST_SIDE_PX),
        negatives=_read_negatives(training),
        crops=_read_crop_folders(training),
    )
    for name, items in (("train", dataset.train), ("val", dataset.validation)):
        if not any(len(item.boxes_xyxy) for item in items):
            folder = training.data / "detection" / name / "labels"
            raise DetectorDataError(f"{folder}: no picture has a labelled plate")
    return dataset


def _read_negatives(training: DetectorTraining) -> list[LabelledPicture]:
    paths = picture_paths(training.data / "negatives")
    order = np.random.default_rng(training.seed).permutation(len(paths))
    chosen = [paths[index] for index in sorted(order[: training.negatives])]
    nothing = np.zeros((0, 4), np.float32)
    pictures = _read_all(chosen, _LONGEST_SIDE_PX)
    return [
        LabelledPicture(path.name, pixels, nothing)
        for path, pixels in zip(chosen, pictures, strict=True)
    ]


def _read_crop_folders(training: DetectorTraining) -> dict[str, list[Pixels]]:
    """Read the folders that the recipe names, or all there are when it names none."""
    root = training.data / "crops"
    names = list(training.recipe.crop_shares)
    if not names and root.is_dir():
        names = sorted(path.name for path in root.iterdir() if picture_paths(path))
    folders = {name: picture_paths(root / name) for name in names}
    for name, paths in folders.items():
        if not paths:
            raise DetectorDataError(f"{root / name}: no plate crop, though the recipe names it")
    return {name: _read_all(paths, _LONGEST_CROP_PX) for name, paths in folders.items()}


def _read_all(paths: list[Path], longest_side_px: int) -> list[Pixels]:
    read = [read_picture(path, longest_side_px) for path in paths]
    bad = [path for path, pixels in zip(paths, read, strict=True) if pixels is None]
    raise_problems([f"{path}: not a readable picture" for path in bad])
    return [pixels for pixels in read if pixels is not None]
