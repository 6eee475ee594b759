"""Training of the plate reader; needs the extra `training`, but only once it starts."""

from __future__ import annotations

from lpr_engine.training.reading.errors import ReaderTrainingError
from lpr_engine.training.reading.options import (
    Drawing,
    Notes,
    ReaderFiles,
    ReaderOptions,
    ReaderOptionsError,
    ReaderPlan,
    ReaderProgress,
    Report,
    Score,
)

__all__ = [
    "Drawing",
    "ReaderFiles",
    "ReaderOptions",
    "ReaderOptionsError",
    "ReaderPlan",
    "ReaderProgress",
    "ReaderTrainingError",
    "Report",
    "Score",
    "train_reader",
]


def train_reader(
    options: ReaderOptions, progress: Report, notes: Notes | None = None
) -> ReaderFiles:
    """Train a reader, or go on training one, and export it; tells `progress` every few steps.

    `notes` hears what is prepared, and what is planned once the first steps have been timed.

    Raises:
        TrainingDataError: labelled crops are unusable, each named by file and line; nothing has
            been trained.
        ReaderTrainingError: a package is missing, the folder holds a training that these options
            cannot go on with or cannot be written, memory ran out, or the loss is no number.
        CheckpointError: a checkpoint can be neither written nor read.
        ReaderStartError: the weights to start from cannot be used.
        ReaderExportError: the exported file answers differently from the network.
    """
    try:
        from lpr_engine.training.reading.course import run_course  # noqa: PLC0415 - optional torch
    except ModuleNotFoundError as err:
        raise ReaderTrainingError(
            f"training needs the package {err.name}: install lpr-engine with the extra 'training'"
        ) from err
    return run_course(options, progress, notes or _unheard)


def _unheard(_note: object) -> None:
    """Nobody listens."""
