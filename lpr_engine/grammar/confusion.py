"""How easily one character of a plate is taken for another, and distances built on that.

The costs follow the shapes of plate fonts: 0 is free, 1 is as wrong as any other character.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

LOOKALIKES = ("0ODQ", "1IL", "2Z", "5S", "8B", "6G")
"""Groups that many plate fonts hardly tell apart; the first of each stands for the group."""

LOOKALIKE_COST = 0.2

_RESEMBLING_COST = 0.5
_RESEMBLING = {
    "0": "CGU86",
    "1": "7TJ",
    "2": "7",
    "3": "8B",
    "4": "A",
    "5": "68B",
    "6": "8",
    "7": "TYZ",
    "8": "9",
    "9": "GP",
    "B": "EDR",
    "C": "GO",
    "D": "U",
    "E": "FL",
    "F": "P",
    "G": "Q",
    "H": "KMN",
    "I": "JT",
    "J": "U",
    "K": "X",
    "M": "NW",
    "N": "W",
    "O": "U",
    "P": "R",
    "S": "B",
    "U": "V",
    "V": "WY",
    "X": "Y",
}
"""Looser likenesses, each pair named once."""

_CYRILLIC = str.maketrans("АВЕКМНОРСТУХІ", "ABEKMHOPCTYXI")  # noqa: RUF001 - lookalikes on purpose
_FOLD = str.maketrans({sign: group[0] for group in LOOKALIKES for sign in group[1:]})


def _pair_costs() -> dict[tuple[str, str], float]:
    costs = {(a, b): _RESEMBLING_COST for a, others in _RESEMBLING.items() for b in others}
    for group in LOOKALIKES:
        costs.update({(a, b): LOOKALIKE_COST for a in group for b in group if a != b})
    return costs | {(b, a): cost for (a, b), cost in costs.items()}


_COSTS = _pair_costs()


def substitution_cost(first: str, second: str) -> float:
    """How wrong it is to take one character for the other, 0..1; symmetric."""
    if first == second:
        return 0.0
    return _COSTS.get((first, second), 1.0)


def normalize(text: str) -> str:
    """Letters and digits alone, in capitals, as plates are stored: `b-ab 12` is `BAB12`.

    Digits of other scripts become 0 to 9. What is normalized stays as it is.
    """
    if text.isascii():
        return "".join(filter(str.isalnum, text)).upper()
    composed = unicodedata.normalize("NFKC", text).upper()
    bare = "".join(_western(sign) for sign in composed if sign.isalnum())
    # Signs that a separator held apart may compose.
    return unicodedata.normalize("NFKC", bare)


def _western(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)


def shape(text: str) -> str:
    """The text with each sign as the first of its lookalikes; as long as the text itself."""
    return text.translate(_FOLD)


@lru_cache(maxsize=4096)
def latinize(text: str) -> str:
    """The text without accents, in Latin letters where another script's look just like them."""
    apart = unicodedata.normalize("NFKD", normalize(text)).translate(_CYRILLIC)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The form that all texts share which differ only by lookalikes, accents or script."""
    return latinize(text).translate(_FOLD)


@lru_cache(maxsize=8192)
def distance(first: str, second: str, gap_cost: float = 1.0) -> float:
    """Least total cost of substitutions, insertions and deletions between two texts.

    Levenshtein's recurrence with `substitution_cost`; symmetric.
    """
    above = [column * gap_cost for column in range(len(second) + 1)]
    for row, sign in enumerate(first, start=1):
        left = row * gap_cost
        current = [left]
        for column, other in enumerate(second):
            replaced = above[column] + (0.0 if sign == other else _COSTS.get((sign, other), 1.0))
            left = min(replaced, min(above[column + 1], left) + gap_cost)
            current.append(left)
        above = current
    return above[-1]


def dissimilarity(first: str, second: str) -> float:
    """`distance` over the longer length, 0..1; two empty texts are alike."""
    longest = max(len(first), len(second))
    return distance(first, second) / longest if longest else 0.0


@lru_cache(maxsize=16)
def mistake_kernel(alphabet: str) -> NDArray[np.float64]:
    """What a reader may say instead of each character, when it errs.

    Shape (len(alphabet), len(alphabet)), rows sum to 1: half of a row goes to the characters
    that resemble its own, by how much they do, the rest evenly to all.
    """
    size = len(alphabet)
    likeness = np.array(
        [[1.0 - substitution_cost(a, b) if a != b else 0.0 for b in alphabet] for a in alphabet]
    ).reshape(size, size)
    totals = likeness.sum(axis=1, keepdims=True)
    evenly = np.full((size, size), 1.0 / max(size, 1))
    near = np.divide(likeness, totals, out=evenly.copy(), where=totals > 0)
    kernel: NDArray[np.float64] = 0.5 * near + 0.5 * evenly
    kernel.setflags(write=False)
    return kernel
