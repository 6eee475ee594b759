"""`lpr-engine evaluate --data DIR`: how many plates are found and read, on labelled pictures."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from lpr_engine.cli.read_output import write_json
from lpr_engine.config.sections import ModelsSection
from lpr_engine.training.evaluation.judging import evaluate
from lpr_engine.training.evaluation.report import report_table, report_to_json
from lpr_engine.vision.opening import open_vision


def add_to(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser("evaluate", help="measure accuracy on labelled pictures")
    command.add_argument(
        "--data", type=Path, required=True, metavar="DIR",
        help="folders with pictures and a labels.csv (image,x,y,w,h,plate) in each",
    )  # fmt: skip
    command.add_argument("--json", action="store_true", help="the report as one JSON object")
    command.add_argument("--confidence", type=float, default=ModelsSection().confidence)
    command.add_argument("--input-size", type=int, default=ModelsSection().input_size)
    command.set_defaults(run=run_evaluation)


def run_evaluation(options: argparse.Namespace) -> int:
    """Look at every labelled picture, and print how well that went."""
    models = ModelsSection(confidence=options.confidence, input_size=options.input_size)
    vision = open_vision(models)
    with Progress(
        console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task("looking", total=None)
        report = evaluate(
            options.data,
            vision,
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    if options.json:
        write_json(report_to_json(report))
    else:
        Console(highlight=False).print(report_table(report))
    return 0
