"""Non-maximum suppression: of boxes that overlap much, only the best stays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def suppress(
    boxes_xyxy: NDArray[np.float32], scores: NDArray[np.float32], max_iou: float
) -> NDArray[np.intp]:
    """Indices of the boxes that stay, best first; greedy, whatever class they are of.

    `boxes_xyxy` has shape (n, 4), `scores` (n,). Boxes without area never stay.
    """
    areas = _areas(boxes_xyxy)
    order = np.argsort(-scores, kind="stable")
    order = order[areas[order] > 0]
    kept: list[int] = []
    while order.size:
        best, order = order[0], order[1:]
        kept.append(int(best))
        overlap = _areas(_intersections(boxes_xyxy[best], boxes_xyxy[order]))
        unions = areas[best] + areas[order] - overlap
        order = order[overlap <= max_iou * unions]
    return np.array(kept, np.intp)


def _areas(boxes_xyxy: NDArray[np.float32]) -> NDArray[np.float64]:
    sides = np.clip(boxes_xyxy[:, 2:].astype(np.float64) - boxes_xyxy[:, :2], 0, None)
    return np.asarray(sides.prod(axis=1))


def _intersections(
    box_xyxy: NDArray[np.float32], boxes_xyxy: NDArray[np.float32]
) -> NDArray[np.float32]:
    return np.concatenate(
        [
            np.maximum(box_xyxy[:2], boxes_xyxy[:, :2]),
            np.minimum(box_xyxy[2:], boxes_xyxy[:, 2:]),
        ],
        axis=1,
    )
