"""What became of each car that passed, and of passages that belong to none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lpr_engine.config.sections import TrackingSection
from lpr_engine.grammar.prior import Grammar
from lpr_engine.tracking.sighting import Sighting
from lpr_engine.training.evaluation.drives.conditions import Conditions
from lpr_engine.training.evaluation.drives.record import DriveRecord, Passer
from lpr_engine.training.evaluation.drives.replay import Told, replay
from lpr_engine.training.evaluation.drives.voters import (
    WHOLE_STRING,
    Way,
    our_vote,
    readings_of,
    sightings_by_passer,
)
from lpr_engine.training.evaluation.spelling import folded

_MERGED_SHARE = 0.25
_FEWEST_MERGED = 2


@dataclass(frozen=True, slots=True)
class PasserOutcome:
    """One car: what each way made of its readings, and what was told of it.

    `frames_wrong` are the shares of its readings that were wrong, strictly and folded. Delays
    are None where there was nothing to measure, `confidence` where nothing was told.
    """

    drive: int
    passer: Passer
    conditions: Conditions
    readings: int
    widest_px: float
    frames_wrong: tuple[float, float]
    texts: dict[Way, str]
    confidence: float | None
    finals: int
    is_merged: bool
    preview_delay_s: float | None
    final_delay_s: float | None

    @property
    def is_read(self) -> bool:
        """Whether it was read often enough to be told of."""
        return self.readings > 0

    @property
    def is_never_right(self) -> bool:
        """Whether no single frame was read right, lookalikes folded."""
        return self.frames_wrong[True] == 1.0

    @property
    def is_lost(self) -> bool:
        """Whether nothing was told of it."""
        return self.finals == 0

    @property
    def is_split(self) -> bool:
        """Whether it was told of more than once."""
        return self.finals > 1

    def error(self, way: Way, *, fold: bool) -> float:
        """0 where the text is right, 1 where it is wrong, between them for single frames."""
        if way is Way.FRAME:
            return self.frames_wrong[fold]
        text, wanted = self.texts.get(way, ""), self.passer.text
        return float(folded(text) != folded(wanted) if fold else text != wanted)


@dataclass(frozen=True, slots=True)
class DriveOutcome:
    """All cars of one drive-by, and how many passages show no car."""

    passers: tuple[PasserOutcome, ...]
    false_passages: int


def judge_drive(record: DriveRecord, grammar: Grammar, rules: TrackingSection) -> DriveOutcome:
    """Let every way vote on what was seen, and follow it with the tracker."""
    sightings = sightings_by_passer(record)
    told = replay(record, grammar, rules)
    passers = tuple(
        _passer_outcome(record, at, sightings.get(at, []), told, grammar)
        for at in range(len(record.passers))
    )
    return DriveOutcome(passers, sum(one.passer is None for one in told))


def _passer_outcome(
    record: DriveRecord,
    at: int,
    sightings: Sequence[Sighting],
    told: Sequence[Told],
    grammar: Grammar,
) -> PasserOutcome:
    passer = record.passers[at]
    readings = readings_of(sightings)
    own = [one for one in told if one.passer == at]
    texts: dict[Way, str] = {}
    confidence: float | None = None
    if readings:
        texts = {way: voted(readings) for way, voted in WHOLE_STRING.items()}
        texts[Way.VOTE] = our_vote(sightings, grammar)
    if own:
        final = max(own, key=lambda one: one.votes[at]).final
        texts[Way.OURS], confidence = final.text, final.confidence
    strict = [reading.text != passer.text for reading in readings]
    loose = [folded(reading.text) != folded(passer.text) for reading in readings]
    widths = [view.width_px for frame in record.frames if (view := frame.plates[at]) is not None]
    return PasserOutcome(
        drive=record.number,
        passer=passer,
        conditions=record.conditions,
        readings=len(readings),
        widest_px=max(widths, default=0.0),
        frames_wrong=(_mean(strict), _mean(loose)),
        texts=texts,
        confidence=confidence,
        finals=len(own),
        is_merged=any(_is_merged(one, at) for one in told),
        preview_delay_s=_preview_delay(record, at, own),
        final_delay_s=_final_delay(record, at, own),
    )


def _mean(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0


def _is_merged(told: Told, at: int) -> bool:
    """Whether this car's readings voted in another's passage, and not only in passing."""
    mine = told.votes.get(at, 0)
    return (
        told.passer not in (at, None)
        and mine >= _FEWEST_MERGED
        and mine >= _MERGED_SHARE * sum(told.votes.values())
    )


def _preview_delay(record: DriveRecord, at: int, own: Sequence[Told]) -> float | None:
    """From the first frame that was read right to the first preview; negative where it led."""
    wanted = folded(record.passers[at].text)
    right = [
        frame.time_s
        for frame in record.frames
        for seen in frame.seen
        if seen.passer == at
        and seen.observation.reading is not None
        and folded(seen.observation.reading.text) == wanted
    ]
    previews = [told.previews[0].time_s for told in own if told.previews]
    return min(previews) - right[0] if right and previews else None


def _final_delay(record: DriveRecord, at: int, own: Sequence[Told]) -> float | None:
    """From the last sight of the plate to the final; a parked car stays in sight."""
    if record.passers[at].is_parked:
        return None
    sights = [
        frame.time_s for frame in record.frames if any(seen.passer == at for seen in frame.seen)
    ]
    ends = [told.final.time_s for told in own if not told.cut_short]
    return max(ends) - sights[-1] if sights and ends else None
