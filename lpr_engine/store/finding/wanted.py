"""The texts that a query means, by their numbers, and how far each is from what was asked for."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lpr_engine.grammar.confusion import normalize
from lpr_engine.model.errors import SearchError
from lpr_engine.model.search import TextKind, TextQuery
from lpr_engine.store.texts.index import TextIndex
from lpr_engine.store.texts.nearness import TENTHS
from lpr_engine.store.texts.regex import parse_regex
from lpr_engine.store.texts.wildcard import parse_wildcard

LONGEST_TEXT = 100
MOST_DISTANCE = 3.0
MOST_NEAR_TEXTS = 4000
"""Of a short text and a long distance, nearly all texts are near: only the nearest count."""

TENTHS_BITS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """Numbers of texts, each with its distance in tenths, fewer than 2 ** TENTHS_BITS."""

    numbers: NDArray[np.int64]
    tenths: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.numbers)

    def as_json(self) -> str:
        """For SQLite to read: number times 2 ** TENTHS_BITS, plus the tenths."""
        return json.dumps(((self.numbers << TENTHS_BITS) | self.tenths).tolist())

    def marks(self, size: int) -> bytes:
        """For each number below `size`: 0 where it is not wanted, else its tenths and one."""
        marks = np.zeros(size, np.uint8)
        # Texts that came meanwhile are not for this search.
        there = self.numbers < size
        marks[self.numbers[there]] = self.tenths[there] + 1
        return marks.tobytes()


def usual_distance(length: int) -> float:
    """How far a text of that length may be from another and still look like it.

    Short texts are told apart by lookalikes alone; long ones forgive two whole characters.
    """
    if length < 4:
        return 0.4
    return 1.0 if length < 6 else 2.0


def wanted_texts(query: TextQuery, index: TextIndex, connection: sqlite3.Connection) -> Wanted:
    """All texts that a query means.

    Raises:
        SearchError: its pattern is malformed or too complex, or it asks for nothing.
    """
    if len(query.text) > LONGEST_TEXT:
        raise SearchError(f"at most {LONGEST_TEXT} characters can be looked for")
    if query.kind is TextKind.REGEX:
        return _alike(index.matching(parse_regex(query.text), anywhere=True))
    if query.kind is TextKind.WILDCARD:
        return _alike(index.matching(parse_wildcard(query.text), anywhere=False))
    text = normalize(query.text)
    if not text:
        raise SearchError("a letter or digit is needed to look for")
    if query.kind is TextKind.EXACT:
        return _exactly(text, connection)
    if query.kind is TextKind.PREFIX:
        return _alike(index.beginning(text))
    return _near(text, query.most_distance, index)


def _exactly(text: str, connection: sqlite3.Connection) -> Wanted:
    found = connection.execute("SELECT number FROM texts WHERE text = ?", (text,)).fetchall()
    return _alike(np.array([row[0] for row in found], np.int64))


def _near(text: str, most: float | None, index: TextIndex) -> Wanted:
    distance = usual_distance(len(text)) if most is None else most
    if not 0 <= distance <= MOST_DISTANCE:
        raise SearchError(f"a distance from 0 to {MOST_DISTANCE:.0f} was expected")
    near = index.near(text, round(TENTHS * distance))
    nearest = np.argsort(near.tenths, kind="stable")[:MOST_NEAR_TEXTS]
    return Wanted(near.numbers[nearest], near.tenths[nearest])


def _alike(numbers: NDArray[np.int64]) -> Wanted:
    return Wanted(numbers, np.zeros(len(numbers), np.uint16))
