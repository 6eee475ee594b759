"""Labelled pictures: folders that hold a `labels.csv` beside their pictures."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from lpr_engine.model.errors import LprError
from lpr_engine.model.geometry import Box
from lpr_engine.model.pixels import Pixels
from lpr_engine.training.evaluation.spelling import bare

LABELS_NAME = "labels.csv"
COLUMNS = ("image", "x", "y", "w", "h", "plate")
_ROUNDING_PX = 1.0


class EvaluationDataError(LprError):
    """There is nothing to evaluate on; the message names folder, file and line."""

    code = "evaluation_data_unusable"


@dataclass(frozen=True, slots=True)
class PlateLabel:
    """One row: where a picture's plate is, in pixels, what it spells, and its file and line."""

    box: Box
    plate: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """The rows of one `labels.csv`, by picture, and what is wrong with the others."""

    name: str
    labels: Mapping[Path, tuple[PlateLabel, ...]]
    problems: tuple[str, ...]


def read_sets(folder: Path) -> list[LabelledSet]:
    """Every labelled set: the folder itself, or the folders in it, by name.

    Raises:
        EvaluationDataError: there is no folder, no `labels.csv`, or one with other columns.
    """
    return [_read_set(file) for file in labels_files(folder)]


def labels_files(folder: Path) -> list[Path]:
    """The `labels.csv` of the folder itself, and those of the folders in it, by name.

    Raises:
        EvaluationDataError: there is no folder, or no `labels.csv`.
    """
    if not folder.is_dir():
        raise EvaluationDataError(f"{folder}: no such folder")
    files = [folder / LABELS_NAME, *sorted(folder.glob(f"*/{LABELS_NAME}"))]
    found = [file for file in files if file.is_file()]
    if not found:
        raise EvaluationDataError(f"{folder}: neither it nor a folder in it holds a {LABELS_NAME}")
    return found


def _read_set(file: Path) -> LabelledSet:
    labels: dict[Path, tuple[PlateLabel, ...]] = {}
    problems: list[str] = []
    for line, row in labelled_rows(file, COLUMNS):
        try:
            picture, label = picture_label(row, file.parent)
        except ValueError as err:
            problems.append(f"{file}:{line}: {err}")
            continue
        placed = replace(label, place=f"{file}:{line}")
        labels[picture] = (*labels.get(picture, ()), placed)
    return LabelledSet(file.parent.name, labels, tuple(problems))


def labelled_rows(
    file: Path, *layouts: tuple[str, ...]
) -> Iterator[tuple[int, Mapping[str | None, str | None]]]:
    """Each row with the number of its last line; the file has all columns of one of the layouts.

    Raises:
        EvaluationDataError: the file cannot be read, or lacks a column.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            table = csv.DictReader(stream)
            lacks = [_missing(layout, table.fieldnames or ()) for layout in layouts]
            if all(lacks):
                raise EvaluationDataError(f"{file}:1: no column {' and no column '.join(lacks)}")
            for row in table:
                yield table.line_num, row
    except (OSError, UnicodeDecodeError, csv.Error) as err:
        raise EvaluationDataError(f"{file}: cannot be read: {err}") from err


def _missing(layout: Iterable[str], present: Iterable[str]) -> str:
    there = set(present)
    return ", ".join(name for name in layout if name not in there)


def picture_label(row: Mapping[str | None, str | None], folder: Path) -> tuple[Path, PlateLabel]:
    """One row's picture and label.

    Raises:
        ValueError: a value is missing or makes no sense; the message says which.
    """
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    picture = folder / values["image"]
    if not values["image"] or not picture.is_file():
        raise ValueError(f"no picture {values['image']!r}")
    x, y, width, height = (_number(name, values[name]) for name in ("x", "y", "w", "h"))
    if width <= 0 or height <= 0:
        raise ValueError(f"a box of {width:g} x {height:g} pixels")
    if not bare(values["plate"]):
        raise ValueError(f"the plate {values['plate']!r} has no letter or digit")
    return picture, PlateLabel(Box(x, y, x + width, y + height), values["plate"])


def outside(box: Box, pixels: Pixels) -> str | None:
    """What is wrong with a box that leaves its picture by more than rounding, if it does."""
    height, width = pixels.shape[:2]
    if box.x1 <= width + _ROUNDING_PX and box.y1 <= height + _ROUNDING_PX:
        return None
    corners = ", ".join(f"{edge:g}" for edge in box.as_tuple())
    return f"the box ({corners}) leaves the picture of {width} x {height} pixels"


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{name} is {text!r}, not a number") from None
    if not 0 <= value < 1e6:
        raise ValueError(f"{name} is {text}, not a place in a picture")
    return value
