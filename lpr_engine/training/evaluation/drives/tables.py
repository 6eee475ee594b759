"""The study of drive-bys as tables for people, as JSON, and as rows of a CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from lpr_engine.model.contract import JsonObject
from lpr_engine.training.evaluation.drives.figures import DrivesReport, Figures, Share
from lpr_engine.training.evaluation.drives.outcome import PasserOutcome
from lpr_engine.training.evaluation.drives.voters import Way

_NOTHING = "–"  # noqa: RUF001 - a dash as wide as a letter, for what cannot be measured
_SURE = (0.0, 0.8, 0.95, math.inf)
_FATES = {
    "split": lambda one: one.is_split,
    "merged": lambda one: one.is_merged,
    "lost": lambda one: one.is_lost,
}


def error_table(report: DrivesReport) -> Table:
    """A row for each way of voting."""
    total = report.total
    table = Table(
        title=f"Wrong texts, {len(total.counted)} cars in {len(total.drives)} drive-bys",
        caption="in brackets: 95 % intervals over drives; ratio: texts wrong for each that the\n"
        "majority gets wrong; every way votes on the same readings",
    )
    table.add_column("way", no_wrap=True)
    for heading in ("wrong", "O=0 I=1", "ratio", "ratio, O=0 I=1"):
        table.add_column(heading, justify="right", no_wrap=True)
    for way in Way:
        table.add_row(
            way.value,
            _percent(total.error(way)),
            _percent(total.error(way, fold=True)),
            _quotient(total.ratio(way)),
            _quotient(total.ratio(way, fold=True)),
            style="bold" if way is Way.OURS else None,
        )
    return table


def condition_table(report: DrivesReport) -> Table:
    """A row for each band of each condition."""
    table = Table(
        title="By condition",
        caption="wrong, O=0 and I=1 folded: of the majority and of ours; preview: from the first\n"
        "frame read right; final: from the last sight; both medians, 90 % in brackets",
    )
    table.add_column("drive-bys", no_wrap=True)
    for heading in ("cars", "frames", "majority", "ours", *_FATES, "preview s", "final s"):
        table.add_column(heading, justify="right", no_wrap=True)
    for bands in [*report.conditions(), [report.total]]:
        for figures in bands:
            table.add_row(*_condition_cells(figures))
        table.add_section()
    return table


def _condition_cells(figures: Figures) -> list[str]:
    readings = [one.readings for one in figures.counted]
    return [
        figures.name,
        str(len(figures.counted)),
        f"{np.median(readings):.0f}" if readings else _NOTHING,
        *(_short_percent(figures.error(way, fold=True)) for way in (Way.MAJORITY, Way.OURS)),
        *(_counted(*figures.share(holds)) for holds in _FATES.values()),
        _seconds(figures.delays(lambda one: one.preview_delay_s)),
        _seconds(figures.delays(lambda one: one.final_delay_s)),
    ]


def fate_lines(report: DrivesReport) -> list[str]:
    """What else came of the passages, in words."""
    total = report.total
    parked = total.parked
    repeated = sum(one.is_split for one in parked)
    hardly = f"cars read in fewer than {report.least_readings} frames, not counted"
    return [
        f"{hardly}: {total.never_read} of {len(total.passers)}",
        _reach_of_votes(total),
        *_told_lines(total),
        f"passages that show no car: {total.false_passages}",
        f"parked cars told of more than once: {repeated} of {len(parked)}",
    ]


def _reach_of_votes(total: Figures) -> str:
    """What voting could do: where no frame is right, whole texts have nothing to choose from."""
    others = [one for one in total.counted if not one.is_never_right]
    never = len(total.counted) - len(others)
    return (
        f"cars that no frame reads right: {never} of {len(total.counted)}; of the other "
        f"{len(others)} the majority gets {_wrong(others, Way.MAJORITY)} wrong, our vote "
        f"{_wrong(others, Way.VOTE)}"
    )


def _told_lines(total: Figures) -> list[str]:
    """The passages that were told, and how sure they were of it."""
    told = [one for one in total.counted if one.confidence is not None]
    ours, majority = (_wrong(told, way) for way in (Way.OURS, Way.MAJORITY))
    same = f"the majority gets {majority} of the same cars wrong"
    lines = [f"cars told of: {len(told)}, {ours} of them wrongly; {same}"]
    for low, high in pairwise(_SURE):
        band = [one for one in told if low <= (one.confidence or 0.0) < high]
        if band:
            sure = sum(one.confidence or 0.0 for one in band) / len(band)
            right = 1 - _wrong(band, Way.OURS) / len(band)
            lines.append(f"  {len(band)} with a mean confidence of {sure:.3f}: {right:.3f} right")
    return lines


def _wrong(cars: Sequence[PasserOutcome], way: Way) -> int:
    return round(sum(one.error(way, fold=True) for one in cars))


def _percent(share: Share) -> str:
    if math.isnan(share.value):
        return _NOTHING
    return f"{100 * share.value:.1f} % ({100 * share.low:.1f}-{100 * share.high:.1f})"


def _short_percent(share: Share) -> str:
    return _NOTHING if math.isnan(share.value) else f"{100 * share.value:.1f} %"


def _quotient(share: Share) -> str:
    if math.isnan(share.value):
        return _NOTHING
    return f"{share.value:.2f} ({share.low:.2f}-{share.high:.2f})"


def _counted(holds: int, of: int) -> str:
    return f"{100 * holds / of:.1f} %" if of else _NOTHING


def _seconds(delays: NDArray[np.float64]) -> str:
    if not len(delays):
        return _NOTHING
    return f"{np.median(delays):.2f} ({np.percentile(delays, 90):.2f})"


def report_to_json(report: DrivesReport) -> JsonObject:
    """The report with every car, ready for `json.dumps`."""
    total = report.total
    return {
        "seed": report.seed,
        "drives": len(report.drives),
        "least_readings": report.least_readings,
        "total": _figures_to_json(total),
        "conditions": [
            _figures_to_json(figures) for bands in report.conditions() for figures in bands
        ],
        "rows": [_row(one) for one in total.passers],
    }


def _figures_to_json(figures: Figures) -> dict[str, Any]:
    return {
        "name": figures.name,
        "drives": len(figures.drives),
        "cars": len(figures.counted),
        "cars_hardly_read": figures.never_read,
        "ways": {
            way.name.lower(): {
                "wrong": _share_to_json(figures.error(way)),
                "wrong_folded": _share_to_json(figures.error(way, fold=True)),
                "to_majority": _share_to_json(figures.ratio(way)),
                "to_majority_folded": _share_to_json(figures.ratio(way, fold=True)),
            }
            for way in Way
        },
        **{name: figures.share(holds)[0] for name, holds in _FATES.items()},
        "false_passages": figures.false_passages,
        "parked": len(figures.parked),
        "parked_told_again": sum(one.is_split for one in figures.parked),
        "preview_delay_s": _quantiles(figures.delays(lambda one: one.preview_delay_s)),
        "final_delay_s": _quantiles(figures.delays(lambda one: one.final_delay_s)),
    }


def _share_to_json(share: Share) -> dict[str, float | None]:
    numbers = {"value": share.value, "low": share.low, "high": share.high}
    return {name: round(v, 4) if math.isfinite(v) else None for name, v in numbers.items()}


def _quantiles(delays: NDArray[np.float64]) -> dict[str, float | int | None]:
    found: dict[str, float | int | None] = {"count": len(delays)}
    for name, part in (("median", 50), ("p90", 90)):
        found[name] = round(float(np.percentile(delays, part)), 3) if len(delays) else None
    return found


def _row(one: PasserOutcome) -> dict[str, Any]:
    conditions = one.conditions
    return {
        "drive": one.drive,
        "scenario": conditions.scenario.value,
        "light": conditions.light_name,
        "speed_kmh": round(conditions.speed_kmh, 1),
        "fps": conditions.fps,
        "exposure_s": round(conditions.recording.exposure_s, 5),
        "plate": one.passer.text,
        "region": one.passer.region,
        "parked": one.passer.is_parked,
        "widest_px": round(one.widest_px, 1),
        "readings": one.readings,
        "frames_wrong": round(one.frames_wrong[0], 4),
        "frames_wrong_folded": round(one.frames_wrong[1], 4),
        **{way.name.lower(): one.texts.get(way) for way in Way if way is not Way.FRAME},
        "confidence": None if one.confidence is None else round(one.confidence, 4),
        "finals": one.finals,
        "merged": one.is_merged,
        "preview_delay_s": _rounded(one.preview_delay_s),
        "final_delay_s": _rounded(one.final_delay_s),
    }


def _rounded(delay_s: float | None) -> float | None:
    return None if delay_s is None else round(delay_s, 3)


def rows_as_csv(report: DrivesReport) -> str:
    """A line for each car."""
    page = io.StringIO()
    lines = [_row(one) for one in report.total.passers]
    table = csv.DictWriter(page, list(lines[0]) if lines else [], lineterminator="\n")
    table.writeheader()
    table.writerows(lines)
    return page.getvalue()
