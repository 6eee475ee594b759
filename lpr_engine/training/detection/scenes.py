"""Training pictures composed anew each time: zoomed views, mosaics, pasted plates."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.detection.appearance import disturbed
from lpr_engine.training.detection.dataset import Dataset
from lpr_engine.training.detection.labels import Boxes, LabelledPicture
from lpr_engine.training.detection.plates import PlatePaster, add_distractor
from lpr_engine.training.detection.settings import Recipe
from lpr_engine.training.detection.signs import add_sign

_GREY = (114, 114, 114)
_LEAST_SHOWN = 0.4
_LEAST_HEIGHT_PX = 3.0
_MOST_ZOOM = 3.0


class SceneComposer:
    """Makes one training picture after another from a dataset."""

    def __init__(self, dataset: Dataset, recipe: Recipe) -> None:
        """Take the data and how to compose it."""
        self._recipe = recipe
        self._negatives = dataset.negatives
        self._positives = [item for item in dataset.train for _ in range(_repeats(item, recipe))]
        self._paster = PlatePaster(dataset.crops, recipe.crop_shares)

    def compose(
        self, rng: np.random.Generator, size_px: int, *, mosaic: bool
    ) -> tuple[Pixels, Boxes]:
        """Return a picture of shape (size_px, size_px, 3) and its plates."""
        if mosaic and rng.random() < self._recipe.mosaic_chance:
            scene, boxes = self._mosaic(rng, size_px)
        else:
            scene, boxes = self._view(rng, size_px, size_px)
        if self._paster and rng.random() < self._recipe.paste_chance:
            boxes = self._paster.add(rng, scene, boxes, self._recipe.paste_width)
        if rng.random() < self._recipe.distractor_chance:
            add_distractor(rng, scene, boxes)
        if rng.random() < self._recipe.sign_chance:
            add_sign(rng, scene, boxes)
        if rng.random() < 0.5:
            scene, boxes = _mirrored(scene, boxes)
        return disturbed(rng, scene), boxes

    def _mosaic(self, rng: np.random.Generator, size_px: int) -> tuple[Pixels, Boxes]:
        scene = np.empty((size_px, size_px, 3), np.uint8)
        middle_x, middle_y = (int(value) for value in rng.uniform(0.3, 0.7, 2) * size_px)
        boxes: list[Boxes] = []
        for x0, x1 in ((0, middle_x), (middle_x, size_px)):
            for y0, y1 in ((0, middle_y), (middle_y, size_px)):
                scene[y0:y1, x0:x1], found = self._view(rng, x1 - x0, y1 - y0)
                boxes.append(found + np.array([x0, y0, x0, y0], np.float32))
        return scene, np.concatenate(boxes)

    def _view(self, rng: np.random.Generator, width: int, height: int) -> tuple[Pixels, Boxes]:
        item = self._choose(rng)
        turn = _view_transform(rng, item, width, height, self._recipe)
        scene = _warped(rng, item.pixels, turn, width, height)
        boxes = _moved_boxes(item.boxes_xyxy, turn, width, height)
        if len(boxes) and self._paster and rng.random() < self._recipe.replace_chance:
            boxes = self._paster.replace(rng, scene, boxes)
        return scene, boxes

    def _choose(self, rng: np.random.Generator) -> LabelledPicture:
        pool = self._positives
        if self._negatives and rng.random() < self._recipe.negative_share:
            pool = self._negatives
        return pool[int(rng.integers(len(pool)))]


def _repeats(item: LabelledPicture, recipe: Recipe) -> int:
    fitting = [
        count for prefix, count in recipe.picture_repeats.items() if item.name.startswith(prefix)
    ]
    return fitting[0] if fitting else 1


def _view_transform(
    rng: np.random.Generator, item: LabelledPicture, width: int, height: int, recipe: Recipe
) -> NDArray[np.float64]:
    """Return the 3x3 map from the item's pixels to a view of it, often close to a plate."""
    picture_height, picture_width = item.pixels.shape[:2]
    fit, cover = sorted((width / picture_width, height / picture_height))
    if len(item.boxes_xyxy) and rng.random() < recipe.focus_chance:
        x0, y0, x1, y1 = item.boxes_xyxy[int(rng.integers(len(item.boxes_xyxy)))]
        wanted = width * np.exp(rng.uniform(*np.log(recipe.focus_width)))
        scale = float(np.clip(wanted / (x1 - x0), 0.9 * fit, max(_MOST_ZOOM, fit)))
        source = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
        margin = np.minimum(0.5, 0.5 * scale * np.array([x1 - x0, y1 - y0]) / (width, height))
        target = (margin + rng.uniform(0, 1, 2) * (1 - 2 * margin)) * (width, height)
    else:
        scale = float(np.exp(rng.uniform(np.log(0.8 * fit), np.log(1.4 * cover))))
        source = np.array([picture_width, picture_height]) / 2
        slack = np.abs(np.array([width, height]) - scale * source * 2) / 2 + 0.05 * width
        target = np.array([width, height]) / 2 + rng.uniform(-1, 1, 2) * slack
    return _around(source, target, _distortion(rng, scale, width))


def _distortion(rng: np.random.Generator, scale: float, width: int) -> NDArray[np.float64]:
    stretch = np.exp(rng.normal(0, 0.07))
    angle = np.deg2rad(rng.normal(0, 2.5))
    shear_x, shear_y = np.tan(np.deg2rad(rng.normal(0, 2.5, 2)))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = (
        turn @ np.array([[1, shear_x], [shear_y, 1]]) @ np.diag([scale * stretch, scale / stretch])
    )
    full = np.eye(3)
    full[:2, :2] = linear
    full[2, :2] = rng.normal(0, 0.04, 2) * scale / width
    return full


def _around(
    source: NDArray[np.float64], target: NDArray[np.float64], full: NDArray[np.float64]
) -> NDArray[np.float64]:
    before, after = np.eye(3), np.eye(3)
    before[:2, 2], after[:2, 2] = -source, target
    return np.asarray(after @ full @ before, np.float64)


def _warped(
    rng: np.random.Generator, pixels: Pixels, turn: NDArray[np.float64], width: int, height: int
) -> Pixels:
    if np.sqrt(abs(np.linalg.det(turn[:2, :2]))) < 0.6 and rng.random() < 0.6:
        pixels = np.asarray(
            cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8
        )
        turn = turn @ np.diag([2.0, 2.0, 1.0])
    return np.asarray(
        cv2.warpPerspective(pixels, turn, (width, height), borderValue=_GREY), np.uint8
    )


def _moved_boxes(boxes_xyxy: Boxes, turn: NDArray[np.float64], width: int, height: int) -> Boxes:
    """Return the boxes around the moved corners, without those mostly outside or too small."""
    if not len(boxes_xyxy):
        return boxes_xyxy
    corners = boxes_xyxy[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(1, -1, 2).astype(np.float64)
    moved = cv2.perspectiveTransform(corners, turn).reshape(-1, 4, 2)
    low, high = moved.min(axis=1), moved.max(axis=1)
    inside_low, inside_high = np.clip(low, 0, (width, height)), np.clip(high, 0, (width, height))
    sides = inside_high - inside_low
    shown = sides.prod(axis=1) / np.maximum((high - low).prod(axis=1), 1e-6)
    keep = (
        (shown > _LEAST_SHOWN)
        & (sides[:, 1] >= _LEAST_HEIGHT_PX)
        & (sides[:, 0] >= _LEAST_HEIGHT_PX)
    )
    return np.asarray(np.concatenate([inside_low, inside_high], axis=1)[keep], np.float32)


def _mirrored(scene: Pixels, boxes_xyxy: Boxes) -> tuple[Pixels, Boxes]:
    boxes = boxes_xyxy.copy()
    boxes[:, [0, 2]] = scene.shape[1] - boxes_xyxy[:, [2, 0]]
    return np.ascontiguousarray(scene[:, ::-1]), boxes
