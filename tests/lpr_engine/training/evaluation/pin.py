"""`python -m tests.lpr_engine.training.evaluation.pin`: pin the figures of the bundled models."""

import json
import math
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lpr_engine.config.sections import ModelsSection
from lpr_engine.grammar.prior import Grammar
from lpr_engine.training.evaluation.judging import evaluate
from lpr_engine.training.evaluation.reader.figures import Figures
from lpr_engine.training.evaluation.reader.judging import evaluate_reader
from lpr_engine.training.evaluation.reader.plates import read_true_plates
from lpr_engine.training.evaluation.report import SetReport
from lpr_engine.vision.opening import open_reader, open_vision
from lpr_engine.vision.registry import ModelRegistry
from lpr_engine.vision.runtime import Runtime
from tests.lpr_engine.training.evaluation.plain_plates import write_plain_plates
from tests.lpr_engine.training.evaluation.plain_streets import write_streets

Shares = dict[str, dict[str, float]]

_MODELS = ModelsSection(provider="cpu", threads=1)


@dataclass(frozen=True, slots=True)
class Pin:
    """Figures that are held: their file, how they are measured, and how much less is allowed.

    Some pictures may fall the other way on another processor.
    """

    file: Path
    measured: Callable[[Path], Shares]
    margin: float

    def pinned(self) -> Shares:
        return json.loads(self.file.read_text(encoding="utf-8"))

    def renew(self) -> Shares:
        with tempfile.TemporaryDirectory() as folder:
            shares = self.measured(Path(folder))
        least = {
            name: {kind: _rounded_down(share - self.margin) for kind, share in kinds.items()}
            for name, kinds in shares.items()
        }
        self.file.write_text(json.dumps(least, indent=2) + "\n", encoding="utf-8")
        return shares


def _rounded_down(share: float) -> float:
    """To four digits, so that a share is not held to more than was pinned."""
    return math.floor(share * 10_000 + 1e-6) / 10_000


def measured_reader(folder: Path) -> Shares:
    """The bundled reader's shares of exact reads, strict and folded, on the plain plates."""
    write_plain_plates(folder)
    runtime = Runtime(_MODELS.provider, _MODELS.threads)
    reader = open_reader(_MODELS, ModelRegistry(), runtime)
    report = evaluate_reader(read_true_plates(folder), reader, Grammar())
    return {figures.name: _read_shares(figures) for figures in [*report.sets(), report.total()]}


def measured_vision(folder: Path) -> Shares:
    """What the bundled detector and reader find and read of the plain streets."""
    write_streets(folder)
    report = evaluate(folder, open_vision(_MODELS))
    assert report.problems == ()
    return {part.name: _seen_shares(part) for part in [*report.sets, report.total]}


def _read_shares(figures: Figures) -> dict[str, float]:
    return {
        "exact": figures.exact / figures.plates,
        "exact_folded": figures.exact_folded / figures.plates,
    }


def _seen_shares(part: SetReport) -> dict[str, float]:
    counts = {
        "found": part.found,
        "tight": part.tight,
        "exact": part.exact,
        "exact_folded": part.exact_folded,
    }
    return {kind: count / part.plates for kind, count in counts.items()}


READER = Pin(Path(__file__).with_name("pinned_accuracy.json"), measured_reader, 0.015)
VISION = Pin(Path(__file__).with_name("pinned_streets.json"), measured_vision, 0.05)
"""A twentieth of a set are three pictures."""


def main() -> None:
    for pin in (READER, VISION):
        shares = json.dumps(pin.renew(), indent=2)
        sys.stdout.write(f"{pin.file}:\n{shares}\nless {pin.margin} each\n")


if __name__ == "__main__":
    main()
