"""Each of the bundled detector's files at each size of its input: accuracy against time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lpr_engine.config.sections import ModelsSection
from lpr_engine.model.ports import PlateDetector
from lpr_engine.training.evaluation.trials.finding import Finds, find, one_thread_detector
from lpr_engine.training.evaluation.trials.pictures import picture_sets

FILES = {"detector": "half precision", "detector-int8": "eight bits"}
"""Names of the catalogue, and what people call them."""
SIZES_PX = (256, 320, 384, 448, 512, 544, 576, 640)


@dataclass(frozen=True, slots=True)
class Setting:
    """One of the curve's points: which file, and the long side of its input."""

    model: str
    size_px: int

    def opened(self) -> PlateDetector:
        """The detector as the engine opens it, closer look and all, on one thread."""
        return one_thread_detector(ModelsSection(detector=self.model, input_size=self.size_px))


Curve = dict[str, dict[Setting, Finds]]
"""By folder, then by setting."""


def measure_sizes(
    folders: Sequence[Path], progress: Callable[[str], None], sizes_px: Sequence[int] = SIZES_PX
) -> Curve:
    """Look at every picture with every setting, one right after the other.

    Raises:
        DetectorDataError: labels or pictures cannot be used; all are named by file and line.
        EvaluationDataError: likewise.
        ModelError: a model could not be opened or run.
    """
    detectors = {
        setting: setting.opened()
        for setting in (Setting(model, size) for model in FILES for size in sizes_px)
    }
    _warm_up(list(detectors.values()))
    curve: Curve = {}
    for folder in folders:
        finds: defaultdict[Setting, Finds] = defaultdict(Finds)
        for part in picture_sets(folder):
            progress(f"{folder}: {part.name}, {len(part.pictures)} pictures")
            for item in part.pictures:
                for setting, detector in detectors.items():
                    finds[setting] += find(detector, item.pixels, item.boxes_xyxy)[0]
        curve[folder.name] = dict(finds)
    return curve


def _warm_up(detectors: Sequence[PlateDetector]) -> None:
    """The first run of a network sets itself up; that is no picture's time."""
    for detector in detectors:
        detector.detect([np.full((360, 640, 3), 114, np.uint8)])
