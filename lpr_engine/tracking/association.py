"""Which observation of a new frame belongs to which track.

The cost of a pair is a negative log-likelihood: how far the plate is from where its motion
should have brought it, how much it grew, and how differently it reads. A plate that jumps
several lengths between two frames of a slow camera is held by its text, one that cannot be read
by its motion.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from lpr_engine.grammar.confusion import dissimilarity, fold
from lpr_engine.tracking.assignment import assign
from lpr_engine.tracking.sighting import Sighting
from lpr_engine.tracking.spelling import Spelling
from lpr_engine.tracking.track import Track

ALONE_COST = 8.0
"""Cost at which an observation is rather a new plate."""

_SAME_TEXT_COST = 5.0
_SAME_TEXT_LENGTH = 4
_GROWTH_SD = 0.35
_LONGEST_FORESIGHT_S = 3.0
_STANDING_SD = 0.3
_STANDING_STEPS = 1.0
_STANDING_GROWTH = 0.4
_TEXT_BONUS = -4.0
_TEXT_SLOPE = 24.0


def associate(
    tracks: Sequence[Track], sightings: Sequence[Sighting], now_s: float
) -> dict[int, int]:
    """Pair tracks with sightings, by index; either may stay alone."""
    costs = np.array(
        [[pair_cost(track, sighting, now_s) for sighting in sightings] for track in tracks]
    ).reshape(len(tracks), len(sightings))
    return assign(costs, ALONE_COST)


def pair_cost(track: Track, sighting: Sighting, now_s: float) -> float:
    """How unlikely it is that the sighting shows the track's plate; infinite if impossible."""
    if track.parked:
        return _standing_cost(track, sighting) + _text_cost(track, sighting.spelling)
    moved = _motion_cost(track, sighting, now_s)
    if moved > ALONE_COST - _TEXT_BONUS:
        return _SAME_TEXT_COST if _reads_the_same(track, sighting.spelling) else math.inf
    cost = moved + _text_cost(track, sighting.spelling)
    if cost > _SAME_TEXT_COST and _reads_the_same(track, sighting.spelling):
        return _SAME_TEXT_COST
    return cost


def _motion_cost(track: Track, sighting: Sighting, now_s: float) -> float:
    elapsed_s = now_s - track.seen_s
    if elapsed_s > _LONGEST_FORESIGHT_S:
        return math.inf
    prediction = track.motion.predict(elapsed_s)
    scale = track.motion.place.size**2
    growth = track.motion.place.growth_to(sighting.place) / _GROWTH_SD
    return (
        prediction.squared_deviation(sighting.place) / 2
        + math.log(prediction.variance / scale)
        + growth**2 / 2
    )


def _standing_cost(track: Track, sighting: Sighting) -> float:
    """A parked plate is only ever found at its place, however long it was out of sight."""
    steps = track.anchor.steps_to(sighting.place)
    growth = track.anchor.growth_to(sighting.place)
    if steps > _STANDING_STEPS or abs(growth) > _STANDING_GROWTH:
        return math.inf
    return (
        (steps / _STANDING_SD) ** 2 / 2
        + 2 * math.log(_STANDING_SD)
        + (growth / _GROWTH_SD) ** 2 / 2
    )


def _text_cost(track: Track, spelling: Spelling | None) -> float:
    """From a bonus for the same text to a price that no good position makes up for.

    Guesses count for little, so that a plate read wrongly from afar stays the same plate.
    """
    text = track.text
    if spelling is None or text is None:
        return 0.0
    difference = _TEXT_BONUS + _TEXT_SLOPE * dissimilarity(text, spelling.text)
    return spelling.certainty * track.certainty * difference


def _reads_the_same(track: Track, spelling: Spelling | None) -> bool:
    text = track.text
    return (
        spelling is not None
        and text is not None
        and len(spelling.text) >= _SAME_TEXT_LENGTH
        and fold(text) == fold(spelling.text)
    )
