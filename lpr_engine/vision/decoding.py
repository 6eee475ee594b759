"""What detector networks put out, in the layouts that exporters write, as scored boxes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.errors import ModelError


class OutputLayout(Enum):
    """How the output array is to be read; n is the number of pictures in the batch."""

    ANCHOR_FREE = "(n, 4 + classes, boxes): centre x, centre y, width, height, class scores"
    END_TO_END = "(n, boxes, 6): x0, y0, x1, y1, score, class"
    END_TO_END_FLAT = "(boxes, 7): picture, x0, y0, x1, y1, class, score"


def layout_of(shape: tuple[int, ...]) -> OutputLayout:
    """Tell the layout from the output of one trial run.

    An anchor-free output has at least 21 boxes, because the smallest input is 32 pixels wide.

    Raises:
        ModelError: the shape is none that a plate detector puts out.
    """
    if len(shape) == 2 and shape[1] == 7:
        return OutputLayout.END_TO_END_FLAT
    if len(shape) == 3 and shape[2] == 6:
        return OutputLayout.END_TO_END
    if len(shape) == 3 and 5 <= shape[1] < shape[2]:
        return OutputLayout.ANCHOR_FREE
    known = "; ".join(layout.value for layout in OutputLayout)
    raise ModelError(f"output shape {shape} is none of a plate detector's ({known})")


def plate_classes(names: Mapping[int, str]) -> frozenset[int] | None:
    """Which of a model's classes are plates; None where all are, as in a model of one class.

    Raises:
        ModelError: the model has several classes and none is called a plate.
    """
    if len(names) <= 1:
        return None
    plates = frozenset(number for number, name in names.items() if "plate" in name.lower())
    if not plates:
        raise ModelError(f"none of the model's {len(names)} classes is a plate")
    return plates


def decode(
    output: NDArray[np.floating],
    layout: OutputLayout,
    pictures: int,
    min_score: float,
    classes: frozenset[int] | None = None,
) -> list[NDArray[np.float32]]:
    """Each picture's boxes that reach `min_score`: float32 (k, 5), x0, y0, x1, y1, score.

    Pixels of the network's input. Rows that are not finite are dropped.
    """
    rows = output.astype(np.float32, copy=False)
    if layout is OutputLayout.END_TO_END_FLAT:
        each = [rows[rows[:, 0] == number] for number in range(pictures)]
        scored = [_with_class(part[:, 1:5], part[:, 6], part[:, 5], classes) for part in each]
    elif layout is OutputLayout.END_TO_END:
        scored = [_with_class(part[:, :4], part[:, 4], part[:, 5], classes) for part in rows]
    else:
        scored = [_anchor_free(part, classes) for part in rows]
    return [_reaching(boxes, min_score) for boxes in scored]


def _anchor_free(part: NDArray[np.float32], classes: frozenset[int] | None) -> NDArray[np.float32]:
    scores = part[4:] if classes is None else part[[4 + number for number in sorted(classes)]]
    centers, halves = part[:2], part[2:4] / 2
    corners = [centers - halves, centers + halves]
    return np.asarray(np.concatenate([*corners, scores.max(axis=0)[None]]).T)


def _with_class(
    boxes_xyxy: NDArray[np.float32],
    scores: NDArray[np.float32],
    numbers: NDArray[np.float32],
    classes: frozenset[int] | None,
) -> NDArray[np.float32]:
    rows = np.concatenate([boxes_xyxy, scores[:, None]], axis=1)
    return rows if classes is None else rows[np.isin(numbers, list(classes))]


def _reaching(rows: NDArray[np.float32], min_score: float) -> NDArray[np.float32]:
    usable = np.isfinite(rows).all(axis=1) & (rows[:, 4] >= min_score)
    return np.ascontiguousarray(rows[usable])
