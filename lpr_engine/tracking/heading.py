"""Which way a plate crosses its camera's direction line."""

from __future__ import annotations

import math

from lpr_engine.model.geometry import DirectionLine
from lpr_engine.model.passage import Direction

_HYSTERESIS = 0.01
"""Share of the frame that a centre must be away from the line to count as on a side."""


class Heading:
    """The first and the last side on which a plate was clearly seen.

    Nearer to the line than a hundredth of the frame a centre is on neither side, so a plate that
    trembles on the line crosses nothing; one that comes back has crossed nothing either.
    """

    def __init__(self, line: DirectionLine | None) -> None:
        self._line = line
        self._first = 0
        self._last = 0

    def observe(self, x: float, y: float) -> None:
        """Take a centre, in 0..1 of the frame."""
        side = self._side(x, y)
        if side:
            self._first = self._first or side
            self._last = side

    def join(self, later: Heading) -> None:
        """Continue with the path of a later piece of the same track."""
        self._first = self._first or later._first
        self._last = later._last or self._last

    @property
    def direction(self) -> Direction:
        """`in` or `out` once both sides were seen, else `unknown`."""
        if self._first == self._last:
            return Direction.UNKNOWN
        return Direction.IN if self._last > 0 else Direction.OUT

    def _side(self, x: float, y: float) -> int:
        if self._line is None:
            return 0
        length = math.dist(self._line.start, self._line.end)
        offset = self._line.side(x, y) / length if length > 0 else 0.0
        if abs(offset) <= _HYSTERESIS:
            return 0
        return 1 if offset > 0 else -1


def is_reversal(first: Direction, second: Direction) -> bool:
    """Whether the two are the opposite of each other."""
    return {first, second} == {Direction.IN, Direction.OUT}
