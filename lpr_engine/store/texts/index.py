"""All distinct texts in memory, asked for a start, a pattern or a nearness in one sweep.

A million texts take some 20 MB and are swept in a few hundredths of a second, which no index on
disk would do for patterns and distances alike; so none has to be written for them either.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lpr_engine.store.texts.alphabet import Alphabet
from lpr_engine.store.texts.automaton import build_automaton
from lpr_engine.store.texts.columns import Columns, View
from lpr_engine.store.texts.nearness import Near, Ruler
from lpr_engine.store.texts.syntax import Pattern

_NO_NUMBERS = np.empty(0, np.int64)


class TextIndex:
    """Grows by texts with ever higher numbers; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._alphabet = Alphabet()
        self._columns: dict[int, Columns] = {}
        self.last = 0
        """The highest number that was learned."""

    def learn(self, rows: Sequence[tuple[int, str]]) -> None:
        """Take in texts with their numbers, which rise from beyond `last`."""
        by_length: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
        for row in rows:
            by_length[len(row[1])].append(row)
        with self._lock:
            for length, some in by_length.items():
                codes = self._alphabet.encode([text for _, text in some], length)
                numbers = np.array([number for number, _ in some], np.int64)
                self._columns.setdefault(length, Columns(length)).append(codes, numbers)
            self.last = rows[-1][0] if rows else self.last

    def beginning(self, text: str) -> NDArray[np.int64]:
        """The numbers of the texts that begin so."""
        views, alphabet = self._now()
        codes = [int(code) for code in alphabet.codes_of(text)]
        return _joined([_beginning(view, codes) for view in views if view.length >= len(codes)])

    def matching(self, pattern: Pattern, *, anywhere: bool) -> NDArray[np.int64]:
        """The numbers of the texts that a pattern fits, or with `anywhere` a part of which.

        Raises:
            SearchError: the pattern is too complex.
        """
        views, alphabet = self._now()
        automaton = build_automaton(pattern, tuple(alphabet.signs), anywhere=anywhere)
        return _joined([automaton.matching(view) for view in views])

    def near(self, text: str, limit_tenths: int) -> Near:
        """The texts no farther than a distance, and how far they are."""
        views, alphabet = self._now()
        ruler = Ruler(text, tuple(alphabet.signs), limit_tenths)
        found = [ruler.measure(view) for view in views if ruler.may_reach(view.length)]
        if not found:
            return Near(_NO_NUMBERS, np.empty(0, np.uint16))
        return Near(
            np.concatenate([near.numbers for near in found]),
            np.concatenate([near.tenths for near in found]),
        )

    def _now(self) -> tuple[list[View], Alphabet]:
        with self._lock:
            return [columns.view() for columns in self._columns.values()], self._alphabet


def _beginning(view: View, codes: Sequence[int]) -> NDArray[np.int64]:
    fits = np.ones(len(view.numbers), np.bool_)
    for column, code in enumerate(codes):
        fits &= view.codes[column] == code
    return view.numbers[fits]


def _joined(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate(parts) if parts else _NO_NUMBERS
