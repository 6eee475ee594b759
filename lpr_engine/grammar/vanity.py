"""How usual a text is as one that an owner chose: words and names, with a few digits.

Not a list of words but a chain of three kinds of signs: vowels, other letters and digits. Each
sign's kind depends on the kind before it, the sign itself on its kind alone. So a round sign
among letters is rather an O, among digits rather a zero.
"""

from __future__ import annotations

import math
from functools import lru_cache

_FREQUENCIES = (
    "E11.2 A8.5 R7.6 I7.5 O7.2 T7.0 N6.7 S6.4 L5.5 C4.5 U3.6 D3.4 P3.2 M3.4 H3.0 G2.5 B2.2 F1.8 "
    "Y2.2 W1.5 K1.8 V1.4 X0.9 Z0.8 J0.9 Q0.3"
)
"""Letters in English words, in hundredths; the rare ones a little more, as plates have them."""

_DIGITS = "1 18 2 16 4 13 3 10 0 9 5 8 7 8 8 7 9 6 6 5"
"""Digits in chosen texts, in hundredths: 1, 2 and 4 stand for words."""

_START = {"vowel": 0.22, "consonant": 0.7, "digit": 0.08}
_NEXT = {
    "vowel": {"vowel": 0.13, "consonant": 0.79, "digit": 0.08},
    "consonant": {"vowel": 0.46, "consonant": 0.46, "digit": 0.08},
    "digit": {"vowel": 0.1, "consonant": 0.34, "digit": 0.56},
}
_SIGNS = 36


def _kind(sign: str) -> str:
    if sign.isdigit():
        return "digit"
    return "vowel" if sign in "AEIOU" else "consonant"


def _table() -> dict[str, float]:
    """Probability of each sign among those of its kind."""
    weights = {pair[0]: float(pair[1:]) for pair in _FREQUENCIES.split()}
    digits = iter(_DIGITS.split())
    weights |= {sign: float(weight) for sign, weight in zip(digits, digits, strict=True)}
    totals: dict[str, float] = {}
    for sign, weight in weights.items():
        totals[_kind(sign)] = totals.get(_kind(sign), 0.0) + weight
    return {sign: weight / totals[_kind(sign)] for sign, weight in weights.items()}


_CHANCES = _table()


@lru_cache(maxsize=8192)
def vanity_odds(text: str) -> float:
    """Odds of the text against a random one of its length; 0 for signs that plates lack."""
    if not text or any(sign not in _CHANCES for sign in text):
        return 0.0
    total, steps = 0.0, _START
    for sign in text:
        kind = _kind(sign)
        total += math.log(_SIGNS * steps[kind] * _CHANCES[sign])
        steps = _NEXT[kind]
    return math.exp(total)
