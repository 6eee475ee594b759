"""Small plates in 4K frames, looked at whole and in tiles."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from lpr_engine.config.sections import ModelsSection
from lpr_engine.training.evaluation.trials.finding import Finds, find, one_thread_detector
from lpr_engine.training.evaluation.trials.large_frames import HEIGHT_PX, WIDTH_PX, large_frames
from lpr_engine.training.evaluation.trials.pictures import picture_sets

WIDTHS_PX = (40, 60, 80)
WAYS = {
    "whole, 640": ModelsSection(input_size=640),
    "whole, 1280": ModelsSection(input_size=1280),
    "tiles, 384": ModelsSection(input_size=384, tiling=True),
    "tiles, 640": ModelsSection(input_size=640, tiling=True),
}
"""Models as configured, by what people call them."""

FrameFinds = dict[str, dict[int, Finds]]
"""By way, then by the plates' width in pixels."""


def try_on_frames(
    folders: Sequence[Path],
    widths_px: Sequence[int],
    progress: Callable[[str], None],
    most: int = 60,
) -> FrameFinds:
    """Every way on each frame; of `most` pictures of a set, spread over all of it.

    Raises:
        DetectorDataError: labels or pictures cannot be used; all are named by file and line.
        EvaluationDataError: likewise.
        ModelError: a model could not be opened or run.
    """
    detectors = {name: one_thread_detector(section) for name, section in WAYS.items()}
    for detector in detectors.values():
        detector.detect([np.full((HEIGHT_PX, WIDTH_PX, 3), 114, np.uint8)])
    finds: FrameFinds = {name: defaultdict(Finds) for name in WAYS}
    for folder in folders:
        for part in picture_sets(folder):
            chosen = part.pictures[:: max(1, math.ceil(len(part.pictures) / max(1, most)))]
            for width in widths_px:
                progress(f"{folder}: {part.name}, plates {width} px wide")
                for frame in large_frames(chosen, width):
                    for name, detector in detectors.items():
                        finds[name][width] += find(detector, frame.pixels, frame.box_xyxy)[0]
    return finds
