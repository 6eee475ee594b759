"""What has to be changed in one text to get the other, sign by sign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

Edit = tuple[str, str]
"""A wanted sign and the sign read in its place; empty where there is none."""


def edits(wanted: str, read: str) -> list[Edit]:
    """Both texts aligned with the fewest changes: an entry for each sign, the right ones too.

    The Levenshtein distance with its way back; of equally good ways one with few gaps.
    """
    table = _distances(wanted, read)
    row, column = len(wanted), len(read)
    pairs: list[Edit] = []
    while row or column:
        here = table[row][column]
        if (
            row
            and column
            and here == table[row - 1][column - 1] + (wanted[row - 1] != read[column - 1])
        ):
            row, column = row - 1, column - 1
            pairs.append((wanted[row], read[column]))
        elif row and here == table[row - 1][column] + 1:
            row -= 1
            pairs.append((wanted[row], ""))
        else:
            column -= 1
            pairs.append(("", read[column]))
    return pairs[::-1]


def mistakes(wanted: str, read: str) -> int:
    """How many signs are wrong, missing or too many."""
    return _distances(wanted, read)[-1][-1]


def confusions(texts: Iterable[tuple[str, str]]) -> Counter[Edit]:
    """How often each wanted sign was read as each other one, over pairs (wanted, read)."""
    return Counter(pair for wanted, read in texts for pair in edits(wanted, read))


def _distances(wanted: str, read: str) -> list[list[int]]:
    """Least changes between each pair of beginnings."""
    table = [list(range(len(read) + 1))]
    for number, sign in enumerate(wanted, start=1):
        above, line = table[-1], [number]
        for column, other in enumerate(read, start=1):
            line.append(
                min(above[column] + 1, line[-1] + 1, above[column - 1] + (sign != other)),
            )
        table.append(line)
    return table
