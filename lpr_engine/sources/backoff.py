"""How long to wait before a broken stream is opened again."""

from __future__ import annotations

import random
from collections.abc import Callable


class Backoff:
    """Waits drawn evenly from `first_s` up to a ceiling that doubles each time, up to `most_s`.

    The draw keeps many cameras that lost one switch from coming back all at once ("full jitter").
    """

    def __init__(
        self,
        first_s: float,
        most_s: float,
        draw: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._first_s = first_s
        self._most_s = most_s
        self._draw = draw
        self._ceiling_s = first_s

    def next_delay_s(self) -> float:
        """The next wait, in seconds."""
        self._ceiling_s = min(self._ceiling_s * 2, self._most_s)
        return self._draw(self._first_s, self._ceiling_s)

    def reset(self) -> None:
        """Begin anew, the stream having proved stable."""
        self._ceiling_s = self._first_s
