"""`python -m tests.lpr_engine.training.evaluation.pin`: pin the figures of the bundled reader."""

import json
import sys
import tempfile
from pathlib import Path

from lpr_engine.config.sections import ModelsSection
from lpr_engine.grammar.prior import Grammar
from lpr_engine.training.evaluation.reader.figures import Figures
from lpr_engine.training.evaluation.reader.judging import evaluate_reader
from lpr_engine.training.evaluation.reader.plates import read_true_plates
from lpr_engine.vision.opening import open_reader
from lpr_engine.vision.registry import ModelRegistry
from lpr_engine.vision.runtime import Runtime
from tests.lpr_engine.training.evaluation.plain_plates import write_plain_plates

PINNED = Path(__file__).with_name("pinned_accuracy.json")
MARGIN = 0.015
"""Some pictures may fall the other way on another processor."""

Shares = dict[str, dict[str, float]]


def measured(folder: Path) -> Shares:
    """The bundled reader's shares of exact reads, strict and folded, on the plain plates."""
    write_plain_plates(folder)
    section = ModelsSection(provider="cpu", threads=1)
    reader = open_reader(section, ModelRegistry(), Runtime(section.provider, section.threads))
    report = evaluate_reader(read_true_plates(folder), reader, Grammar())
    return {figures.name: shares_of(figures) for figures in [*report.sets(), report.total()]}


def shares_of(figures: Figures) -> dict[str, float]:
    return {
        "exact": figures.exact / figures.plates,
        "exact_folded": figures.exact_folded / figures.plates,
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        shares = measured(Path(folder))
    pinned = {
        name: {kind: round(share - MARGIN, 4) for kind, share in kinds.items()}
        for name, kinds in shares.items()
    }
    PINNED.write_text(json.dumps(pinned, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(f"{PINNED}:\n{json.dumps(shares, indent=2)}\nless {MARGIN} each\n")


if __name__ == "__main__":
    main()
