"""`lpr-engine synth --out DIR --count N`: drawn plates with texts, to train and to judge on."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lpr_engine.cli.printing import Terminal
from lpr_engine.training.synthetic.captioned_sheet import captioned_sheet
from lpr_engine.training.synthetic.drawn_set import (
    Drawing,
    DrawnCrop,
    formats_of_countries,
    write_crops,
    write_picture,
)

_SHEET_NAME = "sheet.png"
_MOST_ON_A_SHEET = 3000


def add_to(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser(
        "synth",
        help="draw plates with known texts",
        description="Draws plates as a street camera's crops, with a labels.csv that `evaluate "
        "reader` and `train reader` take. The same options give the same plates on a machine; "
        "another one may have other fonts.",
    )
    command.add_argument(
        "--out", type=Path, required=True, metavar="DIR",
        help="gets crops/labels.csv and the pictures; with --sheet also a PNG file",
    )  # fmt: skip
    command.add_argument("--count", type=_count, default=100, metavar="N")
    command.add_argument("--seed", type=_seed, default=1, metavar="S")
    command.add_argument(
        "--countries", type=_codes, default=(), metavar="DE,US-CA",
        help="whose plates (ISO 3166); without it those of all known countries",
    )  # fmt: skip
    command.add_argument("--clean", action="store_true", help="as they leave the press")
    command.add_argument("--sheet", action="store_true", help="one picture of all of them instead")
    command.add_argument(
        "--overwrite", action="store_true", help="replace what an earlier call has drawn"
    )
    command.set_defaults(run=lambda options: synth(options, command))


def synth(options: argparse.Namespace, command: argparse.ArgumentParser) -> int:
    """Draw the plates and say where they are."""
    formats = formats_of_countries(options.countries) or None
    drawing = Drawing(options.count, options.seed, formats, options.clean)
    if options.sheet and options.count > _MOST_ON_A_SHEET:
        command.error(f"--count: a sheet takes at most {_MOST_ON_A_SHEET} plates")
    with _progress(options.count) as note:
        made = _sheet(options, drawing, note) if options.sheet else write_crops(
            options.out, drawing, overwrite=options.overwrite, progress=note
        )  # fmt: skip
    Terminal().print(f"{options.count} plates: {made}")
    return 0


def _sheet(options: argparse.Namespace, drawing: Drawing, note: Callable[[int, int], None]) -> Path:
    out: Path = options.out
    target = out if out.suffix.lower() == ".png" else out / _SHEET_NAME
    write_picture(target, captioned_sheet(_noted(drawing, note)), overwrite=options.overwrite)
    return target


def _noted(drawing: Drawing, note: Callable[[int, int], None]) -> Iterator[DrawnCrop]:
    for number, crop in enumerate(drawing.crops(), start=1):
        note(number, drawing.count)
        yield crop


@contextmanager
def _progress(count: int) -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn("drawing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("drawing", total=count)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _count(text: str) -> int:
    return _whole(text, 1)


def _seed(text: str) -> int:
    return _whole(text, 0)


def _whole(text: str, least: int) -> int:
    if not (text.isascii() and text.isdigit() and int(text) >= least):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} up")
    return int(text)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip().upper() for code in text.split(","))
