"""`lpr-engine evaluate drives`: how passages of drawn drive-bys come out."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import cv2
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lpr_engine.cli.read_output import write_json
from lpr_engine.config.sections import ModelsSection
from lpr_engine.grammar.prior import Grammar
from lpr_engine.training.evaluation.drives.figures import DrivesReport
from lpr_engine.training.evaluation.drives.judging import evaluate_drives
from lpr_engine.training.evaluation.drives.plates import CropStock, DrawnStock, PlateStock
from lpr_engine.training.evaluation.drives.sheet import ContactSheet
from lpr_engine.training.evaluation.drives.tables import (
    condition_table,
    error_table,
    fate_lines,
    report_to_json,
    rows_as_csv,
)
from lpr_engine.training.evaluation.report_files import ReportFiles
from lpr_engine.vision.opening import open_vision

_COUNT = 200
_SEED = 1
_WIDTH = 130
"""Columns of a table that goes to no terminal."""


def add_drives_options(command: argparse.ArgumentParser) -> Any:
    """The options of drive-bys; returns their group."""
    group = command.add_argument_group("of drive-bys")
    group.add_argument("--count", type=_positive, metavar="N", help=f"drive-bys ({_COUNT})")
    group.add_argument("--seed", type=_whole, metavar="S", help=f"of everything random ({_SEED})")
    group.add_argument(
        "--crops", type=Path, metavar="DIR",
        help="real plates instead of drawn ones: crops with labels.csv as for `train reader`, of "
        "which only those are taken that trainings hold out",
    )  # fmt: skip
    return group


def run_drives_evaluation(options: argparse.Namespace, models: ModelsSection) -> int:
    """Draw drive-bys, look at every picture of them, and print how the passages come out."""
    # What is wrong with files is told before an hour of drawing, not after.
    folder = ReportFiles(options.out) if options.out is not None else None
    seed = _SEED if options.seed is None else options.seed
    stock: PlateStock = (
        DrawnStock(seed) if options.crops is None else CropStock(options.crops, seed)
    )
    vision = open_vision(models)
    sheet = ContactSheet()
    columns = (TextColumn("driving by"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("driving by", total=options.count or _COUNT)
        report = evaluate_drives(
            options.count or _COUNT,
            seed,
            stock,
            vision,
            Grammar(options.countries or ()),
            lambda done, total: bar.update(task, completed=done, total=total),
            sheet.glimpse if folder is not None else None,
        )
    if folder is not None:
        folder.write(_files(report, sheet))
    _tell(report, options)
    return 0


def _files(report: DrivesReport, sheet: ContactSheet) -> dict[str, bytes]:
    report_json = json.dumps(report_to_json(report), ensure_ascii=False, indent=1) + "\n"
    _, picture = cv2.imencode(".png", sheet.draw())
    return {
        "report.json": report_json.encode(),
        "rows.csv": rows_as_csv(report).encode(),
        "sheet.png": picture.tobytes(),
    }


def _tell(report: DrivesReport, options: argparse.Namespace) -> None:
    if options.json:
        write_json(report_to_json(report))
        return
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)
    console.print(error_table(report))
    console.print()
    console.print(condition_table(report))
    for line in fate_lines(report):
        console.print(line)
    if options.out is not None:
        console.print(f"\nwritten to {options.out}", style="dim")


def _positive(text: str) -> int:
    if _whole(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 up")
    return int(text)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 up")
    return int(text)
