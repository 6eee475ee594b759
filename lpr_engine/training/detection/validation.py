"""How well the plates of labelled pictures are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.detection.labels import Boxes, LabelledPicture
from lpr_engine.vision.decoding import OutputLayout, decode
from lpr_engine.vision.letterbox import Letterbox
from lpr_engine.vision.suppression import suppress

Found: TypeAlias = NDArray[np.float32]
"""Plates found in one picture: x0, y0, x1, y1, score; best first; shape (N, 5)."""

USED_SCORE = 0.25
_LEAST_SCORE = 0.01
_DUPLICATE_IOU = 0.5
_PICTURES_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class DetectorScore:
    """Figures over a set of pictures, each 0..1.

    Recall (at an overlap of 0.5, tight: 0.7) and precision count plates that score 0.25 or more.
    """

    average_precision_50: float
    average_precision_75: float
    recall: float
    recall_tight: float
    precision: float


def find_plates(
    items: Sequence[LabelledPicture],
    size_px: int,
    run_network: Callable[[list[Pixels]], NDArray[np.float32]],
) -> list[Found]:
    """Return each picture's plates, in its own pixels.

    `run_network` takes square pictures of `size_px` and gives the raw output, shape (B, 5, N).
    """
    found: list[Found] = []
    for start in range(0, len(items), _PICTURES_AT_ONCE):
        chunk = [item.pixels for item in items[start : start + _PICTURES_AT_ONCE]]
        fits = [Letterbox.into((one.shape[1], one.shape[0]), (size_px, size_px)) for one in chunk]
        output = run_network([fit.apply(one) for fit, one in zip(fits, chunk, strict=True)])
        rows = decode(output, OutputLayout.ANCHOR_FREE, len(chunk), _LEAST_SCORE)
        found += [_restored(fit, part) for fit, part in zip(fits, rows, strict=True)]
    return found


def score_plates(pairs: Iterable[tuple[Found, Boxes]]) -> DetectorScore:
    """Score what was found against what is labelled, picture by picture."""
    known = list(pairs)
    labelled = max(1, sum(len(boxes) for _, boxes in known))
    scores = np.concatenate([found[:, 4] for found, _ in known]) if known else np.zeros(0)
    loose, tight, tighter = (_hits(known, iou) for iou in (0.5, 0.7, 0.75))
    used = scores >= USED_SCORE
    return DetectorScore(
        average_precision_50=average_precision(loose, scores, labelled),
        average_precision_75=average_precision(tighter, scores, labelled),
        recall=float(loose[used].sum() / labelled),
        recall_tight=float(tight[used].sum() / labelled),
        precision=float(loose[used].mean()) if used.any() else 0.0,
    )


def overlap(box_xyxy: NDArray[np.float32], boxes_xyxy: Boxes) -> NDArray[np.float32]:
    """Return the intersection over union of one box with each of the others, shape (N,)."""
    low = np.maximum(box_xyxy[:2], boxes_xyxy[:, :2])
    high = np.minimum(box_xyxy[2:], boxes_xyxy[:, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=1)
    areas = (boxes_xyxy[:, 2:] - boxes_xyxy[:, :2]).prod(axis=1)
    union = areas + (box_xyxy[2:] - box_xyxy[:2]).prod() - shared
    return np.asarray(shared / np.maximum(union, 1e-9), np.float32)


def average_precision(
    hits: NDArray[np.bool_], scores: NDArray[np.floating], labelled: int
) -> float:
    """Return the area under the precision envelope over recall.

    All points count, as in PASCAL VOC from 2010 on.
    """
    ordered = hits[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(ordered) / np.arange(1, len(ordered) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    return float(envelope[ordered].sum() / labelled)


def _restored(fit: Letterbox, rows: NDArray[np.float32]) -> Found:
    kept = rows[suppress(rows[:, :4], rows[:, 4], _DUPLICATE_IOU)]
    return np.concatenate([fit.restore(kept[:, :4]), kept[:, 4:]], axis=1)


def _hits(pairs: list[tuple[Found, Boxes]], least_overlap: float) -> NDArray[np.bool_]:
    """Tell of every plate found whether it is the first on a labelled one."""
    hits = [_picture_hits(found, boxes, least_overlap) for found, boxes in pairs]
    return np.concatenate(hits) if hits else np.zeros(0, np.bool_)


def _picture_hits(found: Found, boxes_xyxy: Boxes, least_overlap: float) -> NDArray[np.bool_]:
    hits = np.zeros(len(found), np.bool_)
    free = np.ones(len(boxes_xyxy), np.bool_)
    for index, plate in enumerate(found if len(boxes_xyxy) else ()):
        overlaps = np.where(free, overlap(plate[:4], boxes_xyxy), 0)
        best = int(overlaps.argmax())
        if overlaps[best] >= least_overlap:
            hits[index], free[best] = True, False
    return hits
