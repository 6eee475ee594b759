"""What was read wrong, on one sheet: each crop with what was wanted and what was read."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.evaluation.reader.causes import Cause
from lpr_engine.training.evaluation.reader.edits import edits
from lpr_engine.training.evaluation.reader.figures import PlateRow, ReaderReport, Way
from lpr_engine.training.evaluation.reader.palette import (
    CAUSES,
    DPI,
    FAINT,
    INK,
    MUTED,
    RED,
    house_style,
)

MAX_SHOWN = 40
"""Of each cause."""
_COLUMNS = 5
_TILE_PX = (300, 156)
_CROP_PX = (272, 84)
_HEADING_PX = 56
_TITLE_PX = 84
_MARGIN_PX = 30
_SIGN_PX = 17


def failure_sheet(report: ReaderReport) -> bytes:
    """All wrong reads with the second look as PNG, by cause, the surest first."""
    failures = report.failures
    groups = _by_cause(failures)
    width = 2 * _MARGIN_PX + _COLUMNS * _TILE_PX[0]
    height = _TITLE_PX + _MARGIN_PX + sum(map(_group_height, groups.values()))
    with house_style():
        figure = Figure(figsize=(width / DPI, height / DPI))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        axes.axis("off")
        _title(axes, len(report.rows), len(failures))
        top = _TITLE_PX
        for cause, rows in groups.items():
            _group(axes, cause, rows, top)
            top += _group_height(rows)
        page = io.BytesIO()
        figure.savefig(page, format="png")
    return page.getvalue()


def _by_cause(rows: Sequence[PlateRow]) -> dict[Cause, list[PlateRow]]:
    groups: dict[Cause, list[PlateRow]] = {}
    for row in rows:
        cause = row.cause()
        if cause is not None:
            groups.setdefault(cause, []).append(row)
    return groups


def _shown(rows: Sequence[PlateRow]) -> list[PlateRow]:
    return [row for row in rows if row.crop is not None][:MAX_SHOWN]


def _group_height(rows: Sequence[PlateRow]) -> int:
    return _HEADING_PX + -(-len(_shown(rows)) // _COLUMNS) * _TILE_PX[1]


def _title(axes: Any, plates: int, failures: int) -> None:
    text = f"Read wrong: {failures:,} of {plates:,} plates"
    axes.text(_MARGIN_PX, 32, text, fontsize=15, fontweight="bold", va="center")
    note = "wanted above, read below; red: wrong, missing or too many; at the right: confidence"
    axes.text(_MARGIN_PX, 62, note, fontsize=9, color=MUTED, va="center")


def _group(axes: Any, cause: Cause, rows: Sequence[PlateRow], top: int) -> None:
    shown = _shown(rows)
    colour = CAUSES[cause]
    right = _MARGIN_PX + _COLUMNS * _TILE_PX[0]
    axes.plot([_MARGIN_PX, right - 28], [top + 44, top + 44], color=colour, linewidth=1.5)
    heading = f"{cause.value}: {len(rows)}"
    if len(shown) < len(rows):
        heading += f" ({len(shown)} shown, the others stand in rows.csv)"
    axes.text(_MARGIN_PX, top + 26, heading, fontsize=11, color=colour, fontweight="bold",
              va="center")  # fmt: skip
    for number, row in enumerate(shown):
        line, column = divmod(number, _COLUMNS)
        left = _MARGIN_PX + column * _TILE_PX[0]
        _tile(axes, row, left, top + _HEADING_PX + line * _TILE_PX[1])


def _tile(axes: Any, row: PlateRow, left: int, top: int) -> None:
    answer = row.answers[Way.SECOND_LOOK]
    width, height = _CROP_PX
    axes.add_patch(Rectangle((left, top), width, height, facecolor=FAINT, edgecolor="none"))
    if row.crop is not None:
        _picture(axes, row.crop, left, top)
    pairs = edits(row.plate.text, answer.text)
    for at, (wanted, read) in enumerate(pairs):
        x = left + _SIGN_PX * (at + 0.5)
        wrong = wanted != read
        _sign(axes, x, top + height + 16, wanted or "·", MUTED if not wanted else INK)
        _sign(axes, x, top + height + 38, read or "·", RED if wrong else INK, bold=wrong)
    axes.text(left + width, top + height + 27, f"{answer.confidence:.0%}", fontsize=9,
              color=MUTED, ha="right", va="center")  # fmt: skip


def _sign(axes: Any, x: float, y: float, sign: str, colour: str, *, bold: bool = False) -> None:
    axes.text(
        x, y, sign, fontsize=10, family="DejaVu Sans Mono", color=colour, ha="center",
        va="center", fontweight="bold" if bold else "normal",
    )  # fmt: skip


def _picture(axes: Any, crop: Pixels, left: int, top: int) -> None:
    """The crop as large as its place, in its own shape."""
    height, width = crop.shape[:2]
    scale = min(_CROP_PX[0] / width, _CROP_PX[1] / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    shown = np.asarray(cv2.cvtColor(cv2.resize(crop, size, interpolation=way), cv2.COLOR_BGR2RGB))
    x, y = left + (_CROP_PX[0] - size[0]) / 2, top + (_CROP_PX[1] - size[1]) / 2
    axes.imshow(shown, extent=(x, x + size[0], y + size[1], y), aspect="auto", zorder=2)
