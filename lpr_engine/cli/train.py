"""`lpr-engine train detector|reader`: own weights from own pictures, with the training extra."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path
from typing import Any

from lpr_engine.model.errors import LprError

_PACKAGES = {
    "detector": "lpr_engine.training.detection.command",
    "reader": "lpr_engine.training.reading.command",
}


class TrainingExtraError(LprError):
    """Training needs packages that running does not."""

    code = "training_extra_missing"


def add_to(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser("train", help="train a detector or reader on your own pictures")
    kinds = command.add_subparsers(metavar="KIND", required=True)
    for kind in _PACKAGES:
        one = kinds.add_parser(kind, help=f"train the {kind}")
        one.add_argument("--data", type=Path, required=True, metavar="DIR")
        one.add_argument("--out", type=Path, default=Path("runs") / kind, metavar="DIR")
        one.add_argument("--seed", type=int, default=1)
        one.set_defaults(run=train, kind=kind)


def train(options: argparse.Namespace) -> int:
    """Run the training; resumes what an earlier call in the same folder left."""
    try:
        command = importlib.import_module(_PACKAGES[options.kind])
    except ModuleNotFoundError as err:
        raise TrainingExtraError(
            f"training needs the package {err.name}: pip install 'lpr-engine[training]'"
        ) from err
    return int(command.run(options.data, options.out, options.seed))
