"""Figures of a training drawn over its course, if matplotlib is installed."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Panel:
    """Some columns of a table over another of its columns."""

    title: str
    over: str
    columns: tuple[str, ...]
    logarithmic: bool = False
    percent: bool = False


def draw_curves(path: Path, rows: Iterable[dict[str, float]], panels: Sequence[Panel]) -> bool:
    """Draw the panels side by side into a PNG; False where matplotlib is not installed."""
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - an optional package
        from matplotlib.ticker import PercentFormatter, ScalarFormatter  # noqa: PLC0415 - an optional package
    except ImportError:
        _LOGGER.info("matplotlib is not installed: no curves are drawn")
        return False
    taken = list(rows)
    figure = Figure(figsize=(5 * len(panels), 4), layout="constrained")
    for axes, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        for name in panel.columns:
            points = [
                (row[panel.over], row[name]) for row in taken if {name, panel.over} <= set(row)
            ]
            marker = "." if len(points) < 40 else ""
            axes.plot([x for x, _ in points], [y for _, y in points], marker=marker, label=name)
        axes.set(title=panel.title, xlabel=panel.over)
        axes.grid(alpha=0.3)
        if panel.logarithmic:
            axes.set_yscale("log")
            axes.yaxis.set_major_formatter(ScalarFormatter())
            axes.yaxis.set_minor_formatter(ScalarFormatter())
        if panel.percent:
            axes.yaxis.set_major_formatter(PercentFormatter(1.0))
        if len(panel.columns) > 1:
            axes.legend()
    figure.savefig(path)
    return True
