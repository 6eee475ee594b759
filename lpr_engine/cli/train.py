"""`lpr-engine train detector|reader`: own weights from own pictures, with the training extra."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path
from typing import Any

from lpr_engine.model.errors import LprError
from lpr_engine.training.reading.arguments import add_arguments

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
    detector = kinds.add_parser("detector", help="train the detector")
    _add_detector(detector)
    detector.set_defaults(run=_train_detector)
    reader = kinds.add_parser("reader", help="train the reader")
    add_arguments(reader)
    reader.set_defaults(run=_train_reader)


def _add_detector(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--out", type=Path, default=Path("runs/detector"), metavar="DIR")
    parser.add_argument("--seed", type=int, help="of everything random")
    parser.add_argument(
        "--settings", type=Path, metavar="FILE", help="a training.yaml to take settings from"
    )
    parser.add_argument(
        "--start", type=Path, metavar="FILE", help="weights to start from (.onnx, .safetensors)"
    )
    parser.add_argument(
        "--int8", action="store_true", help="also write an eight-bit copy, if it finds as much"
    )


def _train_detector(options: argparse.Namespace) -> int:
    command = _command("detector")
    return int(
        command.run(
            options.data,
            options.out,
            options.seed,
            options.settings,
            options.start,
            int8=options.int8,
        )
    )


def _train_reader(options: argparse.Namespace) -> int:
    return int(_command("reader").run(options))


def _command(kind: str) -> Any:
    try:
        return importlib.import_module(_PACKAGES[kind])
    except ModuleNotFoundError as err:
        raise TrainingExtraError(
            f"training needs the package {err.name}: pip install 'lpr-engine[training]'"
        ) from err
