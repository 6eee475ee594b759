"""The command that trains a reader from a data folder."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

import lpr_engine
from lpr_engine.training.reading import ReaderOptions, train_reader
from lpr_engine.training.reading.arguments import BUNDLED
from lpr_engine.training.reading.console import Teller
from lpr_engine.training.reading.crops import TrainingDataError

BUNDLED_START = Path(lpr_engine.__file__).parent / "vision" / "weights" / "reader-start.npz"
INTERRUPTED = 130
_STREETS = ("negatives", "detection/train/images", "detection/train")
_FROM_NOTHING = {"steps": 8_000, "plates": 40_000, "learning_rate": 2.5e-3}
_REFINING = {"steps": 1_500, "plates": 10_000, "learning_rate": 5e-4}
_REPORT_EVERY = 10
_MOST_WORKERS = 16


def run(given: argparse.Namespace) -> int:
    """Train as the options say; 0 when done, 130 when interrupted.

    Raises:
        LprError: as `train_reader` says.
    """
    options = options_for(given.data, given.out, given.seed, **_values(given))
    with Teller(Console()) as teller:
        try:
            files = train_reader(options, teller.progress, teller.note)
        except KeyboardInterrupt:
            teller.stopped(options)
            return INTERRUPTED
        teller.done(files, given.data)
    sys.stdout.flush()
    return 0


def options_for(data: Path, out: Path, seed: int = 1, **changed: Any) -> ReaderOptions:
    """The options that a data folder gives, with those that are not None of `changed`.

    Raises:
        TrainingDataError: the folder has no labels.
        ReaderOptionsError: an option is out of its range.
    """
    labels = tuple(sorted(data.glob("labels*.csv")) or sorted((data / "crops").glob("labels*.csv")))
    if not labels:
        raise TrainingDataError(f"{data}: no labels*.csv in this folder, nor in its folder crops")
    around = tuple(data / name for name in _STREETS if (data / name).is_dir())
    given = {name: value for name, value in changed.items() if value is not None}
    defaults: Mapping[str, Any] = _REFINING if "start" in given else _FROM_NOTHING
    return ReaderOptions(
        labels=labels, out=out, seed=seed, **{"around": around, **defaults, **given}
    )


def _values(given: argparse.Namespace) -> dict[str, Any]:
    cores = _cores()
    threads, workers = given.threads, given.workers
    return {
        "start": _start(given.start),
        "steps": given.steps,
        "minutes": given.minutes,
        "batch_size": given.batch,
        "learning_rate": given.rate,
        "judge_every": given.judge_every,
        "report_every": min(_REPORT_EVERY, given.judge_every),
        "device": given.device,
        "threads": cores if threads is None else threads,
        "workers": _workers(given.device, cores) if workers is None else workers,
        "real_share": given.real_share,
        "group_weights": dict(given.weight),
        "plates": given.plates,
        "curriculum": given.curriculum,
        "bank": given.bank,
        "around": tuple(given.around) or None,
        "region_weight": 0.0 if given.no_regions else None,
        "licence": given.licence,
        "skip_bad": given.skip_bad,
        "new_labels": given.new_labels,
        "int8": given.int8,
    }


def _start(given: str | None) -> Path | None:
    if given is None:
        return None
    return BUNDLED_START if given == BUNDLED else Path(given)


def _workers(device: str, cores: int) -> int:
    """A GPU waits for batches, a processor shares its cores with those who prepare them."""
    if device != "cpu" and _has_gpu():
        return min(_MOST_WORKERS, max(1, cores - 1))
    return max(1, cores // 4)


def _has_gpu() -> bool:
    try:
        import torch  # noqa: PLC0415 - an optional package, and slow to import
    except ModuleNotFoundError:
        return False
    return bool(torch.cuda.is_available())


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
