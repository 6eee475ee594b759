"""A reading made fit for voting: only slots that may hold a character, and how far to trust it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lpr_engine.grammar.confusion import mistake_kernel
from lpr_engine.model.observation import Observation, Reading

MAX_CHARACTERS = 16
"""Longer texts are no plates but banners and noise."""

ABSENT = 0
"""Column of the sign for "no character here" in every matrix of this room."""

_SURE_PAD = 0.9
_LEAST_DOUBT = 0.01
_BLUR_DOUBT = 0.15
_READER_DOUBT = 0.7
_ABSENCE_IN_DOUBT = 0.05
_SURE_ABSENCE = 0.9

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Spelling:
    """One reading's slots that may hold a character.

    `rows` has shape (slots, 1 + len(alphabet)), each row summing to 1; column 0 is absence.
    `doubt` is the chance that the reading says nothing true. `certainty` is the mean
    probability of the characters of `text`, `confidence` that of the whole text.
    """

    text: str
    alphabet: str
    rows: Matrix
    certainty: float
    confidence: float
    quality: float

    @property
    def doubt(self) -> float:
        """Chance, 0..1, that a character comes from noise rather than from the plate."""
        blur = _BLUR_DOUBT * (1 - self.quality) ** 2
        return _LEAST_DOUBT + blur + _READER_DOUBT * (1 - self.certainty) ** 2

    @property
    def weight(self) -> float:
        """How good a witness this is, 0..1.

        A text that is doubtful anywhere is less often right everywhere, so the probability of
        the whole tells more than the mean of its characters. The fourth root is as strong as
        drawn drive-bys and simulated readers together bear.
        """
        return float(self.quality * self.confidence**0.25)

    def evidence(self, alphabet: str) -> Matrix:
        """Log-probability of each sign of `alphabet` in each slot, softened by the doubt.

        A mixture bounds what one reading can claim: with chance `doubt` the slot shows a
        typical mistake instead.
        """
        return _evidence(self, alphabet)

    def absence(self, alphabet: str) -> Matrix:
        """Log-probabilities for a place where this reading shows no character."""
        sure = _SURE_ABSENCE * (1 - self.doubt)
        row = np.full(1 + len(alphabet), (1 - sure) / len(alphabet))
        row[ABSENT] = sure
        logarithms: Matrix = np.log(row)
        return logarithms


@lru_cache(maxsize=1024)
def _evidence(spelling: Spelling, alphabet: str) -> Matrix:
    rows = _on_alphabet(spelling.rows, spelling.alphabet, alphabet)
    mistaken = rows[:, 1:] @ mistake_kernel(alphabet) + rows[:, :1] / len(alphabet)
    noise = np.empty_like(rows)
    noise[:, ABSENT] = _ABSENCE_IN_DOUBT
    noise[:, 1:] = (1 - _ABSENCE_IN_DOUBT) * mistaken
    softened: Matrix = np.log((1 - spelling.doubt) * rows + spelling.doubt * noise)
    softened.setflags(write=False)
    return softened


def spell(observation: Observation) -> Spelling | None:
    """Make an observation's reading fit for voting; None where it holds nothing to vote with."""
    reading = observation.reading
    rows = _sound_rows(reading) if reading is not None else None
    if reading is None or rows is None:
        return None
    alphabet = "".join(sign for sign in reading.alphabet if sign != reading.pad)
    best = rows.argmax(axis=1)
    signs = [(alphabet[at - 1], float(rows[row, at])) for row, at in enumerate(best) if at]
    open_slots = rows[:, ABSENT] < _SURE_PAD
    if not signs or open_slots.sum() > MAX_CHARACTERS:
        return None
    return Spelling(
        text="".join(sign for sign, _ in signs),
        alphabet=alphabet,
        rows=rows[open_slots],
        certainty=sum(value for _, value in signs) / len(signs),
        confidence=float(rows.max(axis=1).prod()),
        quality=unit_interval(observation.crop.quality),
    )


def unit_interval(value: float) -> float:
    """The value clipped to 0..1; 0 for what is no number."""
    return min(max(value, 0.0), 1.0) if math.isfinite(value) else 0.0


def _sound_rows(reading: Reading) -> Matrix | None:
    """Rows with absence first, each summing to 1; None where they cannot be probabilities."""
    table = np.asarray(reading.probabilities, dtype=np.float64)
    signs = reading.alphabet
    if table.ndim != 2 or table.shape[1] != len(signs) or len(set(signs)) != len(signs):
        return None
    if len(signs) < 2 or not np.isfinite(table).all() or (table < 0).any():
        return None
    at = signs.find(reading.pad) if len(reading.pad) == 1 else -1
    absence = table[:, at : at + 1] if at >= 0 else np.zeros((len(table), 1))
    rows = np.hstack([absence, np.delete(table, at, axis=1) if at >= 0 else table])
    totals = rows.sum(axis=1, keepdims=True)
    if (totals <= 0).any():
        return None
    sound: Matrix = rows / totals
    return sound


def _on_alphabet(rows: Matrix, own: str, wanted: str) -> Matrix:
    if own == wanted:
        return rows
    moved = np.zeros((len(rows), 1 + len(wanted)))
    moved[:, ABSENT] = rows[:, ABSENT]
    moved[:, [1 + wanted.index(sign) for sign in own]] = rows[:, 1:]
    return moved
