"""Which of many known texts may be near another: all compared at once, so that few are measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from lpr_engine.grammar.confusion import shape

MOST_DISTANCE = 1.0
"""Texts farther apart than this may be missing among the candidates."""

_MOST_UNLIKE = 2
"""Substitutions that are no lookalikes cost half at least: no more than two fit."""

_Table: TypeAlias = NDArray[np.uint32]
"""Code points of texts of one length, shape (texts, length)."""


class NearTexts:
    """Known texts as one table for each length."""

    def __init__(self, texts: Iterable[str]) -> None:
        of_length: defaultdict[int, list[str]] = defaultdict(list)
        for text in texts:
            of_length[len(text)].append(text)
        self._texts = dict(of_length)
        self._tables = {length: _table(found) for length, found in of_length.items()}

    def candidates(self, text: str) -> list[str]:
        """All texts within `MOST_DISTANCE` of this one, and some that are farther."""
        if not text:
            return []
        asked = _table([text])
        found: list[str] = []
        for length in (len(text) - 1, len(text), len(text) + 1):
            if length in self._tables:
                near = np.flatnonzero(_near(self._tables[length], asked))
                found += [self._texts[length][row] for row in near.tolist()]
        return found


def _table(texts: list[str]) -> _Table:
    shapes = np.array([shape(text) for text in texts])
    return shapes.view(np.uint32).reshape(len(texts), -1)


def _near(known: _Table, asked: _Table) -> NDArray[np.bool_]:
    if known.shape[1] < asked.shape[1]:
        return _one_sign_more(asked, known)
    if known.shape[1] > asked.shape[1]:
        return _one_sign_more(known, asked)
    unlike: NDArray[np.bool_] = (known != asked).sum(axis=1) <= _MOST_UNLIKE
    return unlike


def _one_sign_more(longer: _Table, shorter: _Table) -> NDArray[np.bool_]:
    """Where a text is another with one sign put in: equal before it and equal behind it."""
    before = np.cumprod(longer[:, :-1] == shorter, axis=1).sum(axis=1)
    behind = np.cumprod((longer[:, 1:] == shorter)[:, ::-1], axis=1).sum(axis=1)
    enough: NDArray[np.bool_] = before + behind >= shorter.shape[1]
    return enough
