"""Doubtful and small detections looked at again, from near: kept, dropped or drawn tighter.

A plate that is a dozen pixels wide in the detector's input is hardly more than a bright spot
there, but the picture itself often shows it two or three times as large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Detection
from lpr_engine.model.pixels import Pixels
from lpr_engine.vision.detector import OnnxDetector
from lpr_engine.vision.suppression import suppress

LEAST_CONFIDENCE = 0.08
"""What the first look gives less is no candidate."""
SURE_CONFIDENCE = 0.7
"""What the first look gives more needs no second, unless it is small."""
SMALL_PX = 36.0
"""Plates less wide than this in the detector's input are drawn too loosely to stay as they are."""
MOST_VIEWS = 4
"""For each picture; the surest candidates first."""
VIEW_PX = (192, 128)
"""Width and height of what the network sees of a candidate's surroundings."""
PLATE_PX = 72.0
"""How wide the candidate should appear there."""
FIRST_SHARE = 0.25
"""What the first look's confidence counts beside the second's."""
_LEAST_IOU = 0.25


class CloserLookDetector:
    """A `PlateDetector` that lets a network look again at what it doubts, in a near view."""

    def __init__(self, detector: OnnxDetector) -> None:
        """Take the network; its threshold becomes this one's own."""
        self._detector = detector
        self.confidence = detector.confidence
        detector.confidence = min(LEAST_CONFIDENCE, detector.confidence)

    @property
    def input_size(self) -> int:
        """Length of the first look's long side, in pixels."""
        return self._detector.input_size

    def detect(self, pictures: Sequence[Pixels]) -> list[list[Detection]]:
        """Detections of each picture, best first, boxes in pixels of that picture.

        Raises:
            ModelError: the network could not be run.
        """
        first = self._detector.detect(pictures)
        doubts = [
            (number, at)
            for number, detections in enumerate(first)
            for at in self._doubtful(pictures[number], detections)
        ]
        windows = [window(first[number][at].box, pictures[number]) for number, at in doubts]
        views = [
            pictures[number][int(one.y0) : int(one.y1), int(one.x0) : int(one.x1)]
            for (number, _), one in zip(doubts, windows, strict=True)
        ]
        seen = self._detector.detect(views, VIEW_PX) if views else []
        for (number, at), one, found in zip(doubts, windows, seen, strict=True):
            first[number][at] = judged(first[number][at], one, found)
        return [self._settled(detections) for detections in first]

    def _doubtful(self, picture: Pixels, detections: Sequence[Detection]) -> list[int]:
        scale = self.input_size / max(picture.shape[:2])
        doubted = [
            at
            for at, one in enumerate(detections)
            if self._needs_a_look(one.confidence, one.box.width * scale)
        ]
        return doubted[:MOST_VIEWS]

    def _needs_a_look(self, confidence: float, width_px: float) -> bool:
        if confidence < self.confidence and width_px > VIEW_PX[0]:
            return False  # The first look saw it larger than the second would.
        return confidence < SURE_CONFIDENCE or width_px < SMALL_PX

    def _settled(self, detections: Sequence[Detection]) -> list[Detection]:
        kept = [one for one in detections if one.confidence >= self.confidence]
        boxes = np.array([one.box.as_tuple() for one in kept], np.float32).reshape(-1, 4)
        scores = np.array([one.confidence for one in kept], np.float32)
        return [kept[index] for index in suppress(boxes, scores, self._detector.max_iou)]


def window(box: Box, picture: Pixels) -> Box:
    """The part of the picture around a box that shows it large, moved to lie inside."""
    height, width = picture.shape[:2]
    wide = box.width * VIEW_PX[0] / PLATE_PX
    high = max(wide * VIEW_PX[1] / VIEW_PX[0], 1.5 * box.height)
    x0, x1 = _inside((box.x0 + box.x1) / 2, wide, width)
    y0, y1 = _inside((box.y0 + box.y1) / 2, high, height)
    return Box(x0, y0, x1, y1)


def judged(first: Detection, around: Box, found: Sequence[Detection]) -> Detection:
    """The detection after the second look: its box from near, both looks' confidence."""
    moved = [
        replace(
            one,
            box=Box(
                one.box.x0 + around.x0,
                one.box.y0 + around.y0,
                one.box.x1 + around.x0,
                one.box.y1 + around.y0,
            ),
        )
        for one in found
    ]
    same = [one for one in moved if one.box.iou(first.box) >= _LEAST_IOU]
    if not same:
        return replace(first, confidence=FIRST_SHARE * first.confidence)
    best = max(same, key=lambda one: one.confidence)
    confidence = FIRST_SHARE * first.confidence + (1 - FIRST_SHARE) * best.confidence
    return replace(first, box=best.box, confidence=max(confidence, 0.0))


def _inside(middle: float, length: float, limit: int) -> tuple[int, int]:
    """Whole pixels of a span around `middle`, moved and at last cut to lie in 0..limit."""
    whole = min(limit, max(1, round(length)))
    start = min(max(0, round(middle - whole / 2)), limit - whole)
    return start, start + whole
