"""Small plates in large frames: overlapping tiles beside the whole picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Detection
from lpr_engine.model.pixels import Pixels
from lpr_engine.model.ports import PlateDetector
from lpr_engine.vision.suppression import suppress

MAX_TILES_PER_SIDE = 4
OVERLAP = 0.25
EDGE_PX = 2.0
WELL_SEEN_PX = 32.0


class TiledDetector:
    """A `PlateDetector` that lets another look at each large picture whole and in tiles."""

    def __init__(self, detector: PlateDetector, tile_px: int, max_iou: float = 0.5) -> None:
        """`tile_px` is the length at which the inner detector sees pixels one to one."""
        self._detector = detector
        self._tile_px = tile_px
        self._max_iou = max_iou

    @property
    def confidence(self) -> float:
        """The inner detector's threshold, where it has one."""
        return float(getattr(self._detector, "confidence", 0.0))

    @confidence.setter
    def confidence(self, value: float) -> None:
        setattr(self._detector, "confidence", value)  # noqa: B010 - the port does not name it

    def detect(self, pictures: Sequence[Pixels]) -> list[list[Detection]]:
        """Detections of each picture, best first, boxes in pixels of that picture."""
        layouts = [tiles(picture.shape[1], picture.shape[0], self._tile_px) for picture in pictures]
        views = [
            picture[int(tile.y0) : int(tile.y1), int(tile.x0) : int(tile.x1)]
            for picture, layout in zip(pictures, layouts, strict=True)
            for tile in layout
        ]
        seen = iter(self._detector.detect(views))
        return [
            self._merged(picture, [(tile, next(seen)) for tile in layout])
            for picture, layout in zip(pictures, layouts, strict=True)
        ]

    def _merged(
        self, picture: Pixels, views: Sequence[tuple[Box, list[Detection]]]
    ) -> list[Detection]:
        height, width = picture.shape[:2]
        (_, coarse), *rest = views
        fine = [
            _moved(detection, tile)
            for tile, detections in rest
            for detection in detections
            if not _is_cut(detection.box, tile, width, height)
        ]
        px_per_input_px = max(width, height) / self._tile_px
        found = _reconciled(coarse, fine, WELL_SEEN_PX * px_per_input_px)
        boxes = np.array([one.box.as_tuple() for one in found], np.float32).reshape(-1, 4)
        scores = np.array([one.confidence for one in found], np.float32)
        return [found[index] for index in suppress(boxes, scores, self._max_iou)]


def _reconciled(
    coarse: Sequence[Detection], fine: Sequence[Detection], well_seen_px: float
) -> list[Detection]:
    """Both views' detections, each plate from the view that shows it better.

    The two views' boxes of one small plate differ too much for plain suppression.
    """
    large = [one for one in coarse if one.box.width >= well_seen_px]
    small = [one for one in coarse if one.box.width < well_seen_px]
    kept = [one for one in fine if not any(_same(one.box, other.box) for other in large)]
    return large + kept + [one for one in small if not any(_same(one.box, k.box) for k in kept)]


def _same(box: Box, other: Box) -> bool:
    return box.intersection(other) > 0.5 * min(box.area, other.area)


def tiles(width: int, height: int, tile_px: int) -> list[Box]:
    """The whole picture, then, where it is much larger than a tile, tiles that overlap."""
    whole = Box(0, 0, width, height)
    side = max(tile_px, math.ceil(max(width, height) / (MAX_TILES_PER_SIDE * (1 - OVERLAP))))
    if max(width, height) <= 1.5 * tile_px:
        return [whole]
    return [whole] + [
        Box(x, y, min(x + side, width), min(y + side, height))
        for y in _starts(height, side)
        for x in _starts(width, side)
    ]


def _starts(length: int, side: int) -> list[int]:
    if length <= side:
        return [0]
    count = math.ceil((length - side) / (side * (1 - OVERLAP))) + 1
    return [round(number * (length - side) / (count - 1)) for number in range(count)]


def _moved(detection: Detection, tile: Box) -> Detection:
    box = detection.box
    moved = Box(box.x0 + tile.x0, box.y0 + tile.y0, box.x1 + tile.x0, box.y1 + tile.y0)
    return replace(detection, box=moved)


def _is_cut(box: Box, tile: Box, width: int, height: int) -> bool:
    """Whether a tile's edge, other than the picture's own, cuts the box: another view has it whole.

    A plate too long for any tile's overlap is seen in the whole picture.
    """
    return (
        (box.x0 < EDGE_PX and tile.x0 > 0)
        or (box.y0 < EDGE_PX and tile.y0 > 0)
        or (box.x1 > tile.width - EDGE_PX and tile.x1 < width)
        or (box.y1 > tile.height - EDGE_PX and tile.y1 < height)
    )
