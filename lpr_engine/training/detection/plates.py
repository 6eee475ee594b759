"""Real plate crops pasted into scenes, in perspective and in the scene's light."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.detection.labels import Boxes
from lpr_engine.training.detection.mounting import (
    Quad,
    bounding_box,
    fill,
    grown,
    mount,
    plate_quad,
    surrounding_colour,
)

_MOST_OVERLAP = 0.02


class PlatePaster:
    """Chooses crops by the shares of their sets and pastes them."""

    def __init__(self, crops: Mapping[str, list[Pixels]], shares: Mapping[str, float]) -> None:
        """Take the crops of each set, and the sets' shares of the pasted plates (1 if not told)."""
        self._crops = {name: pictures for name, pictures in crops.items() if pictures}
        weights = np.array([shares.get(name, 1.0) for name in self._crops], np.float64)
        self._shares = weights / weights.sum() if len(weights) else weights

    def __bool__(self) -> bool:
        """Tell whether there is any crop to paste."""
        return bool(self._crops)

    def add(
        self,
        rng: np.random.Generator,
        scene: Pixels,
        boxes_xyxy: Boxes,
        width_share: tuple[float, float],
    ) -> Boxes:
        """Paste one plate where none is, if there is room; return the boxes of all plates."""
        crop = self.choose(rng)
        height, width = scene.shape[:2]
        for _ in range(4):
            plate_width = width * _log_uniform(rng, *width_share)
            quad = plate_quad(rng, plate_width, _aspect(rng, crop))
            quad += random_place(rng, quad, width, height)
            box = bounding_box(quad, width, height)
            if len(box) and not overlaps(box[0], boxes_xyxy):
                mount(rng, scene, crop, quad)
                return np.concatenate([boxes_xyxy, box])
        return boxes_xyxy

    def replace(self, rng: np.random.Generator, scene: Pixels, boxes_xyxy: Boxes) -> Boxes:
        """Paste a plate that hides a labelled one, if one fits; return the boxes of all plates."""
        height, width = scene.shape[:2]
        index = int(rng.integers(len(boxes_xyxy)))
        x0, y0, x1, y1 = boxes_xyxy[index]
        crop = self.choose(rng)
        aspect = _aspect(rng, crop)
        plate_width = max(float(x1 - x0), float(y1 - y0) * aspect) * float(rng.uniform(1.02, 1.2))
        if x1 - x0 < 14 or plate_width > 2.5 * (x1 - x0):
            return boxes_xyxy
        quad = plate_quad(rng, plate_width, aspect) + np.array(
            [(x0 + x1) / 2, (y0 + y1) / 2], np.float32
        )
        box = bounding_box(quad, width, height)
        others = np.delete(boxes_xyxy, index, axis=0)
        if not len(box) or overlaps(box[0], others):
            return boxes_xyxy
        fill(
            scene,
            grown(quad, 1.12),
            surrounding_colour(scene, quad) * float(rng.uniform(0.4, 1.0)),
            1.0,
        )
        mount(rng, scene, crop, quad)
        return np.concatenate([others, box])

    def choose(self, rng: np.random.Generator) -> Pixels:
        """Return a crop, its set chosen by the shares."""
        name = rng.choice(list(self._crops), p=self._shares)
        crops = self._crops[str(name)]
        return crops[int(rng.integers(len(crops)))]


def add_distractor(rng: np.random.Generator, scene: Pixels, boxes_xyxy: Boxes) -> None:
    """Paste a piece of the scene the way plates are, so that pasted edges alone mean nothing."""
    height, width = scene.shape[:2]
    piece_width = int(rng.uniform(0.08, 0.4) * width)
    piece_height = max(6, int(piece_width / rng.uniform(1.2, 5)))
    x0, y0 = (
        int(rng.integers(max(1, width - piece_width))),
        int(rng.integers(max(1, height - piece_height))),
    )
    source = np.array([x0, y0, x0 + piece_width, y0 + piece_height], np.float32)
    if overlaps(source, boxes_xyxy):
        return
    piece = scene[y0 : y0 + piece_height, x0 : x0 + piece_width].copy()
    quad = plate_quad(rng, piece_width * float(rng.uniform(0.5, 1.5)), piece_width / piece_height)
    quad += random_place(rng, quad, width, height)
    box = bounding_box(quad, width, height)
    if len(box) and not overlaps(box[0], boxes_xyxy):
        mount(rng, scene, piece, quad)


def overlaps(box_xyxy: NDArray[np.float32], boxes_xyxy: Boxes) -> bool:
    """Tell whether the box covers a noticeable part of any of the boxes, or they of it."""
    if not len(boxes_xyxy):
        return False
    low = np.maximum(box_xyxy[:2], boxes_xyxy[:, :2])
    high = np.minimum(box_xyxy[2:], boxes_xyxy[:, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=1)
    areas = np.prod(boxes_xyxy[:, 2:] - boxes_xyxy[:, :2], axis=1)
    smaller = np.minimum(areas, np.prod(box_xyxy[2:] - box_xyxy[:2]))
    return bool((shared > _MOST_OVERLAP * smaller).any())


def _aspect(rng: np.random.Generator, crop: Pixels) -> float:
    return float(crop.shape[1] / crop.shape[0] * np.exp(rng.normal(0, 0.12)))


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def random_place(
    rng: np.random.Generator, quad: Quad, width: int, height: int
) -> NDArray[np.float32]:
    """Return the step that moves the quad to a random place within the picture."""
    low, high = quad.min(axis=0), quad.max(axis=0)
    room = np.maximum(np.array([width, height]) - (high - low), 0)
    return np.asarray(rng.uniform(0, 1, 2) * room - low, np.float32)
