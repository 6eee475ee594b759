"""All drive-bys of one study, one after the other."""

from __future__ import annotations

from collections.abc import Callable

from lpr_engine.config.sections import TrackingSection
from lpr_engine.grammar.prior import Grammar
from lpr_engine.training.evaluation.drives.drive import Drive
from lpr_engine.training.evaluation.drives.figures import DrivesReport
from lpr_engine.training.evaluation.drives.outcome import judge_drive
from lpr_engine.training.evaluation.drives.plates import PlateStock
from lpr_engine.training.evaluation.drives.record import Glimpse, record_drive
from lpr_engine.vision.sight import PlateVision

Progress = Callable[[int, int], None]
"""Called with the drives that are done and those that are wanted."""


def evaluate_drives(
    count: int,
    seed: int,
    stock: PlateStock,
    vision: PlateVision,
    grammar: Grammar,
    progress: Progress | None = None,
    glimpse: Glimpse | None = None,
) -> DrivesReport:
    """Draw, look at and judge that many drive-bys.

    Raises:
        EvaluationDataError: a plate's crop cannot be used.
        ModelError: a model could not be run.
    """
    rules = TrackingSection()
    outcomes = []
    for number in range(count):
        record = record_drive(Drive(seed, number, stock), vision, glimpse)
        outcomes.append(judge_drive(record, grammar, rules))
        if progress is not None:
            progress(number + 1, count)
    return DrivesReport(tuple(outcomes), seed, rules.min_readings)
