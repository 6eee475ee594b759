"""The cheapest way to pair rows with columns when a row may also stay alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def assign(costs: NDArray[np.float64], alone_cost: float) -> dict[int, int]:
    """Pair rows with columns at the least total cost; a row without a pair costs `alone_cost`.

    Shape (rows, columns); infinite entries are never paired. Kuhn-Munkres with potentials and
    shortest augmenting paths (Jonker & Volgenant 1987), O(rows^2 * (rows + columns)).
    """
    rows, columns = costs.shape
    if rows == 0 or columns == 0:
        return {}
    never = 1e6 + abs(alone_cost)
    stay = np.full((rows, rows), never)
    np.fill_diagonal(stay, alone_cost)
    padded = np.hstack([np.where(np.isfinite(costs), costs, never), stay])
    row_of_column = _shortest_paths(padded)
    return {
        int(row): column
        for column, row in enumerate(row_of_column[:columns])
        if row >= 0 and costs[row, column] < alone_cost
    }


def _shortest_paths(costs: NDArray[np.float64]) -> NDArray[np.int64]:
    """Row of each column, -1 for none; at least as many columns as rows."""
    rows, columns = costs.shape
    row_potential, column_potential = np.zeros(rows), np.zeros(columns)
    row_of_column = np.full(columns, -1, dtype=np.int64)
    for start in range(rows):
        row, column = start, -1
        came_from = np.full(columns, -1, dtype=np.int64)
        shortest = np.full(columns, np.inf)
        visited = np.zeros(columns, dtype=bool)
        travelled = 0.0
        while row >= 0:
            slack = travelled + costs[row] - row_potential[row] - column_potential
            better = ~visited & (slack < shortest)
            shortest[better], came_from[better] = slack[better], column
            column = int(np.argmin(np.where(visited, np.inf, shortest)))
            travelled = float(shortest[column])
            visited[column] = True
            row = int(row_of_column[column])
        passed = visited.copy()
        passed[column] = False
        row_potential[start] += travelled
        row_potential[row_of_column[passed]] += travelled - shortest[passed]
        column_potential[passed] -= travelled - shortest[passed]
        _flip(row_of_column, came_from, column, start)
    return row_of_column


def _flip(
    row_of_column: NDArray[np.int64], came_from: NDArray[np.int64], column: int, start: int
) -> None:
    while column >= 0:
        previous = int(came_from[column])
        row_of_column[column] = start if previous < 0 else row_of_column[previous]
        column = previous
