"""`python -m lpr_engine.training.evaluation.trials`: what settings and parts of vision gain."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from lpr_engine.model.errors import LprError
from lpr_engine.training.evaluation.trials.crop_trials import try_on_crops
from lpr_engine.training.evaluation.trials.frame_trials import WIDTHS_PX, try_on_frames
from lpr_engine.training.evaluation.trials.picture_trials import try_on_pictures
from lpr_engine.training.evaluation.trials.size_plot import size_plot
from lpr_engine.training.evaluation.trials.sizes import SIZES_PX, measure_sizes
from lpr_engine.training.evaluation.trials.tables import (
    crop_table,
    frame_table,
    picture_table,
    size_table,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 means that it failed, with the reason on the standard error."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except (LprError, OSError) as err:
        sys.stderr.write(f"{getattr(err, 'code', 'error')}: {err}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lpr_engine.training.evaluation.trials")
    trials = parser.add_subparsers(required=True)
    sizes = trials.add_parser("sizes", help="the detector's files at each size of their input")
    _add_data(sizes)
    sizes.add_argument("--sizes", type=int, nargs="+", default=SIZES_PX, metavar="PX")
    sizes.add_argument("--plot", type=Path, metavar="FILE", help="draw the curve into this PNG")
    sizes.set_defaults(run=_sizes)
    parts = trials.add_parser("parts", help="vision without each of its parts")
    _add_data(parts)
    parts.set_defaults(run=_parts)
    crops = trials.add_parser("crops", help="the reader without each of its parts")
    crops.add_argument(
        "--labels", type=Path, nargs="+", required=True, metavar="FILE",
        help="CSV of crops (image_path,plate_text); the tenth that trainings hold out is read",
    )  # fmt: skip
    crops.set_defaults(run=_crops)
    frames = trials.add_parser("frames", help="small plates in 4K frames, whole and in tiles")
    _add_data(frames)
    frames.add_argument("--widths", type=int, nargs="+", default=WIDTHS_PX, metavar="PX")
    frames.add_argument("--most", type=int, default=60, metavar="N", help="pictures of each set")
    frames.set_defaults(run=_frames)
    return parser


def _add_data(trial: argparse.ArgumentParser) -> None:
    trial.add_argument(
        "--data", type=Path, nargs="+", required=True, metavar="DIR",
        help="pictures with their plates: images and labels as for training, or labels.csv",
    )  # fmt: skip


def _sizes(options: argparse.Namespace) -> None:
    curve = measure_sizes(options.data, _tell, options.sizes)
    _print(size_table(curve))
    if options.plot is not None:
        options.plot.write_bytes(size_plot(curve))


def _parts(options: argparse.Namespace) -> None:
    for name, looked in try_on_pictures(options.data, _tell).items():
        _print(picture_table(name, looked))


def _crops(options: argparse.Namespace) -> None:
    _print(crop_table(try_on_crops(options.labels, _tell)))


def _frames(options: argparse.Namespace) -> None:
    _print(frame_table(try_on_frames(options.data, options.widths, _tell, options.most)))


def _tell(what: str) -> None:
    sys.stderr.write(what + "\n")


def _print(table: object) -> None:
    Console(highlight=False, width=110).print(table)


if __name__ == "__main__":
    sys.exit(main())
