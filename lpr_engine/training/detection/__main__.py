"""`python -m lpr_engine.training.detection`: train a plate detector from a data folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from lpr_engine.model.errors import LprError
from lpr_engine.training.detection.command import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 means that it failed, with the reason on the standard error."""
    options = _parser().parse_args(arguments)
    try:
        return run(
            options.data,
            options.out,
            options.seed,
            options.settings,
            options.start,
            int8=options.int8,
        )
    except LprError as err:
        sys.stderr.write(f"{err.code}: {err}\n")
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lpr_engine.training.detection")
    parser.add_argument("--data", type=Path, required=True, help="folder with detection/train, ...")
    parser.add_argument("--out", type=Path, required=True, help="run folder; goes on if it exists")
    parser.add_argument("--seed", type=int, help="of everything random")
    parser.add_argument("--settings", type=Path, help="a training.yaml to take settings from")
    parser.add_argument("--start", type=Path, help="weights to start from (.onnx, .safetensors)")
    parser.add_argument("--int8", action="store_true", help="also write an eight-bit copy")
    return parser


if __name__ == "__main__":
    sys.exit(main())
