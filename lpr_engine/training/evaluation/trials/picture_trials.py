"""Whole pictures looked at with each part of closer and second look switched off alone."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lpr_engine.config.sections import ModelsSection
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Detection, Observation
from lpr_engine.model.ports import PlateReader
from lpr_engine.training.evaluation.judging import judge_plate
from lpr_engine.training.evaluation.labels import PlateLabel
from lpr_engine.training.evaluation.trials.finding import (
    Finds,
    find,
    one_thread,
    one_thread_detector,
)
from lpr_engine.training.evaluation.trials.parts import TRIALS, Trial, by_turns
from lpr_engine.training.evaluation.trials.pictures import KnownPicture, picture_sets
from lpr_engine.training.evaluation.trials.reading import Reads
from lpr_engine.vision.opening import open_reader
from lpr_engine.vision.registry import ModelRegistry
from lpr_engine.vision.sight import MAX_PLATES_PER_PICTURE


@dataclass(frozen=True, slots=True)
class Looked:
    """What a trial saw of some pictures; `reads` counts no plate where no text is known."""

    finds: Finds = field(default_factory=Finds)
    reads: Reads = field(default_factory=Reads)

    def __add__(self, other: Looked) -> Looked:
        return Looked(self.finds + other.finds, self.reads + other.reads)


def try_on_pictures(
    folders: Sequence[Path], progress: Callable[[str], None]
) -> dict[str, dict[Trial, Looked]]:
    """Every trial on every picture, one right after the other; by folder.

    Raises:
        DetectorDataError: labels or pictures cannot be used; all are named by file and line.
        EvaluationDataError: likewise.
        ModelError: a model could not be opened or run.
    """
    detectors = {
        closer: one_thread_detector(ModelsSection(closer_look=closer)) for closer in (True, False)
    }
    reader = open_reader(ModelsSection(), ModelRegistry(), one_thread())
    seen: dict[str, dict[Trial, Looked]] = {}
    for folder in folders:
        looked: defaultdict[Trial, Looked] = defaultdict(Looked)
        for part in picture_sets(folder):
            progress(f"{folder}: {part.name}, {len(part.pictures)} pictures")
            for number, item in enumerate(part.pictures):
                found = {
                    closer: find(detector, item.pixels, item.boxes_xyxy)
                    for closer, detector in detectors.items()
                }
                for trial in by_turns(TRIALS, number):
                    finds, detections = found[trial.looks_closer]
                    looked[trial] += Looked(finds, _read(trial, item, detections, reader))
        seen[folder.name] = {trial: looked[trial] for trial in TRIALS}
    return seen


def _read(
    trial: Trial, item: KnownPicture, detections: Sequence[Detection], inner: PlateReader
) -> Reads:
    if not item.texts:
        return Reads()
    cropper, reader = trial.cropper(), trial.reader(inner)
    used = detections[:MAX_PLATES_PER_PICTURE]
    began_s = time.process_time()
    crops = [cropper.crop(item.pixels, one) for one in used]
    readings = reader.read(crops)
    spent_ms = 1000 * (time.process_time() - began_s)
    seen = [
        Observation(detection, crop, reading)
        for detection, crop, reading in zip(used, crops, readings, strict=True)
    ]
    outcomes = [
        judge_plate(item.name, PlateLabel(Box(*box), text), seen)
        for box, text in zip(item.boxes_xyxy.tolist(), item.texts, strict=True)
    ]
    exact = sum(one.exact for one in outcomes)
    folded = sum(one.exact_folded for one in outcomes)
    return Reads(len(outcomes), exact, folded, spent_ms)
