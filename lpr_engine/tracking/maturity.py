"""When a track may be told of, and when it is time to."""

from __future__ import annotations

from dataclasses import dataclass

from lpr_engine.config.sections import TrackingSection
from lpr_engine.tracking.track import Track

LEAST_CLARITY = 0.18
"""Some sighting of a plate must be this sure by itself.

Readings of one grille err alike in every frame, and a vote makes many of them look sure. Of 900
pictures without a plate, each held before the camera for a second, four are told of without
this, and one with it; of 245 labelled plates in single pictures none is less clear.
"""


@dataclass(frozen=True, slots=True)
class Maturity:
    """The user's thresholds, asked of one track."""

    rules: TrackingSection

    def is_stable(self, track: Track) -> bool:
        """Sure enough, and enough readings agree, to tell a preview."""
        outcome = track.outcome
        return (
            outcome is not None
            and track.clarity >= LEAST_CLARITY
            and outcome.confidence >= self.rules.preview_confidence
            and outcome.agreeing >= self.rules.min_readings
        )

    def is_sufficient(self, track: Track) -> bool:
        """Good enough for a final; what was previewed always is."""
        outcome = track.outcome
        return track.revision > 0 or (
            outcome is not None
            and track.clarity >= LEAST_CLARITY
            and outcome.confidence >= self.rules.min_confidence
            and outcome.agreeing >= self.rules.min_readings
        )

    def is_standing(self, track: Track, now_s: float) -> bool:
        """Whether the plate has not moved for so long that it counts as parked."""
        return now_s - track.standing_since_s >= self.rules.parked_after_s

    def is_overdue(self, track: Track, now_s: float) -> bool:
        """Whether the plate has been followed for as long as one passage may last."""
        return now_s - track.started_s >= self.rules.max_track_s
