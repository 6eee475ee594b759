"""Labelled pictures on disk: YOLO text labels beside pictures, checked before they are used."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.detection.errors import DetectorDataError

Boxes: TypeAlias = NDArray[np.float32]
"""float32 x0, y0, x1, y1 in pixels, shape (N, 4)."""

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp"})
_ROUNDING = 0.002
_SHOWN_PROBLEMS = 20


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPicture:
    """A decoded picture and its plates."""

    name: str
    pixels: Pixels
    boxes_xyxy: Boxes


def picture_paths(folder: Path) -> list[Path]:
    """Return the folder's pictures, sorted by name; a folder that is not there holds none."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURE_SUFFIXES)


def read_picture(path: Path, longest_side_px: int) -> Pixels | None:
    """Decode a picture, shrunk so that no side is longer; None when it is unreadable."""
    try:
        pixels = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    except (OSError, cv2.error):
        return None  # empty files and oversized headers raise, other bad ones give None
    if pixels is None:
        return None
    factor = longest_side_px / max(pixels.shape[:2])
    if factor < 1:
        pixels = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(pixels, np.uint8)


def read_labelled(folder: Path, longest_side_px: int) -> list[LabelledPicture]:
    """Read `folder/images` with `folder/labels`; a picture without a label file shows no plate.

    Raises:
        DetectorDataError: a label or picture is bad (all are named), or there is no picture at all.
    """
    problems: list[str] = []
    found: list[LabelledPicture] = []
    for path in picture_paths(folder / "images"):
        boxes = _read_boxes(folder / "labels" / f"{path.stem}.txt", problems)
        pixels = read_picture(path, longest_side_px)
        if pixels is None:
            problems.append(f"{path}: not a readable picture")
            continue
        height, width = pixels.shape[:2]
        scale = np.array([width, height, width, height], np.float32)
        found.append(LabelledPicture(path.name, pixels, boxes * scale))
    raise_problems(problems)
    if not found:
        raise DetectorDataError(f"{folder / 'images'}: no picture to read")
    return found


def raise_problems(problems: list[str]) -> None:
    """Do nothing when there is none.

    Raises:
        DetectorDataError: there is a problem; the message has a line for each of the first ones.
    """
    if not problems:
        return
    shown = problems[:_SHOWN_PROBLEMS]
    if len(problems) > len(shown):
        shown.append(f"and {len(problems) - len(shown)} more")
    raise DetectorDataError("\n".join(shown))


def _read_boxes(path: Path, problems: list[str]) -> Boxes:
    rows: list[tuple[float, float, float, float]] = []
    try:
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
    except UnicodeDecodeError:
        problems.append(f"{path}: not a text file")
        return np.zeros((0, 4), np.float32)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row = parse_label(line)
        if isinstance(row, str):
            problems.append(f"{path}:{number}: {row}")
        else:
            rows.append(row)
    return np.array(rows, np.float32).reshape(-1, 4)


def parse_label(line: str) -> tuple[float, float, float, float] | str:
    """Return a label line's box as x0, y0, x1, y1 (0..1), or what is wrong with the line."""
    fields = line.split()
    if len(fields) != 5:
        return f"expected 5 values (class, centre x, centre y, width, height), got {len(fields)}"
    try:
        kind, x, y, width, height = (float(field) for field in fields)
    except ValueError:
        return f"not a number in {line.strip()!r}"
    box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    problem = _label_problem(kind, width, height, box)
    if problem is not None:
        return problem
    x0, y0, x1, y1 = (min(max(edge, 0.0), 1.0) for edge in box)
    return x0, y0, x1, y1


def _label_problem(
    kind: float, width: float, height: float, box: tuple[float, float, float, float]
) -> str | None:
    if not all(math.isfinite(value) for value in (kind, width, height, *box)):
        return "a value is not finite"
    if kind != 0:
        return f"class {kind:g}, but plates are the only class (0)"
    if width <= 0 or height <= 0:
        return "the box has no area"
    if min(box) < -_ROUNDING or max(box) > 1 + _ROUNDING:
        return "the box reaches outside the picture"
    return None
