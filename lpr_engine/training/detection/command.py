"""The command that trains a detector, with the settings that suit pictures of one's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import lpr_engine
from lpr_engine.training.detection import (
    DetectorTraining,
    Schedule,
    read_settings,
    train_detector,
)

SHIPPED_DETECTOR = Path(lpr_engine.__file__).parent / "vision" / "weights" / "detector.onnx"
_REFINEMENT = Schedule(epochs=30, learning_rate=5e-4, mosaic_free_epochs=6)


def run(
    data: Path,
    out: Path,
    seed: int | None = None,
    settings: Path | None = None,
    start: Path | None = None,
) -> int:
    """Train on `data` into the run folder `out`, telling each epoch in a line; return 0.

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
    folder = train_detector(DetectorTraining(**given), _say)
    _say(f"detector: {folder.network}")
    return 0


def _say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
