"""`python -m lpr_engine.training.detection`: train a plate detector from a data folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from lpr_engine.model.errors import LprError
from lpr_engine.training.detection import DetectorTraining, read_settings, train_detector


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 means that it failed, with the reason on the standard error."""
    options = _parser().parse_args(arguments)
    try:
        given = read_settings(options.settings) if options.settings else {}
        given |= {"data": options.data, "run": options.out}
        if options.start is not None:
            given["start_weights"] = options.start
        folder = train_detector(DetectorTraining(**given), _say)
    except LprError as err:
        sys.stderr.write(f"{err.code}: {err}\n")
        return 1
    _say(f"detector: {folder.network}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lpr_engine.training.detection")
    parser.add_argument("--data", type=Path, required=True, help="folder with detection/train, ...")
    parser.add_argument("--out", type=Path, required=True, help="run folder; goes on if it exists")
    parser.add_argument("--settings", type=Path, help="a training.yaml to take settings from")
    parser.add_argument("--start", type=Path, help="safetensors file to start from")
    return parser


def _say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
