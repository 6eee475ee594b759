"""Training of the plate reader; needs the extra `training`, but only once it starts."""

from __future__ import annotations

from lpr_engine.model.errors import LprError
from lpr_engine.training.reading.options import (
    ReaderFiles,
    ReaderOptions,
    ReaderProgress,
    Report,
    Score,
)

__all__ = [
    "ReaderFiles",
    "ReaderOptions",
    "ReaderProgress",
    "ReaderTrainingError",
    "Report",
    "Score",
    "train_reader",
]


class ReaderTrainingError(LprError):
    """A package that training needs is not installed."""

    code = "reader_training_failed"


def train_reader(options: ReaderOptions, progress: Report) -> ReaderFiles:
    """Train a reader, or go on training one, and export it; tells `progress` every few steps.

    Raises:
        TrainingDataError: labelled crops are unusable, each named by file and line; nothing has
            been trained.
        ReaderTrainingError: a package is missing.
        ReaderExportError: the exported file answers differently from the network.
    """
    try:
        from lpr_engine.training.reading.course import run_course  # noqa: PLC0415 - optional torch
    except ModuleNotFoundError as err:
        raise ReaderTrainingError(
            f"training needs the package {err.name}: install lpr-engine with the extra 'training'"
        ) from err
    return run_course(options, progress)
