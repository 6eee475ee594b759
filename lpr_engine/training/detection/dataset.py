"""The training data held in memory: labelled pictures, negatives and plate crops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.detection.errors import DetectorDataError
from lpr_engine.training.detection.labels import (
    Boxes,
    LabelledPicture,
    picture_paths,
    raise_problems,
    read_labelled,
    read_picture,
)
from lpr_engine.training.detection.settings import DetectorTraining, Margins
from lpr_engine.training.synthetic.formats import plate_formats
from lpr_engine.training.synthetic.plate import render_plate

_LONGEST_SIDE_PX = 800
_LONGEST_CROP_PX = 480
DRAWN = "(drawn)"
"""The set of drawn plates among those of real crops."""
_STREAM = 6553
_NO_MARGINS: Margins = (0.0, 0.0, 0.0, 0.0)
_AMERICAN_SHARE = 0.4


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
    margins = training.recipe.label_margins
    dataset = Dataset(
        train=tightened(
            read_labelled(training.data / "detection" / "train", _LONGEST_SIDE_PX), margins
        ),
        validation=tightened(
            read_labelled(training.data / "detection" / "val", _LONGEST_SIDE_PX), margins
        ),
        negatives=_read_negatives(training),
        crops=_read_crop_folders(training) | _draw_plates(training),
    )
    for name, items in (("train", dataset.train), ("val", dataset.validation)):
        if not any(len(item.boxes_xyxy) for item in items):
            folder = training.data / "detection" / name / "labels"
            raise DetectorDataError(f"{folder}: no picture has a labelled plate")
    return dataset


def tightened(
    items: list[LabelledPicture], margins: Mapping[str, Margins]
) -> list[LabelledPicture]:
    """Boxes cut down to their plates, where a source is known to draw them loosely."""
    return [
        replace(item, boxes_xyxy=_inner(item.boxes_xyxy, cut))
        for item in items
        for cut in [
            next((m for start, m in margins.items() if item.name.startswith(start)), _NO_MARGINS)
        ]
    ]


def _inner(boxes_xyxy: Boxes, margins: Margins) -> Boxes:
    sides = np.tile(boxes_xyxy[:, 2:] - boxes_xyxy[:, :2], 2)
    cut = np.array(margins, np.float32) * np.array([1, 1, -1, -1], np.float32)
    return np.asarray(boxes_xyxy + sides * cut, np.float32)


def _trimmed(crop: Pixels, margins: Margins) -> Pixels:
    height, width = crop.shape[:2]
    left, top, right, bottom = margins
    rows = slice(round(top * height), max(round(top * height) + 1, round((1 - bottom) * height)))
    columns = slice(round(left * width), max(round(left * width) + 1, round((1 - right) * width)))
    return np.ascontiguousarray(crop[rows, columns])


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
    names = [name for name in training.recipe.crop_shares if name != DRAWN]
    if not names and root.is_dir():
        names = sorted(path.name for path in root.iterdir() if picture_paths(path))
    folders = {name: picture_paths(root / name) for name in names}
    for name, paths in folders.items():
        if not paths:
            raise DetectorDataError(f"{root / name}: no plate crop, though the recipe names it")
    cuts = training.recipe.crop_margins
    return {
        name: [
            _trimmed(crop, cuts.get(name, _NO_MARGINS))
            for crop in _read_all(paths, _LONGEST_CROP_PX)
        ]
        for name, paths in folders.items()
    }


def _draw_plates(training: DetectorTraining) -> dict[str, list[Pixels]]:
    """Plates of all countries; American ones, which look most unlike each other, more often."""
    if not training.drawn_plates:
        return {}
    american = tuple(one for one in plate_formats() if one.region.startswith("US"))
    drawn = []
    for number in range(training.drawn_plates):
        generator = np.random.default_rng((training.seed, _STREAM, number))
        formats = american if generator.random() < _AMERICAN_SHARE else None
        drawn.append(np.ascontiguousarray(render_plate(generator, formats).image[..., ::-1]))
    return {DRAWN: drawn}


def _read_all(paths: list[Path], longest_side_px: int) -> list[Pixels]:
    read = [read_picture(path, longest_side_px) for path in paths]
    bad = [path for path, pixels in zip(paths, read, strict=True) if pixels is None]
    raise_problems([f"{path}: not a readable picture" for path in bad])
    return [pixels for pixels in read if pixels is not None]
