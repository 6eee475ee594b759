"""A reader trained from a data folder: what the command lines share."""

from __future__ import annotations

import sys
from pathlib import Path

from lpr_engine.training.reading import ReaderOptions, ReaderProgress, train_reader
from lpr_engine.training.reading.crops import TrainingDataError

_STREETS = ("negatives", "detection/train/images", "detection/train")


def run(data: Path, out: Path, seed: int = 1) -> int:
    """Train from `data` (`crops/labels*.csv`, street pictures) into `out`; 0 when done.

    Raises:
        LprError: as `train_reader` says.
    """
    files = train_reader(options_for(data, out, seed), _say)
    sys.stdout.write(f"reader: {files.weights}\n")
    return 0


def options_for(data: Path, out: Path, seed: int = 1) -> ReaderOptions:
    """The options that a data folder gives.

    Raises:
        TrainingDataError: the folder has no labels.
    """
    labels = tuple(sorted((data / "crops").glob("labels*.csv")))
    if not labels:
        raise TrainingDataError(f"{data / 'crops'}: no labels*.csv in this folder")
    around = tuple(data / name for name in _STREETS if (data / name).is_dir())
    return ReaderOptions(labels=labels, out=out, around=around, seed=seed)


def _say(progress: ReaderProgress) -> None:
    scores = "".join(
        f" {group} {score.exact}/{score.crops}" for group, score in progress.scores.items()
    )
    sys.stdout.write(
        f"{progress.step}/{progress.steps} loss {progress.loss:.4f} "
        f"{progress.samples_per_second:.0f} samples/s, {progress.remaining_s / 60:.1f} min left"
        f"{scores}\n"
    )
    sys.stdout.flush()
