"""A recorded drive-by through the engine's tracker: which passages are told, when, and of whom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import count

import numpy as np

from lpr_engine.config.sections import CameraSection, TrackingSection
from lpr_engine.grammar.prior import Grammar
from lpr_engine.model.frame import Frame
from lpr_engine.model.passage import PassageUpdate, ReadingRecord, Stage
from lpr_engine.tracking.tracker import PlateTracker
from lpr_engine.training.evaluation.drives.record import DriveRecord, FrameRecord

_MIDNIGHT = datetime(2026, 1, 1, tzinfo=timezone.utc)
_SAME_BOX_IOU = 0.95


@dataclass(frozen=True, slots=True)
class Word:
    """One revision of a passage: when it was told, and what it says."""

    time_s: float
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Told:
    """A passage that was told to its end.

    `votes` are the cars whose plates its readings show, None for readings of no plate.
    `cut_short` is true where the drive-by ended before the passage did.
    """

    previews: tuple[Word, ...]
    final: Word
    cut_short: bool
    votes: dict[int | None, int]

    @property
    def passer(self) -> int | None:
        """The car that most of the readings show."""
        return max(self.votes, key=lambda at: (self.votes[at], at is not None), default=None)


def camera_of(record: DriveRecord) -> CameraSection:
    """The camera as it would be configured."""
    return CameraSection(id="drive", source="drawn", fps=record.conditions.fps)


def frame_of(record: DriveRecord, shot: FrameRecord) -> Frame:
    """The frame as the pipeline hands it on, without its pixels."""
    blank = np.broadcast_to(np.zeros((1, 1, 3), np.uint8), (record.size[1], record.size[0], 3))
    taken_at = _MIDNIGHT + timedelta(seconds=shot.time_s)
    return Frame("drive", blank, taken_at, shot.time_s, shot.number)


def replay(record: DriveRecord, grammar: Grammar, rules: TrackingSection) -> list[Told]:
    """All passages of one drive-by, in the order of their finals."""
    numbers = count(1)
    tracker = PlateTracker(
        "drives", camera_of(record), rules, lambda: f"passage-{next(numbers)}", grammar
    )
    listener = _Listener(record)
    for shot in record.frames:
        observations = [seen.observation for seen in shot.seen]
        updates = tracker.update(frame_of(record, shot), observations)
        listener.hear(updates, shot.time_s, cut_short=False)
    listener.hear(tracker.finish(), record.frames[-1].time_s, cut_short=True)
    return listener.told


class _Listener:
    """Collects revisions and finds out whose readings voted."""

    def __init__(self, record: DriveRecord) -> None:
        self._record = record
        self._frames = {frame_of(record, shot).taken_at: shot for shot in record.frames}
        self._previews: dict[str, list[Word]] = {}
        self._votes: dict[str, Counter[int | None]] = {}
        self.told: list[Told] = []

    def hear(self, updates: list[PassageUpdate], time_s: float, *, cut_short: bool) -> None:
        for update in updates:
            passage = update.passage
            votes = self._votes.setdefault(passage.id, Counter())
            votes.update(self._whose(reading) for reading in update.new_readings)
            word = Word(time_s, passage.text, passage.confidence)
            previews = self._previews.setdefault(passage.id, [])
            if passage.stage is Stage.PREVIEW:
                previews.append(word)
            else:
                self.told.append(Told(tuple(previews), word, cut_short, dict(votes)))

    def _whose(self, reading: ReadingRecord) -> int | None:
        width, height = self._record.size
        box = reading.box.scaled(width, height)
        seen = self._frames[reading.taken_at].seen
        nearest = max(seen, key=lambda one: one.observation.detection.box.iou(box))
        return nearest.passer
