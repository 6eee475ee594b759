"""Training of the plate detector; needs the extra `training`, but only once it starts."""

from __future__ import annotations

from collections.abc import Callable

from lpr_engine.training.detection.errors import (
    DetectorDataError,
    DetectorSettingsError,
    DetectorTrainingError,
)
from lpr_engine.training.detection.report import EpochReport
from lpr_engine.training.detection.run_folder import RunFolder
from lpr_engine.training.detection.settings import DetectorTraining, Recipe, Schedule
from lpr_engine.training.detection.settings_file import read_settings

__all__ = [
    "DetectorDataError",
    "DetectorSettingsError",
    "DetectorTraining",
    "DetectorTrainingError",
    "EpochReport",
    "Recipe",
    "RunFolder",
    "Schedule",
    "read_settings",
    "train_detector",
]


def train_detector(
    training: DetectorTraining, progress: Callable[[EpochReport], None]
) -> RunFolder:
    """Train a detector, telling `progress` after each epoch; return the folder with the results.

    An interrupted training goes on from its last epoch when it is started again with the same
    settings. On the same machine the same settings give the same batches.

    Raises:
        DetectorDataError: a label or picture is bad (each is named), or data is missing.
        DetectorTrainingError: a package, the start weights or the run folder cannot be used, or
            the training diverged.
    """
    try:
        from lpr_engine.training.detection.training import (  # noqa: PLC0415 - optional packages
            run_training,
        )
    except ImportError as err:
        raise DetectorTrainingError(
            f"training needs packages that are not installed ({err.name}): "
            "install lpr-engine with the extra 'training'"
        ) from err
    return run_training(training, progress)
