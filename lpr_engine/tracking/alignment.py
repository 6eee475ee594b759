"""Which slot of one reading shows the same character as which slot of another."""

from __future__ import annotations

import numpy as np

from lpr_engine.tracking.spelling import ABSENT, Matrix

_MISMATCH = 1e-3
_LEAST_ABSENCE = 0.02
_OBVIOUS_COST = 2.0


def align(pivot: Matrix, other: Matrix) -> list[tuple[int | None, int | None]]:
    """Pair slots of `pivot` with slots of `other`, in order; None where one has no counterpart.

    Both have shape (slots, signs) with absence first. Needleman and Wunsch (1970), where two
    slots cost the less the likelier they show the same sign, and a slot without counterpart the
    less the likelier it is empty.
    """
    costs = -np.log(pivot[:, 1:] @ other[:, 1:].T + _MISMATCH)
    if len(pivot) == len(other) and np.trace(costs) <= _OBVIOUS_COST * len(pivot):
        return [(slot, slot) for slot in range(len(pivot))]
    pivot_gaps, other_gaps = _gap_costs(pivot), _gap_costs(other)
    return _trace_back(_totals(costs, pivot_gaps, other_gaps), pivot_gaps, other_gaps)


def _gap_costs(rows: Matrix) -> list[float]:
    gaps: list[float] = (-np.log(np.maximum(rows[:, ABSENT], _LEAST_ABSENCE))).tolist()
    return gaps


def _totals(costs: Matrix, pivot_gaps: list[float], other_gaps: list[float]) -> list[list[float]]:
    """Least cost of aligning each pair of prefixes."""
    table = [[0.0]]
    for gap in other_gaps:
        table[0].append(table[0][-1] + gap)
    for row, (pivot_gap, line) in enumerate(zip(pivot_gaps, costs.tolist(), strict=True)):
        above = table[row]
        current = [above[0] + pivot_gap]
        for column, cost in enumerate(line):
            current.append(
                min(
                    above[column] + cost,
                    above[column + 1] + pivot_gap,
                    current[-1] + other_gaps[column],
                )
            )
        table.append(current)
    return table


def _trace_back(
    table: list[list[float]], pivot_gaps: list[float], other_gaps: list[float]
) -> list[tuple[int | None, int | None]]:
    pairs: list[tuple[int | None, int | None]] = []
    row, column = len(pivot_gaps), len(other_gaps)
    while row or column:
        here = table[row][column]
        if row and here == table[row - 1][column] + pivot_gaps[row - 1]:
            row -= 1
            pairs.append((row, None))
        elif column and here == table[row][column - 1] + other_gaps[column - 1]:
            column -= 1
            pairs.append((None, column))
        else:
            row, column = row - 1, column - 1
            pairs.append((row, column))
    return pairs[::-1]
