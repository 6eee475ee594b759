"""Texts of one length, sign by sign in columns, so that one step looks at all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FIRST_CAPACITY = 64
CHUNK = 32_768
"""So many texts at once stay in the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What was there at one instant: `codes` of shape (length, texts), `numbers` of (texts,)."""

    codes: NDArray[np.uint16]
    numbers: NDArray[np.int64]

    @property
    def length(self) -> int:
        """How many signs each text has."""
        return len(self.codes)

    def chunks(self) -> list[View]:
        """The same in parts."""
        return [
            View(self.codes[:, start : start + CHUNK], self.numbers[start : start + CHUNK])
            for start in range(0, len(self.numbers), CHUNK)
        ]


class Columns:
    """Grows at its end; views taken before stay as they are."""

    def __init__(self, length: int) -> None:
        self._codes = np.zeros((length, _FIRST_CAPACITY), np.uint16)
        self._numbers = np.zeros(_FIRST_CAPACITY, np.int64)
        self._count = 0

    def append(self, codes: NDArray[np.uint16], numbers: NDArray[np.int64]) -> None:
        """Take in more texts; `codes` is of shape (texts, length)."""
        end = self._count + len(numbers)
        self._make_room(end)
        self._codes[:, self._count : end] = codes.T
        self._numbers[self._count : end] = numbers
        self._count = end

    def view(self) -> View:
        """All that is there now."""
        return View(self._codes[:, : self._count], self._numbers[: self._count])

    def _make_room(self, needed: int) -> None:
        capacity = len(self._numbers)
        if needed <= capacity:
            return
        more = max(needed, capacity * 3 // 2) - capacity
        self._codes = np.pad(self._codes, ((0, 0), (0, more)))
        self._numbers = np.pad(self._numbers, (0, more))
