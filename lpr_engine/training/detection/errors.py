"""What can go wrong while a detector is trained."""

from __future__ import annotations

from lpr_engine.model.errors import LprError


class DetectorDataError(LprError):
    """The data folder cannot be trained on; the message names each file and line."""

    code = "detector_data_unusable"


class DetectorSettingsError(LprError):
    """A setting of the training is unknown or out of range; the message names it."""

    code = "detector_settings_invalid"


class DetectorTrainingError(LprError):
    """The training itself cannot start or go on."""

    code = "detector_training_failed"
