"""Passages that are over, remembered for a while so that none is reported twice."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from lpr_engine.grammar.confusion import distance, fold
from lpr_engine.model.passage import Direction
from lpr_engine.tracking.heading import is_reversal

_MAX_REMEMBERED = 100
_ONE_MISTAKE = 1.0
SURE_CONFIDENCE = 0.8


@dataclass(frozen=True, slots=True)
class EndedPassage:
    """What is remembered of a passage after its final."""

    text: str
    direction: Direction
    seen_s: float
    ended_s: float


class Recollection:
    """The last passages of one camera, at most a hundred."""

    def __init__(self, within_s: float) -> None:
        self.within_s = within_s
        self._ended: deque[EndedPassage] = deque(maxlen=_MAX_REMEMBERED)

    def remember(self, passage: EndedPassage) -> None:
        """Keep a passage that has just ended, or was seen once more."""
        self._ended.append(passage)

    def repeats(self, text: str, confidence: float, direction: Direction, started_s: float) -> bool:
        """Whether a track of that text is only the continuation of a passage already told.

        It is, when it began soon after the end of one with the same plate, unless it clearly
        goes the other way.
        """
        unsure = confidence < SURE_CONFIDENCE
        return any(
            started_s - ended.ended_s <= self.within_s
            and is_same_plate(text, ended.text, doubtful=unsure and ended.seen_s < started_s)
            and not is_reversal(direction, ended.direction)
            for ended in self._ended
        )

    def forget(self) -> None:
        """Start anew."""
        self._ended.clear()


def is_same_plate(text: str, known: str, *, doubtful: bool = False) -> bool:
    """Whether a voted text is the known plate read again.

    It may differ by lookalikes only, so that two cars of one fleet stay two; a doubtful text of a
    car that was not in view together with the known one may differ by a whole character.
    """
    if fold(text) == fold(known):
        return True
    return doubtful and distance(text, known) <= _ONE_MISTAKE
