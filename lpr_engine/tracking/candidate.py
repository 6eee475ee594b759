"""The likeliest texts that a row of independent places can spell."""

from __future__ import annotations

import math
from dataclasses import dataclass
from heapq import nlargest

import numpy as np

from lpr_engine.tracking.spelling import ABSENT, Matrix

MAX_CANDIDATES = 16
_BEAM_WIDTH = 32
_SIGNS_PER_PLACE = 4
_LEAST_PROBABILITY = 1e-4

_Choice = tuple[str, float]
_Beam = tuple[float, tuple[_Choice, ...]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible text, its probability, and that of each of its characters."""

    text: str
    probability: float
    characters: tuple[tuple[str, float], ...]


def likeliest_texts(places: Matrix, alphabet: str) -> list[Candidate]:
    """The most probable texts, best first; empty texts are left out.

    `places` has shape (places, 1 + len(alphabet)), each row summing to 1, absence first.
    """
    beams: list[_Beam] = [(0.0, ())]
    for row in places:
        choices = _choices(row, alphabet)
        grown = [
            (total + math.log(value), (*signs, (sign, value)))
            for total, signs in beams
            for sign, value in choices
        ]
        beams = nlargest(_BEAM_WIDTH, grown, key=lambda beam: beam[0])
    return _merged(beams)


def _choices(row: Matrix, alphabet: str) -> list[_Choice]:
    order = np.argsort(-row, kind="stable")[:_SIGNS_PER_PLACE]
    return [
        ("" if at == ABSENT else alphabet[at - 1], float(row[at]))
        for rank, at in enumerate(order)
        if rank == 0 or row[at] >= _LEAST_PROBABILITY
    ]


def _merged(beams: list[_Beam]) -> list[Candidate]:
    """One candidate for each text: the same text may come about at different places."""
    found: dict[str, Candidate] = {}
    for total, signs in beams:
        spelled = tuple((sign, value) for sign, value in signs if sign)
        text = "".join(sign for sign, _ in spelled)
        known = found.get(text)
        probability = math.exp(total) + (known.probability if known else 0.0)
        characters = known.characters if known else spelled
        found[text] = Candidate(text, min(probability, 1.0), characters)
    found.pop("", None)
    return nlargest(MAX_CANDIDATES, found.values(), key=lambda candidate: candidate.probability)
