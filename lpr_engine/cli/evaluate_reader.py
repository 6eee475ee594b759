"""`lpr-engine evaluate reader --data DIR`: the reader alone, on true boxes and on crops."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lpr_engine.cli.read_output import write_json
from lpr_engine.cli.train import TrainingExtraError
from lpr_engine.config.sections import ModelsSection
from lpr_engine.grammar.formats import formats_of
from lpr_engine.grammar.prior import Grammar
from lpr_engine.training.evaluation.reader.figures import ReaderReport
from lpr_engine.training.evaluation.reader.judging import evaluate_reader
from lpr_engine.training.evaluation.reader.plates import read_true_plates
from lpr_engine.training.evaluation.reader.tables import (
    confusion_table,
    report_table,
    report_to_json,
)
from lpr_engine.vision.opening import open_reader
from lpr_engine.vision.reader import FastPlateReader
from lpr_engine.vision.registry import ModelRegistry
from lpr_engine.vision.runtime import Runtime

_WIDTH = 100
"""Columns of a table that goes to no terminal."""
_FOLDER = "lpr_engine.training.evaluation.reader.folder"


def add_reader_options(command: argparse.ArgumentParser) -> Any:
    """The options that judge the reader alone; returns their group."""
    group = command.add_argument_group("of the reader alone (--out, --countries: or of drive-bys)")
    group.add_argument(
        "--out", type=Path, metavar="DIR",
        help="write report.json, rows.csv and pictures of confusions, calibration and failures; "
        "of drive-bys a contact sheet",
    )  # fmt: skip
    group.add_argument(
        "--countries", type=_countries, metavar="DE,US",
        help="whose plates are expected (ISO 3166); without it all are",
    )  # fmt: skip
    which = group.add_mutually_exclusive_group()
    which.add_argument("--model", metavar="NAME", help="a reader that `lpr-engine models` lists")
    which.add_argument("--weights", type=Path, metavar="FILE", help="a reader of your own")
    group.add_argument(
        "--plate-config", type=Path, metavar="FILE",
        help="the plate config of --weights, if it does not lie beside them",
    )  # fmt: skip
    return group


def run_reader_evaluation(options: argparse.Namespace) -> int:
    """Read every labelled plate, print how well that went, and write the report if wanted."""
    # What is missing is told before minutes of reading, not after.
    folder = _report_folder(options.out) if options.out is not None else None
    plates = read_true_plates(options.data)
    reader = _reader(options)
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("reading", total=len(plates))
        report = evaluate_reader(
            plates,
            reader,
            Grammar(options.countries or ()),
            tuple(reader.config.plate_regions or ()),
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    if folder is not None:
        folder.write(report)
    _tell(report, options)
    return 0


def _tell(report: ReaderReport, options: argparse.Namespace) -> None:
    if options.json:
        write_json(report_to_json(report))
        return
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)
    console.print(report_table(report))
    console.print()
    console.print(confusion_table(report))
    if options.out is not None:
        console.print(f"\nwritten to {options.out}", style="dim")


def _reader(options: argparse.Namespace) -> FastPlateReader:
    """The wanted reader on one core, so that times compare between machines and runs.

    Raises:
        ModelError: there is no such model, or it is broken.
    """
    section = ModelsSection(
        reader=str(options.weights or options.model or ModelsSection().reader),
        plate_config=options.plate_config,
        provider="cpu",
        threads=1,
    )
    runtime = Runtime(section.provider, section.threads, section.cache_dir)
    return open_reader(section, ModelRegistry(section.cache_dir), runtime)


def _report_folder(path: Path) -> Any:
    """Where the report will lie.

    Raises:
        TrainingExtraError: nothing here can draw.
        ReportFolderError: the folder cannot be made or written.
    """
    try:
        folder = importlib.import_module(_FOLDER)
    except ModuleNotFoundError as err:
        raise TrainingExtraError(
            f"--out draws with the package {err.name}: pip install 'lpr-engine[training]'"
        ) from err
    return folder.ReportFolder(path)


def _countries(text: str) -> tuple[str, ...]:
    codes = tuple(code.strip().upper() for code in text.split(","))
    unknown = [code for code in codes if not formats_of(code)]
    if unknown:
        raise argparse.ArgumentTypeError(
            f"no plate formats of {', '.join(map(repr, unknown))} are known; codes are ISO 3166, "
            "such as DE or US-CA"
        )
    return codes
