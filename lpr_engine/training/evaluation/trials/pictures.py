"""Pictures whose plates are known: YOLO labels as for training, `labels.csv` as for judging."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lpr_engine.model.errors import PictureError
from lpr_engine.model.pixels import Pixels
from lpr_engine.sources.picture import read_picture
from lpr_engine.training.detection.dataset import tightened
from lpr_engine.training.detection.labels import Boxes, read_labelled
from lpr_engine.training.detection.settings import Margins
from lpr_engine.training.detection.settings_file import SHIPPED_SETTINGS, read_settings
from lpr_engine.training.evaluation.labels import (
    EvaluationDataError,
    LabelledSet,
    outside,
    read_sets,
)

_LONGEST_SIDE_PX = 8192
"""Pictures are looked at as they are, not shrunk as for a training."""


@dataclass(frozen=True, slots=True, eq=False)
class KnownPicture:
    """A decoded picture, its plates, and what each of them spells; no texts where none is known."""

    name: str
    pixels: Pixels
    boxes_xyxy: Boxes
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class PictureSet:
    """The pictures of one folder."""

    name: str
    pictures: tuple[KnownPicture, ...]


def picture_sets(folder: Path) -> Iterator[PictureSet]:
    """The folder's pictures set by set, so that only one set is in memory.

    A folder with `images` and `labels` in it is one set, its labels cut down to the plates as in
    the training of the bundled detector; others hold a `labels.csv`, or folders that do.

    Raises:
        DetectorDataError: a YOLO label or its picture is bad; all are named by file and line.
        EvaluationDataError: a row or picture of a `labels.csv` is; likewise.
    """
    if (folder / "images").is_dir():
        items = tightened(read_labelled(folder, _LONGEST_SIDE_PX), _shipped_margins())
        known = (KnownPicture(one.name, one.pixels, one.boxes_xyxy) for one in items)
        yield PictureSet(folder.name, tuple(known))
        return
    for part in read_sets(folder):
        yield PictureSet(part.name, _pictures(part))


def _shipped_margins() -> dict[str, Margins]:
    return dict(read_settings(SHIPPED_SETTINGS)["recipe"].label_margins)


def _pictures(part: LabelledSet) -> tuple[KnownPicture, ...]:
    problems = list(part.problems)
    pictures: list[KnownPicture] = []
    for path, labels in part.labels.items():
        try:
            pixels = read_picture(path)
        except PictureError as err:
            problems.append(f"{labels[0].place}: {err}")
            continue
        faults = [(label.place, outside(label.box, pixels)) for label in labels]
        problems += [f"{place}: {fault}" for place, fault in faults if fault]
        boxes = np.array([label.box.as_tuple() for label in labels], np.float32)
        texts = tuple(label.plate for label in labels)
        pictures.append(KnownPicture(path.name, pixels, boxes, texts))
    if problems:
        raise EvaluationDataError("unusable labels:\n" + "\n".join(problems))
    return tuple(pictures)
