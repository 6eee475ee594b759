"""The figures of an evaluation, as values, as JSON and as a table for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rich.table import Table

from lpr_engine.model.contract import JsonObject
from lpr_engine.model.look import StageTimes

FOUND_IOU = 0.5
TIGHT_IOU = 0.7


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one labelled plate; `texts` are all that its picture gave, best first."""

    picture: str
    plate: str
    texts: tuple[str, ...]
    iou: float
    exact: bool
    exact_folded: bool

    @property
    def found(self) -> bool:
        """Whether a detection covers the plate at all."""
        return self.iou >= FOUND_IOU

    @property
    def tight(self) -> bool:
        """Whether a detection fits the plate well."""
        return self.iou >= TIGHT_IOU


@dataclass(frozen=True, slots=True)
class SetReport:
    """The outcomes of one set of pictures, and the time each picture took."""

    name: str
    outcomes: tuple[Outcome, ...]
    times: tuple[StageTimes, ...]

    @property
    def plates(self) -> int:
        """How many labelled plates there are."""
        return len(self.outcomes)

    @property
    def found(self) -> int:
        """How many were found, with an overlap of at least 0.5."""
        return sum(outcome.found for outcome in self.outcomes)

    @property
    def tight(self) -> int:
        """How many were found with an overlap of at least 0.7."""
        return sum(outcome.tight for outcome in self.outcomes)

    @property
    def exact(self) -> int:
        """How many were read without a mistake."""
        return sum(outcome.exact for outcome in self.outcomes)

    @property
    def exact_folded(self) -> int:
        """How many were read without a mistake, O being 0 and I being 1."""
        return sum(outcome.exact_folded for outcome in self.outcomes)

    @property
    def median_times(self) -> StageTimes:
        """The median over pictures, for each stage by itself."""
        rows = [(one.detect_ms, one.crop_ms, one.read_ms) for one in self.times] or [(0, 0, 0)]
        return StageTimes(*(float(value) for value in np.median(np.array(rows), axis=0)))


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """All sets, and each row or picture that could not be used, named by file and line."""

    sets: tuple[SetReport, ...]
    problems: tuple[str, ...]

    @property
    def total(self) -> SetReport:
        """All sets as one."""
        return SetReport(
            "total",
            tuple(outcome for part in self.sets for outcome in part.outcomes),
            tuple(times for part in self.sets for times in part.times),
        )


def report_to_json(report: EvaluationReport) -> JsonObject:
    """The report with every plate's outcome, ready for `json.dumps`."""
    return {
        "sets": [_set_to_json(part) for part in report.sets],
        "total": _figures(report.total),
        "problems": list(report.problems),
    }


def report_table(report: EvaluationReport) -> Table:
    """The report's figures, a row for each set and one for all."""
    table = Table(title="Plates found and read")
    table.add_column("set")
    for heading in ("plates", "found", "tight", "exact", "O=0 I=1", "detect ms", "read ms"):
        table.add_column(heading, justify="right")
    for part in report.sets:
        table.add_row(*_cells(part))
    if len(report.sets) > 1:
        table.add_section()
        table.add_row(*_cells(report.total), style="bold")
    table.caption = "found: overlap of 0.5 or more; tight: 0.7; times: median for one picture"
    return table


def _cells(part: SetReport) -> Sequence[str]:
    counts = (part.found, part.tight, part.exact, part.exact_folded)
    times = part.median_times
    return (
        part.name,
        str(part.plates),
        *(f"{100 * share:.1f} %" for share in _shares(part, counts)),
        f"{times.detect_ms:.0f}",
        f"{times.crop_ms + times.read_ms:.0f}",
    )


def _shares(part: SetReport, counts: Sequence[int]) -> list[float]:
    return [count / part.plates if part.plates else 0.0 for count in counts]


def _figures(part: SetReport) -> dict[str, Any]:
    counts = {
        "found": part.found,
        "tight": part.tight,
        "exact": part.exact,
        "exact_folded": part.exact_folded,
    }
    shares = zip(counts, _shares(part, list(counts.values())), strict=True)
    times = part.median_times
    return {
        "name": part.name,
        "plates": part.plates,
        **counts,
        **{f"{name}_share": round(share, 4) for name, share in shares},
        "pictures": len(part.times),
        "detect_ms": round(times.detect_ms, 2),
        "crop_ms": round(times.crop_ms, 2),
        "read_ms": round(times.read_ms, 2),
    }


def _set_to_json(part: SetReport) -> JsonObject:
    rows = [
        {
            "picture": outcome.picture,
            "plate": outcome.plate,
            "texts": list(outcome.texts),
            "iou": round(outcome.iou, 3),
            "exact": outcome.exact,
            "exact_folded": outcome.exact_folded,
        }
        for outcome in part.outcomes
    ]
    return {**_figures(part), "outcomes": rows}
