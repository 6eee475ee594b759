"""What a track can show for itself: its best picture, and its readings one by one."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from lpr_engine.grammar.confusion import distance
from lpr_engine.model.frame import Frame
from lpr_engine.model.geometry import Box
from lpr_engine.model.passage import Evidence, ReadingRecord
from lpr_engine.tracking.sighting import Sighting
from lpr_engine.tracking.spelling import Spelling, unit_interval
from lpr_engine.tracking.vote import AGREEING_DISTANCE

_MAX_RECORDS = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Exhibit:
    """A candidate for the evidence of a passage; `box` in 0..1 of its frame."""

    frame: Frame
    sighting: Sighting
    spelling: Spelling

    @property
    def box(self) -> Box:
        """The plate, in 0..1 of the frame."""
        return self.sighting.box

    @property
    def evidence(self) -> Evidence:
        """The form the store takes."""
        return Evidence(self.frame, self.sighting.observation)

    def rank(self, text: str) -> tuple[bool, float]:
        """How well it shows that text: agreeing readings first, then quality and certainty."""
        agrees = distance(text, self.spelling.text) <= AGREEING_DISTANCE
        return agrees, self.spelling.weight


class Records:
    """The readings that no update has carried yet; beyond a thousand the oldest are forgotten."""

    def __init__(self) -> None:
        self._waiting: deque[ReadingRecord] = deque(maxlen=_MAX_RECORDS)

    def add(self, frame: Frame, sighting: Sighting, spelling: Spelling) -> None:
        """Note one reading."""
        reading = sighting.observation.reading
        self._waiting.append(
            ReadingRecord(
                taken_at=frame.taken_at,
                text=spelling.text,
                confidence=unit_interval(reading.confidence) if reading else 0.0,
                quality=spelling.quality,
                box=sighting.box,
            )
        )

    def join(self, other: Records) -> None:
        """Take over what another piece of the track has not delivered."""
        self._waiting.extend(other._waiting)

    def take(self) -> tuple[ReadingRecord, ...]:
        """Hand out what waits, once."""
        taken = tuple(self._waiting)
        self._waiting.clear()
        return taken
