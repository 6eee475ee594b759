"""What can go wrong while a reader is trained."""

from __future__ import annotations

from lpr_engine.model.errors import LprError


class ReaderTrainingError(LprError):
    """The training cannot start or go on: a package, memory, the folder, a loss gone astray."""

    code = "reader_training_failed"
