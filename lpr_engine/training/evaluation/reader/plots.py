"""Two plots: which signs are taken for which, and how honest the confidence is."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from lpr_engine.training.evaluation.reader.edits import confusions
from lpr_engine.training.evaluation.reader.figures import Figures, ReaderReport, Way
from lpr_engine.training.evaluation.reader.palette import (
    AMBER,
    BLUE,
    FAINT,
    INK,
    MUTED,
    PALE_BLUE,
    PAPER,
    SHADES,
    house_style,
)

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NONE = len(SIGNS)


def confusion_counts(report: ReaderReport) -> NDArray[np.int64]:
    """How often each wanted sign (row) was read as each sign (column), shape (37, 37).

    The last column counts signs that were not read, the last row signs that are not there.
    """
    places = {**{sign: at for at, sign in enumerate(SIGNS)}, "": _NONE}
    counts = np.zeros((_NONE + 1, _NONE + 1), np.int64)
    for (wanted, read), count in confusions(report.total().pairs).items():
        if wanted in places and read in places:
            counts[places[wanted], places[read]] += count
    return counts


def confusion_plot(report: ReaderReport) -> bytes:
    """The confusion matrix as PNG: mistakes in colour, and each sign's share of right reads."""
    counts = confusion_counts(report)
    with house_style():
        figure = Figure(figsize=(12.5, 11.5), layout="constrained")
        axes = figure.subplots()
        wrong = counts.copy()
        np.fill_diagonal(wrong, 0)
        shades = LinearSegmentedColormap.from_list("mistakes", SHADES)
        most = max(1, int(wrong.max()))
        picture = axes.imshow(np.sqrt(wrong), cmap=shades, vmin=0, vmax=np.sqrt(most))
        _grid(axes)
        _numbers(axes, wrong, most)
        _right_shares(axes, counts)
        _count_scale(figure, axes, picture, most)
        total = report.total()
        axes.set_title(
            f"Signs taken for others: {int(wrong.sum())} mistakes in "
            f"{int(counts[:_NONE].sum()):,} signs of {total.plates:,} plates\n",
        )
        axes.set_xlabel("read (–: the sign was not read)")  # noqa: RUF001 - as on the axis
        axes.set_ylabel("wanted (+: a sign was read where none is)")
        return _png(figure)


def _grid(axes: Any) -> None:
    axes.set_xticks(range(_NONE + 1), [*SIGNS, "–"])  # noqa: RUF001 - a dash as wide as a letter
    axes.set_yticks(range(_NONE + 1), [*SIGNS, "+"])
    axes.tick_params(length=0, top=True, labeltop=True)
    axes.set_xticks(np.arange(_NONE + 2) - 0.5, minor=True)
    axes.set_yticks(np.arange(_NONE + 2) - 0.5, minor=True)
    axes.grid(which="minor", color=FAINT, linewidth=0.6)
    axes.tick_params(which="minor", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for edge in (9.5, _NONE - 0.5):
        axes.axhline(edge, color=MUTED, linewidth=1.0)
        axes.axvline(edge, color=MUTED, linewidth=1.0)


def _numbers(axes: Any, wrong: NDArray[np.int64], most: int) -> None:
    for row, column in np.argwhere(wrong):
        count = int(wrong[row, column])
        colour = PAPER if count > 0.35 * most and most > 2 else INK
        axes.text(
            column, row, str(count), ha="center", va="center", fontsize=8, color=colour
        )  # fmt: skip


def _right_shares(axes: Any, counts: NDArray[np.int64]) -> None:
    """In each sign's own cell, how many of a hundred were read right."""
    for at in range(_NONE):
        seen = int(counts[at].sum())
        axes.add_patch(_cell(at, PALE_BLUE if seen else FAINT))
        if seen:
            share = f"{100 * counts[at, at] / seen:.0f}"
            axes.text(at, at, share, ha="center", va="center", fontsize=7, color=BLUE)


def _cell(at: int, colour: str) -> Any:
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - beside its only use

    return Rectangle((at - 0.5, at - 0.5), 1, 1, facecolor=colour, edgecolor=PAPER, linewidth=0.6)


def _count_scale(figure: Figure, axes: Any, picture: Any, most: int) -> None:
    marks = sorted({1, max(1, round(most / 4)), max(1, round(most / 2)), most})
    scale = figure.colorbar(picture, ax=axes, shrink=0.5, pad=0.015, aspect=30)
    scale.set_ticks([float(np.sqrt(mark)) for mark in marks], labels=[str(mark) for mark in marks])
    scale.outline.set_visible(False)
    scale.ax.tick_params(length=0)
    scale.set_label("times; on the diagonal: right reads of 100")


def reliability_plot(report: ReaderReport) -> bytes:
    """Confidence against the share of right texts as PNG, with the texts' number below."""
    once, twice = report.total(Way.ONE_LOOK), report.total(Way.SECOND_LOOK)
    with house_style():
        figure = Figure(figsize=(8.0, 8.6), layout="constrained")
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3.2, 1])
        _shares(upper, once, twice)
        _histogram(lower, twice)
        upper.set_title(
            f"How sure is sure: {twice.plates:,} plates, "
            f"ECE {twice.calibration_error:.3f} with the second look\n"
        )
        return _png(figure)


def _shares(axes: Any, once: Figures, twice: Figures) -> None:
    dashes = (0, (4, 3))
    axes.plot([0, 1], [0, 1], color=MUTED, lw=1.2, ls=dashes, zorder=1, label="as sure as right")
    full = [one for one in twice.bins if one.count]
    axes.bar(
        [(one.start + one.end) / 2 for one in full],
        [one.right for one in full],
        width=0.9 * (twice.bins[0].end - twice.bins[0].start),
        color=PALE_BLUE,
        zorder=0,
    )
    for figures, colour, marker, label in (
        (once, AMBER, "s", "one look"), (twice, BLUE, "o", "with the second look")
    ):  # fmt: skip
        _points(axes, figures, colour, marker, f"{label}: ECE {figures.calibration_error:.3f}")
    axes.set_xlim(0, 1.01)
    axes.set_ylim(0, 1.03)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_ylabel("texts that are right")
    axes.grid(axis="y", color=FAINT)
    axes.set_axisbelow(True)
    axes.legend(loc="upper left", frameon=False)


def _points(axes: Any, figures: Figures, colour: str, marker: str, label: str) -> None:
    """Each bin at its mean confidence, with where its true share lies with 95 %."""
    full = [one for one in figures.bins if one.count]
    right = [one.right for one in full]
    below = [max(0.0, one.right - one.interval[0]) for one in full]
    above = [max(0.0, one.interval[1] - one.right) for one in full]
    axes.errorbar(
        [one.confidence for one in full], right, yerr=[below, above], color=colour, marker=marker,
        markersize=5, linewidth=1.2, elinewidth=0.9, capsize=2, label=label, zorder=3,
    )  # fmt: skip


def _histogram(axes: Any, figures: Figures) -> None:
    bins = figures.bins
    width = 0.9 * (bins[0].end - bins[0].start)
    middles = [(one.start + one.end) / 2 for one in bins]
    axes.bar(middles, [one.count for one in bins], width=width, color=BLUE)
    axes.set_yscale("symlog", linthresh=10)
    axes.set_ylim(0, 3 * max(10, *(one.count for one in bins)))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    for middle, one in zip(middles, bins, strict=True):
        if one.count:
            axes.annotate(
                f"{one.count:,}", (middle, one.count), (0, 3), textcoords="offset points",
                ha="center", fontsize=8, color=INK,
            )  # fmt: skip
    axes.set_xlabel("confidence of the whole text (whiskers: 95 % interval of the share)")
    axes.set_ylabel("texts, second look")


def _png(figure: Figure) -> bytes:
    page = io.BytesIO()
    figure.savefig(page, format="png")
    return page.getvalue()
