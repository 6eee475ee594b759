"""A pattern as one table: each sign leads from one state to one other, whatever the pattern.

The time that a search takes therefore depends on the texts alone; a pattern that would need too
large a table is refused before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.errors import SearchError
from lpr_engine.store.texts.columns import View
from lpr_engine.store.texts.states import Graph
from lpr_engine.store.texts.syntax import Pattern

_MOST_WORK = 100_000
_LOST = 0
"""The state from which nothing fits any more."""


@dataclass(frozen=True, slots=True, eq=False)
class Automaton:
    """State times `width` plus a sign's code is the place in `table` of the next state.

    The states in `table` are multiplied by `width` already; `fits` is of shape (states,).
    """

    table: NDArray[np.intp]
    width: int
    first: int
    fits: NDArray[np.bool_]

    def matching(self, view: View) -> NDArray[np.int64]:
        """The numbers of the texts that fit."""
        found = [self._matching_part(part) for part in view.chunks()]
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def _matching_part(self, part: View) -> NDArray[np.int64]:
        codes, numbers = part.codes, part.numbers
        states = np.full(len(numbers), self.first * self.width, np.intp)
        for column in range(part.length):
            states = self.table.take(states + codes[column])
            alive = states != _LOST
            if 2 * np.count_nonzero(alive) < len(states):
                codes, numbers, states = codes[:, alive], numbers[alive], states[alive]
        return numbers[self.fits[states // self.width]]


def build_automaton(pattern: Pattern, signs: Sequence[str], *, anywhere: bool) -> Automaton:
    """The table of a pattern over the signs of an alphabet, whose codes begin at 1.

    With `anywhere` the pattern may fit any part of a text; else it has to fit from its start on.

    Raises:
        SearchError: the pattern is too complex.
    """
    return _Subsets(Graph(pattern), signs, anywhere).build()


class _Subsets:
    """The subset construction: each state of the table is a set of the graph's states."""

    def __init__(self, graph: Graph, signs: Sequence[str], anywhere: bool) -> None:
        self._graph = graph
        self._anywhere = anywhere
        self._width = len(signs) + 1
        self._kinds = _kinds_of_signs(graph, signs)
        self._afresh = graph.reachable([graph.first]) if anywhere else frozenset()
        self._numbers: dict[frozenset[int], int] = {frozenset(): _LOST}
        self._work = 0

    def build(self) -> Automaton:
        first = self._graph.reachable([self._graph.first], at_start=True)
        waiting = [first]
        self._numbers[first] = 1
        rows = {_LOST: np.zeros(self._width, np.intp)}
        for subset in waiting:
            rows[self._numbers[subset]] = self._row(subset, waiting)
        fits = [self._fits(subset, subset == first) for subset in self._numbers]
        table = np.concatenate([rows[number] for number in range(len(rows))]) * self._width
        return Automaton(table, self._width, 1, np.array(fits))

    def _row(self, subset: frozenset[int], waiting: list[frozenset[int]]) -> NDArray[np.intp]:
        row = np.zeros(self._width, np.intp)
        for codes, readers in self._kinds:
            after = self._after(subset, readers)
            if after not in self._numbers:
                self._numbers[after] = len(self._numbers)
                waiting.append(after)
            row[codes] = self._numbers[after]
        return row

    def _after(self, subset: frozenset[int], readers: frozenset[int]) -> frozenset[int]:
        if self._anywhere and self._graph.last in subset:
            return subset
        nexts = [self._graph.states[number].after for number in subset & readers]
        after = self._graph.reachable(nexts) | self._afresh
        self._work += 1 + len(subset) + len(after)
        if self._work > _MOST_WORK:
            raise SearchError("the pattern is too complex")
        return after

    def _fits(self, subset: frozenset[int], at_start: bool) -> bool:
        return self._graph.last in self._graph.reachable(subset, at_start=at_start, at_end=True)


def _kinds_of_signs(graph: Graph, signs: Sequence[str]) -> list[tuple[list[int], frozenset[int]]]:
    """Signs that no state tells apart: their codes, and the states that read them."""
    readers = [(number, one.signs) for number, one in enumerate(graph.states) if one.signs]
    kinds: dict[frozenset[int], list[int]] = {}
    for code, sign in enumerate(signs, start=1):
        reading = frozenset(number for number, some in readers if some.holds(sign))
        kinds.setdefault(reading, []).append(code)
    return [(codes, reading) for reading, codes in kinds.items()]
