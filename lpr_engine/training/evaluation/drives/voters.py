"""From the readings of one plate to one text: the usual ways, and the engine's vote."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from enum import Enum

from lpr_engine.grammar.prior import Grammar
from lpr_engine.model.observation import Reading
from lpr_engine.tracking.region_word import RegionWord
from lpr_engine.tracking.sighting import Sighting, sight
from lpr_engine.tracking.vote import Vote
from lpr_engine.training.evaluation.drives.record import DriveRecord
from lpr_engine.training.evaluation.drives.replay import camera_of, frame_of


class Way(Enum):
    """How a text is made of many readings."""

    FRAME = "single frame"
    BEST = "best frame"
    MAJORITY = "majority"
    WEIGHTED = "majority by confidence"
    VOTE = "our vote, plates kept apart"
    OURS = "ours, final passage"


def sightings_by_passer(record: DriveRecord) -> dict[int | None, list[Sighting]]:
    """What the tracker lets in, by the car whose plate it truly shows, None for no plate.

    Only what was read counts: all ways of voting get the same.
    """
    camera = camera_of(record)
    found: defaultdict[int | None, list[Sighting]] = defaultdict(list)
    for shot in record.frames:
        whose = {id(seen.observation): seen.passer for seen in shot.seen}
        for sighting in sight(
            camera, frame_of(record, shot), [seen.observation for seen in shot.seen]
        ):
            if sighting.spelling is not None:
                found[whose[id(sighting.observation)]].append(sighting)
    return found


def readings_of(sightings: Sequence[Sighting]) -> list[Reading]:
    """What was read of them, one by one."""
    readings = [one.observation.reading for one in sightings]
    return [reading for reading in readings if reading is not None]


def best_frame(readings: Sequence[Reading]) -> str:
    """The surest reading."""
    return max(readings, key=lambda reading: reading.confidence).text


def majority(readings: Sequence[Reading]) -> str:
    """The text that was read most often; among equals, the one that was read most surely."""
    counts = Counter(reading.text for reading in readings)
    return max(readings, key=lambda reading: (counts[reading.text], reading.confidence)).text


def weighted_majority(readings: Sequence[Reading]) -> str:
    """The text with the highest sum of confidences."""
    sums: defaultdict[str, float] = defaultdict(float)
    for reading in readings:
        sums[reading.text] += reading.confidence
    return max(sums, key=lambda text: sums[text])


def our_vote(sightings: Sequence[Sighting], grammar: Grammar) -> str:
    """What the engine would tell if it never took one plate for another."""
    word = RegionWord()
    vote = Vote(lambda text: grammar.log_prior(text, word.shares))
    for sighting in sightings:
        if sighting.spelling is not None:
            word.add(sighting.observation.reading, sighting.spelling.weight)
            vote.add(sighting.spelling)
    outcome = vote.outcome
    return outcome.text if outcome is not None else ""


WHOLE_STRING: dict[Way, Callable[[Sequence[Reading]], str]] = {
    Way.BEST: best_frame,
    Way.MAJORITY: majority,
    Way.WEIGHTED: weighted_majority,
}
