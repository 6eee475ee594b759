"""`python -m lpr_engine.training.evaluation`: what plate formats as a prior are worth."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from lpr_engine.config.sections import ModelsSection
from lpr_engine.model.errors import LprError
from lpr_engine.training.evaluation.labels import EvaluationDataError
from lpr_engine.training.evaluation.priors import PriorScore, observations, priors, score
from lpr_engine.training.reading.crops import read_labels, split
from lpr_engine.vision.opening import open_reader
from lpr_engine.vision.registry import ModelRegistry
from lpr_engine.vision.runtime import Runtime
from lpr_engine.vision.second_look import SecondLookReader


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 means that it failed, with the reason on the standard error."""
    parser = argparse.ArgumentParser(prog="python -m lpr_engine.training.evaluation")
    parser.add_argument(
        "--labels", type=Path, nargs="+", required=True, metavar="FILE",
        help="CSV of crops (image_path,plate_text,region); a held-out tenth of them is read, "
        "the others are the history of their folder",
    )  # fmt: skip
    parser.add_argument(
        "--height-px", type=int, metavar="N", help="make crops so small first, as from afar"
    )
    options = parser.parse_args(arguments)
    try:
        scores = _scores(options.labels, options.height_px)
    except LprError as err:
        sys.stderr.write(f"{err.code}: {err}\n")
        return 1
    Console(highlight=False).print(_table(scores))
    return 0


def _scores(labels: Sequence[Path], height_px: int | None) -> list[PriorScore]:
    if height_px is not None and height_px < 1:
        raise EvaluationDataError(f"--height-px {height_px}: a height of at least 1 is needed")
    before, judged = split(read_labels(labels))
    if not judged:
        raise EvaluationDataError("no crop of these files is in the held-out tenth")
    models = ModelsSection()
    runtime = Runtime(models.provider, models.threads, models.cache_dir)
    reader = SecondLookReader(open_reader(models, ModelRegistry(models.cache_dir), runtime))
    seen = observations(judged, reader, height_px)
    return [score(prior, judged, seen) for prior in priors(before)]


def _table(scores: Sequence[PriorScore]) -> Table:
    table = Table(title=f"{scores[0].crops} crops, each read once")
    table.add_column("prior")
    for heading in ("exact", "O=0 I=1", "surprise"):
        table.add_column(heading, justify="right")
    for one in scores:
        shares = (f"{100 * count / one.crops:.1f} %" for count in (one.exact, one.exact_folded))
        table.add_row(one.prior, *shares, f"{one.surprise:.3f}")
    return table


if __name__ == "__main__":
    sys.exit(main())
