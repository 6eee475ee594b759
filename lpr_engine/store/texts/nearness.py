"""How far all texts are from one that is looked for, in the confusion costs of plates.

Levenshtein's recurrence (`lpr_engine.grammar.confusion.distance`) over all texts at once: one
step for each pair of signs that can still belong together within the limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from lpr_engine.grammar.confusion import latinize, substitution_cost
from lpr_engine.store.texts.columns import View

TENTHS = 10
"""Costs are whole tenths here, so that sums are exact."""

_GAP = np.uint16(TENTHS)
_SCRIPT_COST = 1


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """Texts by number with their distances in tenths, in no order."""

    numbers: NDArray[np.int64]
    tenths: NDArray[np.uint16]


def cost_tenths(first: str, second: str) -> int:
    """What it costs to take one sign for the other; those of another script are lookalikes."""
    if first == second:
        return 0
    first, second = latinize(first) or first, latinize(second) or second
    if first == second:
        return _SCRIPT_COST
    return round(TENTHS * substitution_cost(first, second))


class Ruler:
    """Measures texts against one that is looked for."""

    def __init__(self, text: str, signs: Sequence[str], limit_tenths: int) -> None:
        self._limit = limit_tenths
        self._reach = limit_tenths // TENTHS
        rows = {sign: _costs(sign, signs) for sign in set(text)}
        self._rows = [rows[sign] for sign in text]

    def may_reach(self, length: int) -> bool:
        """Whether any text of that length can be near enough."""
        return abs(length - len(self._rows)) <= self._reach

    def measure(self, view: View) -> Near:
        """The texts that are near enough."""
        found = [self._measure_part(part) for part in view.chunks()]
        return Near(
            np.concatenate([near.numbers for near in found]),
            np.concatenate([near.tenths for near in found]),
        )

    def _measure_part(self, part: View) -> Near:
        """Rows of the recurrence, each kept by its columns' offsets from the diagonal."""
        codes, numbers = part.codes, part.numbers
        longer = part.length - len(self._rows)
        offsets = _offsets(longer, self._reach)
        above = {
            offset: np.full(len(numbers), offset * TENTHS, np.uint16)
            for offset in offsets
            if offset >= 0
        }
        for row, costs in enumerate(self._rows, start=1):
            above = _next_row(row, offsets, costs, codes, above)
            alive = _still_to_come(above, longer) <= self._limit
            if 2 * np.count_nonzero(alive) < len(numbers):
                codes, numbers = codes[:, alive], numbers[alive]
                above = {offset: values[alive] for offset, values in above.items()}
        tenths = above[longer]
        near = tenths <= self._limit
        return Near(numbers[near], tenths[near])


def _offsets(longer: int, reach: int) -> range:
    """How far from the diagonal a way may lead that starts and ends where it must."""
    spare = (reach - abs(longer)) // 2
    return range(min(0, longer) - spare, max(0, longer) + spare + 1)


def _next_row(
    row: int,
    offsets: range,
    costs: NDArray[np.uint16],
    codes: NDArray[np.uint16],
    above: Mapping[int, NDArray[np.uint16]],
) -> dict[int, NDArray[np.uint16]]:
    current: dict[int, NDArray[np.uint16]] = {}
    for offset in offsets:
        column = row + offset
        if not 0 <= column <= len(codes):
            continue
        ways = []
        if offset + 1 in above:
            ways.append(above[offset + 1] + _GAP)
        if offset - 1 in current:
            ways.append(current[offset - 1] + _GAP)
        if offset in above and column > 0:
            ways.append(above[offset] + costs.take(codes[column - 1]))
        current[offset] = _least(ways)
    return current


def _still_to_come(above: Mapping[int, NDArray[np.uint16]], longer: int) -> NDArray[np.uint16]:
    """What each text will cost at least, with the gaps that lead back to its end."""
    return _least(values + _GAP * abs(longer - offset) for offset, values in above.items())


def _least(rows: Iterable[NDArray[np.uint16]]) -> NDArray[np.uint16]:
    """The least of each column; `np.minimum.reduce` would copy all rows first."""
    return reduce(np.minimum, rows)


def _costs(sign: str, signs: Sequence[str]) -> NDArray[np.uint16]:
    """The cost of a sign against each code; a sign that no text holds is as wrong as any."""
    return np.array([TENTHS, *(cost_tenths(sign, other) for other in signs)], np.uint16)
