"""A training's figures as a CSV file that grows row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path


class ProgressTable:
    """Rows of numbers; a cell is empty where a figure was not taken."""

    def __init__(self, path: Path, columns: Iterable[str]) -> None:
        """Name the file and its columns."""
        self.path, self._columns = path, list(columns)

    def add(self, row: Mapping[str, float]) -> None:
        """Append a row."""
        self.add_all([row])

    def rows(self) -> list[dict[str, float]]:
        """Every row's figures, those that were not taken left out."""
        return [
            {name: float(cell) for name, cell in row.items() if _is_figure(cell)}
            for row in self._cells()
        ]

    def go_on_from(self, column: str, last: float) -> None:
        """Drop rows behind `last`, which a resumed training will write again."""
        kept = [
            row
            for row in self._cells()
            if _is_figure(cell := row.get(column, "")) and float(cell) <= last
        ]
        self._columns = list(
            dict.fromkeys([*self._columns, *(name for row in kept for name in row)])
        )
        partial = ProgressTable(self.path.with_suffix(".partial"), self._columns)
        partial.path.unlink(missing_ok=True)
        partial.add_all(kept)
        partial.path.replace(self.path)

    def add_all(self, rows: Iterable[Mapping[str, float | str]]) -> None:
        """Append rows; a new file gets its header even without any."""
        is_new = not self.path.exists()
        with self.path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, self._columns)
            if is_new:
                writer.writeheader()
            writer.writerows(rows)

    def _cells(self) -> list[dict[str, str]]:
        if not self.path.exists():
            return []
        with self.path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        # A row that a power cut left unfinished lacks cells.
        return [{name: cell or "" for name, cell in row.items() if name} for row in rows]


def _is_figure(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
