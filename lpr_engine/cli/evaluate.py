"""`lpr-engine evaluate [reader|drives]`: accuracy on pictures, of the reader, of passages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress as ProgressBar

from lpr_engine.cli.evaluate_drives import add_drives_options, run_drives_evaluation
from lpr_engine.cli.evaluate_reader import add_reader_options, run_reader_evaluation
from lpr_engine.cli.read_output import write_json
from lpr_engine.config.sections import ModelsSection
from lpr_engine.training.evaluation.judging import Progress, evaluate
from lpr_engine.training.evaluation.negatives import (
    evaluate_negatives,
    negatives_line,
    negatives_to_json,
)
from lpr_engine.training.evaluation.report import report_table, report_to_json
from lpr_engine.vision.opening import open_vision

_READER, _DRIVES = "reader", "drives"
_GOES_WITH: dict[str, tuple[str | None, ...]] = {
    "data": (None, _READER),
    "negatives": (None,),
    "confidence": (None, _DRIVES),
    "input_size": (None, _DRIVES),
    "out": (_READER, _DRIVES),
    "countries": (_READER, _DRIVES),
}
"""Options of more than one part; those of a part's own group go with that part alone."""


def add_to(commands: Any) -> None:
    """Register the command."""
    command = commands.add_parser(
        "evaluate",
        help="measure accuracy on labelled pictures",
        description="Measures how many plates are found and read; `evaluate reader` how many are "
        "read when their boxes are known; `evaluate drives` how passages of drawn drive-bys "
        "come out.",
    )
    command.add_argument(
        "part", nargs="?", choices=[_READER, _DRIVES],
        help="the reader alone, on true boxes or on crops; or drawn drive-bys",
    )  # fmt: skip
    command.add_argument(
        "--data", type=Path, metavar="DIR",
        help="folders with pictures and a labels.csv in each: image,x,y,w,h,plate; for the reader "
        "also image_path,plate_text[,region]",
    )  # fmt: skip
    command.add_argument("--json", action="store_true", help="the report as one JSON object")
    whole = command.add_argument_group("of everything, and of drive-bys")
    whole.add_argument(
        "--negatives", type=Path, metavar="DIR",
        help="pictures without a plate: how often one is seen, read or told of all the same",
    )  # fmt: skip
    whole.add_argument("--confidence", type=float)
    whole.add_argument("--input-size", type=int)
    parts = dict.fromkeys(_names(add_reader_options(command)), (_READER,))
    parts |= dict.fromkeys(_names(add_drives_options(command)), (_DRIVES,))
    command.set_defaults(run=lambda options: _run(options, command, parts | _GOES_WITH))


def _names(group: Any) -> list[str]:
    return [action.dest for action in group._group_actions]


def _run(
    options: argparse.Namespace,
    command: argparse.ArgumentParser,
    parts: Mapping[str, tuple[str | None, ...]],
) -> int:
    """Evaluate what was asked for; options of another part are a mistake, not ignored."""
    for name, fitting in parts.items():
        if getattr(options, name) is not None and options.part not in fitting:
            option = "--" + name.replace("_", "-")
            command.error(f"{option} {_remedy(options.part, fitting)}")
    if options.plate_config is not None and options.weights is None:
        command.error("--plate-config needs --weights")
    if options.part == _DRIVES:
        return run_drives_evaluation(options, _models(options))
    if options.data is None and (options.negatives is None or options.part == _READER):
        command.error("the following arguments are required: --data")
    return run_reader_evaluation(options) if options.part == _READER else run_evaluation(options)


def _remedy(part: str | None, fitting: tuple[str | None, ...]) -> str:
    if None in fitting:
        return f"goes without `{part}`"
    return f"goes with `evaluate {'` or `evaluate '.join(map(str, fitting))}` alone"


def _models(options: argparse.Namespace) -> ModelsSection:
    usual = ModelsSection()
    return ModelsSection(
        confidence=usual.confidence if options.confidence is None else options.confidence,
        input_size=usual.input_size if options.input_size is None else options.input_size,
    )


def run_evaluation(options: argparse.Namespace) -> int:
    """Look at every labelled picture, and print how well that went."""
    vision = open_vision(_models(options))
    report = negatives = None
    if options.data is not None:
        with _progress("looking") as tell:
            report = evaluate(options.data, vision, tell)
    if options.negatives is not None:
        with _progress("looking at pictures without a plate") as tell:
            negatives = evaluate_negatives(options.negatives, vision, tell)
    if options.json:
        told = {} if report is None else report_to_json(report)
        write_json(
            told | ({} if negatives is None else {"negatives": negatives_to_json(negatives)})
        )
        return 0
    console = Console(highlight=False)
    if report is not None:
        _tell_problems(report.problems)
        console.print(report_table(report))
    if negatives is not None:
        _tell_problems(negatives.problems)
        console.print(negatives_line(negatives), soft_wrap=True)
    return 0


def _tell_problems(problems: Iterable[str]) -> None:
    for problem in problems:
        sys.stderr.write(f"left out: {problem}\n")


@contextmanager
def _progress(what: str) -> Iterator[Progress]:
    """A bar on a terminal, which ends with the work."""
    with ProgressBar(
        console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
