"""The command that trains a detector, with the settings that suit pictures of one's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import lpr_engine
from lpr_engine.training.detection import (
    DetectorTraining,
    RunFolder,
    Schedule,
    read_settings,
    train_detector,
)
from lpr_engine.training.detection.dataset import load_dataset
from lpr_engine.training.quantization import QuantizationError

SHIPPED_DETECTOR = Path(lpr_engine.__file__).parent / "vision" / "weights" / "detector.onnx"
_REFINEMENT = Schedule(epochs=30, learning_rate=5e-4, mosaic_free_epochs=6)


def run(
    data: Path,
    out: Path,
    seed: int | None = None,
    settings: Path | None = None,
    start: Path | None = None,
    *,
    int8: bool = False,
) -> int:
    """Train on `data` into the run folder `out`, telling each epoch in a line; return 0.

    `int8` also writes an eight-bit copy, if that finds as many plates.

    Without other settings the shipped detector is refined.

    Raises:
        LprError: as `train_detector` and `read_settings` do.
    """
    given: dict[str, Any] = {"start_weights": SHIPPED_DETECTOR, "schedule": _REFINEMENT}
    if settings is not None:
        given = read_settings(settings)
    given |= {"data": data, "run": out}
    given |= {} if seed is None else {"seed": seed}
    given |= {} if start is None else {"start_weights": start}
    training = DetectorTraining(**given)
    folder = train_detector(training, _say)
    _say(f"detector: {folder.network}")
    if int8:
        _say(f"in eight bits: {_copied(training, folder)}")
    return 0


def _copied(training: DetectorTraining, folder: RunFolder) -> str:
    from lpr_engine.training.detection.int8 import write_int8  # noqa: PLC0415 - optional packages

    folder.int8.unlink(missing_ok=True)  # an earlier one is of other weights
    try:
        score = write_int8(
            folder.network, folder.int8, load_dataset(training), training.recipe, training.seed
        )
    except QuantizationError as err:
        return f"no copy was kept, the detector stays as it is ({err})"
    return f"{folder.int8}: {score}"


def _say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
