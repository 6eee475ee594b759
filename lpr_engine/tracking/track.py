"""Everything known of one physical plate while it is in view."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lpr_engine.model.frame import Frame
from lpr_engine.model.geometry import DirectionLine
from lpr_engine.model.live import Followed
from lpr_engine.tracking.exhibit import Exhibit, Records
from lpr_engine.tracking.heading import Heading
from lpr_engine.tracking.motion import Motion, Place
from lpr_engine.tracking.region_word import RegionWord
from lpr_engine.tracking.sighting import Sighting
from lpr_engine.tracking.vote import Outcome, Vote

_STILL_STEPS = 0.5
_STILL_GROWTH = 0.3
_TRAVEL_STEPS = 2.0
_TRAVEL_GROWTH = 0.35


RegionalPrior = Callable[[str, Mapping[str, float]], float]
"""Log-odds of a text, given what the reader says of its region."""


class Track:
    """One plate: its motion, its votes and what was said of it so far.

    A track is *settled* once its final was given or it was found to be no new passage; from
    then on it only absorbs its observations. `standing_since_s` is when it last moved.
    `clarity` is that of its clearest sighting, 0..1.
    """

    def __init__(
        self,
        frame: Frame,
        sighting: Sighting,
        now_s: float,
        line: DirectionLine | None,
        log_prior: RegionalPrior,
        number: int = 0,
    ) -> None:
        self.number = number
        self.box = sighting.box
        self.motion = Motion(sighting.place)
        self.start = sighting.place
        self.anchor = sighting.place
        self.standing_since_s = self.started_s = self.seen_s = now_s
        self.first_seen = self.last_seen = frame.taken_at
        self.heading = Heading(line)
        self.vote = Vote(lambda text: log_prior(text, self.regions.shares))
        self.records = Records()
        self.regions = RegionWord()
        self.exhibit: Exhibit | None = None
        self.clarity = 0.0
        self.zone: str | None = None
        self.id: str | None = None
        self.revision = 0
        self.published_text: str | None = None
        self.settled_s: float | None = None
        self.parked = False
        self._take(frame, sighting)

    @property
    def outcome(self) -> Outcome | None:
        """What its readings say together."""
        return self.vote.outcome

    @property
    def text(self) -> str | None:
        """The text it is known by."""
        if self.settled_s is not None and self.published_text is not None:
            return self.published_text
        return self.outcome.text if self.outcome else None

    @property
    def certainty(self) -> float:
        """Mean probability of the characters of its text; 0 without one."""
        outcome = self.outcome
        if outcome is None:
            return 0.0
        return sum(value for _, value in outcome.characters) / len(outcome.characters)

    @property
    def settled(self) -> bool:
        """Whether nothing more will be said of it."""
        return self.settled_s is not None

    @property
    def followed(self) -> Followed:
        """What of it is shown live."""
        return Followed(
            number=self.number,
            box=self.box,
            text=self.text,
            confidence=self.outcome.confidence if self.outcome else 0.0,
            zone=self.zone,
            direction=self.heading.direction,
            passage=self.id,
        )

    @property
    def has_travelled(self) -> bool:
        """Whether it clearly moved since it began: across the picture, or to or from the camera."""
        here = self.motion.place
        return (
            self.start.steps_to(here) >= _TRAVEL_STEPS
            or abs(self.start.growth_to(here)) >= _TRAVEL_GROWTH
        )

    def observe(self, frame: Frame, sighting: Sighting, now_s: float) -> None:
        """Take one more observation."""
        self.motion.observe(sighting.place, now_s - self.seen_s)
        self.dwell(frame, now_s)
        if not self.parked and not _is_still(self.anchor, sighting.place):
            self.anchor, self.standing_since_s = sighting.place, now_s
        self._take(frame, sighting)

    def dwell(self, frame: Frame, now_s: float) -> None:
        """Note that the plate is still there, unmoved or about to be observed."""
        self.seen_s = now_s
        self.last_seen = max(self.last_seen, frame.taken_at)

    def absorb(self, later: Track) -> None:
        """Continue as a later track that turned out to be the same plate."""
        self.motion, self.anchor, self.box = later.motion, later.anchor, later.box
        self.standing_since_s = later.standing_since_s
        self.seen_s, self.last_seen = later.seen_s, max(self.last_seen, later.last_seen)
        self.zone = later.zone or self.zone
        self.heading.join(later.heading)
        self.clarity = max(self.clarity, later.clarity)
        self.regions.join(later.regions)
        self.vote.join(later.vote)
        self.records.join(later.records)
        if later.exhibit is not None:
            self._show(later.exhibit)

    def settle(self, now_s: float) -> None:
        """Fall silent; pictures and votes are let go."""
        self.published_text = self.text
        self.settled_s = now_s
        self.exhibit = None
        self.records = Records()

    def _take(self, frame: Frame, sighting: Sighting) -> None:
        self.box = sighting.box
        self.heading.observe(*sighting.center)
        self.zone = sighting.zone or self.zone
        spelling = sighting.spelling
        if spelling is None or self.settled:
            return
        self.clarity = max(self.clarity, sighting.clarity)
        self.regions.add(sighting.observation.reading, spelling.weight)
        self.vote.add(spelling)
        self.records.add(frame, sighting, spelling)
        self._show(Exhibit(frame, sighting, spelling))

    def _show(self, exhibit: Exhibit) -> None:
        """Keep the better of two exhibits, so that one frame at most is held."""
        text = self.text or exhibit.spelling.text
        if self.exhibit is None or exhibit.rank(text) > self.exhibit.rank(text):
            self.exhibit = exhibit


def _is_still(anchor: Place, place: Place) -> bool:
    return anchor.steps_to(place) <= _STILL_STEPS and abs(anchor.growth_to(place)) <= _STILL_GROWTH
