"""How many plates a detector finds, how tightly, and what processor time that takes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from lpr_engine.config.sections import ModelsSection
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Detection
from lpr_engine.model.pixels import Pixels
from lpr_engine.model.ports import PlateDetector
from lpr_engine.training.detection.labels import Boxes
from lpr_engine.training.evaluation.report import FOUND_IOU, TIGHT_IOU
from lpr_engine.vision.opening import open_detector
from lpr_engine.vision.registry import ModelRegistry
from lpr_engine.vision.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Finds:
    """What became of the plates of some pictures; `spent_ms` is processor time, all together.

    `boxes` are all that were told, also of what has no label.
    """

    pictures: int = 0
    plates: int = 0
    found: int = 0
    tight: int = 0
    boxes: int = 0
    spent_ms: float = 0.0

    def __add__(self, other: Finds) -> Finds:
        return Finds(
            self.pictures + other.pictures,
            self.plates + other.plates,
            self.found + other.found,
            self.tight + other.tight,
            self.boxes + other.boxes,
            self.spent_ms + other.spent_ms,
        )

    @property
    def found_share(self) -> float:
        """Share of the plates that a box covers, with an overlap of 0.5 or more."""
        return self.found / max(1, self.plates)

    @property
    def tight_share(self) -> float:
        """Share of the plates that a box fits, with an overlap of 0.7 or more."""
        return self.tight / max(1, self.plates)

    @property
    def picture_ms(self) -> float:
        """Mean processor time of one picture."""
        return self.spent_ms / max(1, self.pictures)


def find(
    detector: PlateDetector, pixels: Pixels, boxes_xyxy: Boxes
) -> tuple[Finds, list[Detection]]:
    """Look at one picture: what became of its plates, and all that was detected.

    Raises:
        ModelError: the network could not be run.
    """
    began_s = time.process_time()
    (detections,) = detector.detect([pixels])
    spent_ms = 1000 * (time.process_time() - began_s)
    overlaps = [_best_overlap(box, detections) for box in boxes_xyxy.tolist()]
    found, tight = (sum(one >= least for one in overlaps) for least in (FOUND_IOU, TIGHT_IOU))
    return Finds(1, len(overlaps), found, tight, len(detections), spent_ms), detections


def one_thread_detector(section: ModelsSection) -> PlateDetector:
    """The configured detector on one thread of the processor.

    Raises:
        ModelError: the model is missing or broken, or is no plate detector.
    """
    return open_detector(section, ModelRegistry(section.cache_dir), one_thread())


def one_thread() -> Runtime:
    """The processor, one thread of it: then processor time is the time that it takes."""
    return Runtime("cpu", threads=1)


def _best_overlap(corners: Sequence[float], detections: Sequence[Detection]) -> float:
    plate = Box(*corners)
    return max((one.box.iou(plate) for one in detections), default=0.0)
