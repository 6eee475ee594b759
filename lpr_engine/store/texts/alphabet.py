"""The signs that occur in texts, as small numbers."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

UNKNOWN = 0
"""The code of a sign that no text holds."""

_MOST_SIGNS = np.iinfo(np.uint16).max


class Alphabet:
    """Grows with the texts; a sign keeps its code."""

    def __init__(self) -> None:
        self.signs: list[str] = []
        """The sign of each code, from 1 on."""
        self._codes = np.zeros(sys.maxunicode + 1, np.uint16)

    def encode(self, texts: Sequence[str], length: int) -> NDArray[np.uint16]:
        """Codes of texts that all have the same length; shape (texts, length).

        Should the world ever have more signs than there are codes, the rest is UNKNOWN.
        """
        joined = "".join(texts).encode("utf-32-le", errors="surrogatepass")
        points = np.frombuffer(joined, np.uint32).reshape(len(texts), length)
        codes = self._codes[points]
        if not codes.all():
            self._learn(points[codes == UNKNOWN])
            codes = self._codes[points]
        return codes

    def codes_of(self, text: str) -> list[int]:
        """The code of each sign of a text that is looked for."""
        return [int(self._codes[ord(sign)]) for sign in text]

    def _learn(self, points: NDArray[np.uint32]) -> None:
        room = _MOST_SIGNS - len(self.signs)
        fresh = np.unique(points)[:room].tolist()
        for point in fresh:
            self.signs.append(chr(point))
            self._codes[point] = len(self.signs)
