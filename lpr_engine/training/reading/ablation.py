"""What each ingredient of the reader's training is worth: short trainings, one less in each.

`python -m lpr_engine.training.reading.ablation --data DIR --steps 700 --out runs/ablation`
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from lpr_engine.model.errors import LprError
from lpr_engine.training.reading import ReaderOptions, ReaderProgress, Score, train_reader
from lpr_engine.training.reading.command import options_for

_NEVER = 1e-9
_FOR_EVER = 10**9
_TOTAL = "all"
_KEPT = "scores.json"


@dataclass(frozen=True, slots=True)
class Ablation:
    """One training: its name, and what it does otherwise than the first."""

    name: str
    change: Mapping[str, Any] = field(default_factory=dict)

    def options(self, whole: ReaderOptions) -> ReaderOptions:
        """The options of this training; its folder lies in the whole one's."""
        out = whole.out / self.name.replace(" ", "-")
        bank = whole.bank or whole.out / "bank"
        return dataclasses.replace(whole, **{"out": out, "bank": bank, **self.change})


ABLATIONS = (
    Ablation("everything"),
    Ablation("no real crops", {"real_share": 0.0}),
    Ablation("no drawn plates", {"plates": 0, "bank": None}),
    Ablation("no wear on them", {"curriculum": _FOR_EVER}),
    Ablation("no streets around", {"around": ()}),
    Ablation("no guided attention", {"guidance": 0.0}),
    Ablation("no regions", {"region_weight": 0.0}),
)


def without_group(group: str) -> Ablation:
    """A training that takes no crops of one group."""
    return Ablation(f"no crops of {group}", {"group_weights": {group: _NEVER}})


def train_each(
    whole: ReaderOptions, ablations: Sequence[Ablation], console: Console
) -> dict[str, dict[str, Score]]:
    """The scores on held-out crops, by group, of each training; done ones are not done again.

    Raises:
        LprError: as `train_reader` says.
    """
    results: dict[str, dict[str, Score]] = {}
    for number, ablation in enumerate(ablations, start=1):
        console.print(f"{number} of {len(ablations)}: {ablation.name}", highlight=False)
        options = ablation.options(whole)
        kept = options.out / _KEPT
        if not kept.exists():
            _keep(_scores(options), kept)
        results[ablation.name] = _read(kept)
    return results


def _keep(scores: Mapping[str, Score], kept: Path) -> None:
    """Whole or not at all: what is half written would count as done."""
    counts = {group: dataclasses.asdict(score) for group, score in scores.items()}
    partial = kept.with_suffix(".partial")
    partial.write_text(json.dumps(counts), "utf-8")
    partial.replace(kept)


def _read(kept: Path) -> dict[str, Score]:
    known = json.loads(kept.read_text("utf-8"))
    return {group: Score(**counts) for group, counts in known.items()}


def _scores(options: ReaderOptions) -> dict[str, Score]:
    """What the last judgement of a training says."""
    last: dict[str, Score] = {}

    def keep(progress: ReaderProgress) -> None:
        if progress.scores:
            last.clear()
            last.update(progress.scores)

    train_reader(options, keep)
    return last


def as_table(results: Mapping[str, Mapping[str, Score]]) -> Table:
    """A row for each training, a column of exact reads for each group of held-out crops."""
    groups = sorted({group for scores in results.values() for group in scores})
    table = Table(title="Held-out crops read exactly, in per cent", box=SIMPLE)
    table.add_column("learnt with", no_wrap=True)
    for group in [*groups, _TOTAL, f"{_TOTAL}, O=0"]:
        table.add_column(group, justify="right", no_wrap=True)
    for name, scores in results.items():
        table.add_row(name, *(_percent([scores[g]] if g in scores else []) for g in groups),
                      *_totals(list(scores.values())))  # fmt: skip
    return table


def _totals(scores: Sequence[Score]) -> tuple[str, str]:
    return _percent(scores), _percent(scores, folded=True)


def _percent(scores: Sequence[Score], *, folded: bool = False) -> str:
    right = sum(score.folded if folded else score.exact for score in scores)
    crops = sum(score.crops for score in scores)
    return f"{100 * right / crops:.1f}" if crops else "-"


def main(arguments: Sequence[str] | None = None) -> int:
    """Train each and print the table; 1 means that it failed, with the reason on stderr."""
    parser = argparse.ArgumentParser(prog="python -m lpr_engine.training.reading.ablation")
    parser.add_argument("--data", type=Path, required=True, help="as for `train reader`")
    parser.add_argument("--out", type=Path, default=Path("runs/ablation"))
    parser.add_argument("--steps", type=int, default=1000, help="of each training (default: 1000)")
    parser.add_argument("--plates", type=int, default=20_000, help="to draw (default: 20000)")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bank", type=Path, help="plates drawn by an earlier run")
    parser.add_argument(
        "--without-group", action="append", default=[], help="a group of crops; may be given often"
    )
    given = parser.parse_args(arguments)
    console = Console(width=100)
    try:
        results = train_each(
            _whole(given), [*ABLATIONS, *map(without_group, given.without_group)], console
        )
    except LprError as err:
        sys.stderr.write(f"{err.code}: {err}\n")
        return 1
    console.print(as_table(results))
    return 0


def _whole(given: argparse.Namespace) -> ReaderOptions:
    return options_for(
        given.data, given.out, given.seed, bank=given.bank,
        steps=given.steps, judge_every=given.steps, plates=given.plates,
        threads=given.threads, workers=given.workers,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
