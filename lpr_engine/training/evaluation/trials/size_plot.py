"""The detector's curve as a picture: plates found and boxed tightly, over processor time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from lpr_engine.training.evaluation.reader.palette import (
    AMBER,
    BLUE,
    FAINT,
    MUTED,
    house_style,
)
from lpr_engine.training.evaluation.trials.finding import Finds
from lpr_engine.training.evaluation.trials.sizes import FILES, Curve, Setting

_COLOURS = dict(zip(FILES, (AMBER, BLUE), strict=True))
_FASTER = tuple(FILES)[-1]
_SHARES = {
    "found": (Finds.found_share, "-", 1.0),
    "tight": (Finds.tight_share, (0, (4, 3)), 0.55),
}


def size_plot(curve: Curve) -> bytes:
    """A panel for each folder, as PNG."""
    with house_style():
        figure = Figure(figsize=(5.6 * len(curve), 4.6), layout="constrained")
        panels = figure.subplots(1, len(curve), sharey=True, squeeze=False)[0]
        for axes, (name, finds) in zip(panels, curve.items(), strict=True):
            _panel(axes, name, finds)
        panels[0].set_ylabel("plates")
        panels[-1].legend(loc="lower right", frameon=False)
        page = io.BytesIO()
        figure.savefig(page, format="png")
    return page.getvalue()


def _panel(axes: Any, name: str, finds: dict[Setting, Finds]) -> None:
    for model, called in FILES.items():
        settings = [setting for setting in finds if setting.model == model]
        times = [finds[setting].picture_ms for setting in settings]
        for share, (of, line, strength) in _SHARES.items():
            values = [of.__get__(finds[setting]) for setting in settings]
            axes.plot(
                times, values, color=_COLOURS[model], linestyle=line, marker="o", alpha=strength,
                markersize=4.5, linewidth=1.4, label=f"{share}, {called}",
            )  # fmt: skip
        _sizes(axes, settings, times, [finds[setting].found_share for setting in settings])
    first = next(iter(finds.values()))
    axes.set_title(f"{name}: {first.plates} plates in {first.pictures} pictures\n")
    axes.set_xlabel("processor time of a picture, ms on one core")
    axes.set_xlim(left=0)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.grid(axis="y", color=FAINT)
    axes.set_axisbelow(True)


def _sizes(
    axes: Any, settings: Sequence[Setting], times: Sequence[float], shares: Sequence[float]
) -> None:
    # To the left of the faster file's line, to the right of the other's.
    place, side = ((-5, 4), "right") if settings[0].model == _FASTER else ((5, -9), "left")
    for setting, at, share in zip(settings, times, shares, strict=True):
        axes.annotate(
            str(setting.size_px), (at, share), place, textcoords="offset points",
            ha=side, fontsize=7.5, color=MUTED,
        )  # fmt: skip
