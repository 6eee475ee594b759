"""Held-out crops, as they are and spoiled, read with each part switched off alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from lpr_engine.config.sections import ModelsSection
from lpr_engine.grammar.prior import Grammar
from lpr_engine.model.observation import Detection, Observation
from lpr_engine.model.pixels import Pixels
from lpr_engine.model.ports import PlateReader
from lpr_engine.sources.picture import read_picture
from lpr_engine.tracking.glance import glance
from lpr_engine.training.evaluation.labels import EvaluationDataError
from lpr_engine.training.evaluation.reader.plates import without_margins
from lpr_engine.training.evaluation.spelling import folded
from lpr_engine.training.evaluation.trials.finding import one_thread
from lpr_engine.training.evaluation.trials.parts import TRIALS, Part, Trial
from lpr_engine.training.evaluation.trials.reading import Reads
from lpr_engine.training.evaluation.trials.spoiling import SPOILERS
from lpr_engine.training.reading.crops import read_labels, split
from lpr_engine.vision.opening import open_reader
from lpr_engine.vision.registry import ModelRegistry

CROP_TRIALS = tuple(trial for trial in TRIALS if trial.off != {Part.CLOSER_LOOK})
"""A crop has no detector."""
_SEED = 6
_ANYWHERE = Grammar()

CropReads = dict[Trial, dict[str, Reads]]
"""By trial, then by how the crops were spoiled."""


def try_on_crops(files: Sequence[Path], progress: Callable[[str], None]) -> CropReads:
    """Every trial on the crops that trainings hold out, spoiled in every way.

    Raises:
        EvaluationDataError: no crop of these files is held out.
        ModelError: the reader could not be opened or run.
        PictureError: a crop cannot be decoded.
        TrainingDataError: rows cannot be used; all are named by file and line.
    """
    _, judged = split(read_labels(files))
    if not judged:
        raise EvaluationDataError("no crop of these files is in the held-out tenth")
    progress(f"{len(judged)} crops, {len(SPOILERS)} times each")
    inner = open_reader(ModelsSection(), ModelRegistry(), one_thread())
    reads: CropReads = {trial: defaultdict(Reads) for trial in CROP_TRIALS}
    for number, one in enumerate(judged):
        pixels = read_picture(one.path)
        for kind, (name, spoil) in enumerate(SPOILERS.items()):
            spoiled = spoil(pixels, np.random.default_rng((_SEED, number, kind)))
            for trial in CROP_TRIALS:
                reads[trial][name] += _read(trial, spoiled, one.text, inner)
    return reads


def _read(trial: Trial, pixels: Pixels, wanted: str, inner: PlateReader) -> Reads:
    cropper, reader = trial.cropper(), trial.reader(inner)
    height, width = pixels.shape[:2]
    detection = Detection(without_margins(width, height, cropper), 1.0)
    crop = cropper.crop(pixels, detection)
    (reading,) = reader.read([crop])
    seen = glance(Observation(detection, crop, reading), _ANYWHERE)
    text = seen.outcome.text if seen is not None else ""
    return Reads(1, text == wanted, folded(text) == folded(wanted))
