"""One camera's plates over time: observations in, passages out.

A track of one plate becomes a passage in at most two stages. As soon as its text is stable it is
told as `preview`, again only when the text changes; when the plate has been out of sight for
`lost_after_s`, stands for `parked_after_s` or is followed for `max_track_s` it is told as `final`,
once. A track with too few or too doubtful readings is never told, unless a preview was given.

After its final a plate that is still in view is absorbed silently. One that stands is remembered
at its place for half an hour out of sight, while others that pass before it are tracks of their
own. When it drives off, its place no longer holds it: the movement is a new track and, more than
`same_plate_within_s` after the final, a new passage. Within that time a plate is only told again
when it crosses the direction line the other way.
"""

from __future__ import annotations

import itertools
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lpr_engine.config.sections import CameraSection, TrackingSection
from lpr_engine.grammar.prior import Grammar
from lpr_engine.model.frame import Frame
from lpr_engine.model.live import Followed
from lpr_engine.model.observation import Observation
from lpr_engine.model.passage import PassageUpdate, Stage
from lpr_engine.tracking.association import associate
from lpr_engine.tracking.heading import is_reversal
from lpr_engine.tracking.maturity import Maturity
from lpr_engine.tracking.publication import Publisher
from lpr_engine.tracking.recollection import (
    SURE_CONFIDENCE,
    EndedPassage,
    Recollection,
    is_same_plate,
)
from lpr_engine.tracking.sighting import Sighting, sight
from lpr_engine.tracking.track import Track
from lpr_engine.tracking.vote import Outcome

MAX_TRACKS = 50
PARKED_MEMORY_S = 1800.0
_RESTART_S = 0.5

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Settings:
    """What a user decides of one camera's tracks."""

    camera: CameraSection
    tracking: TrackingSection
    grammar: Grammar


class PlateTracker:
    """Implements `PassageTracker` for one camera; not thread-safe, bounded in memory."""

    def __init__(
        self,
        engine: str,
        camera: CameraSection,
        tracking: TrackingSection,
        new_id: Callable[[], str],
        grammar: Grammar | None = None,
    ) -> None:
        if grammar is None:
            grammar = Grammar((camera.country,) if camera.country else tracking.countries)
        self._engine = engine
        self._new_id = new_id
        self._recollection = Recollection(tracking.same_plate_within_s)
        self._settings = self._ordered = _Settings(camera, tracking, grammar)
        self._go_by(self._settings)
        self._tracks: list[Track] = []
        self._numbers = itertools.count(1)
        self._now_s = -math.inf

    def reconfigure(
        self, camera: CameraSection, tracking: TrackingSection, grammar: Grammar
    ) -> None:
        """Go by these settings from the next frame on; plates in view stay followed.

        May be called from any thread.
        """
        self._ordered = _Settings(camera, tracking, grammar)

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The plates followed now, silent ones included."""
        return tuple(self._tracks)

    def update(self, frame: Frame, observations: Sequence[Observation]) -> list[PassageUpdate]:
        """Take one frame's observations; return the revisions that became due."""
        updates = self._advance(frame)
        sightings = sight(self._camera, frame, observations)
        pairs = associate(self._tracks, sightings, self._now_s)
        for row, column in pairs.items():
            self._tracks[row].observe(frame, sightings[column], self._now_s)
        taken = set(pairs.values())
        fresh = [sighting for at, sighting in enumerate(sightings) if at not in taken]
        self._tracks += [self._new_track(frame, sighting) for sighting in fresh]
        return updates + self._end_lost() + self._tell_due() + self._crowd_out()

    def skip(self, frame: Frame) -> list[PassageUpdate]:
        """Let a frame's time pass that was not looked at: what was in view still stands there."""
        return self._advance(frame, still=True) + self._tell_due()

    def finish(self) -> list[PassageUpdate]:
        """End all tracks and forget everything; return the final revisions."""
        updates = [update for track in list(self._tracks) for update in self._end(track)]
        self._recollection.forget()
        self._now_s = -math.inf
        return updates

    def in_view(self) -> tuple[Followed, ...]:
        """The plates that the last frame showed, or that were seen before and stand there still."""
        return tuple(track.followed for track in self._tracks if track.seen_s == self._now_s)

    def _go_by(self, settings: _Settings) -> None:
        self._settings = settings
        self._camera, self._rules = settings.camera, settings.tracking
        self._maturity = Maturity(settings.tracking)
        self._log_prior = settings.grammar.log_prior
        camera = settings.camera.id
        self._publisher = Publisher(self._engine, camera, self._new_id, settings.grammar)
        self._recollection.within_s = settings.tracking.same_plate_within_s

    def _new_track(self, frame: Frame, sighting: Sighting) -> Track:
        line, number = self._camera.direction_line, next(self._numbers)
        return Track(frame, sighting, self._now_s, line, self._log_prior, number)

    def _advance(self, frame: Frame, *, still: bool = False) -> list[PassageUpdate]:
        """Set the time; end what was lost meanwhile, or all if the clip began anew.

        What the last look showed is kept for this one, however slow the camera is, unless the
        pause was so long that the plate would count as new.
        """
        if self._ordered is not self._settings:
            self._go_by(self._ordered)
        before_s = self._now_s
        now_s = frame.monotonic_s if math.isfinite(frame.monotonic_s) else max(before_s, 0.0)
        if now_s < before_s - _RESTART_S:
            _LOGGER.info("camera %s: time went back, tracks end", self._camera.id)
            updates = self.finish()
            self._now_s = now_s
            return updates
        self._now_s = max(now_s, before_s)
        in_view = [track for track in self._tracks if track.seen_s == before_s]
        for track in in_view if still else ():
            track.dwell(frame, self._now_s)
        paused = self._now_s - before_s > self._rules.same_plate_within_s
        return self._end_lost(kept=() if paused else in_view)

    def _end_lost(self, kept: Sequence[Track] = ()) -> list[PassageUpdate]:
        lost = [track for track in self._tracks if self._is_lost(track) and track not in kept]
        return [update for track in lost for update in self._end(track)]

    def _is_lost(self, track: Track) -> bool:
        patience_s = PARKED_MEMORY_S if track.parked else self._rules.lost_after_s
        return self._now_s - track.seen_s > patience_s

    def _tell_due(self) -> list[PassageUpdate]:
        """Previews and finals of plates still in view."""
        self._join_pieces()
        updates: list[PassageUpdate] = []
        for track in list(self._tracks):
            if not track.settled and self._is_news(track):
                updates.append(self._publisher.publish(track, Stage.PREVIEW))
            updates += self._settle_if_due(track)
        return updates

    def _is_news(self, track: Track) -> bool:
        outcome = track.outcome
        return (
            outcome is not None
            and outcome.text != track.published_text
            and self._maturity.is_stable(track)
            and not self._is_repetition(track, outcome)
        )

    def _settle_if_due(self, track: Track) -> list[PassageUpdate]:
        """Tell the final of a plate that stands or stays too long; it is silent from then on."""
        standing = self._maturity.is_standing(track, self._now_s)
        overdue = self._maturity.is_overdue(track, self._now_s)
        if track.settled:
            track.parked = track.parked or standing
        if track.settled or not (standing or overdue):
            return []
        if not self._maturity.is_sufficient(track):
            if overdue:
                self._tracks.remove(track)
            return []
        track.parked = standing
        updates = self._final(track)
        track.settle(self._now_s)
        return updates

    def _end(self, track: Track) -> list[PassageUpdate]:
        """Let go of a plate that is out of view; return its final if it has one to give."""
        if track not in self._tracks:
            return []
        self._tracks.remove(track)
        if not (track.settled or self._maturity.is_sufficient(track)):
            return []
        updates = [] if track.settled else self._final(track)
        if not track.parked:
            self._remember(track)
        return updates

    def _final(self, track: Track) -> list[PassageUpdate]:
        outcome = track.outcome
        repeated = outcome is None or self._is_repetition(track, outcome)
        self._tracks = [other for other in self._tracks if not _replaces(track, other)]
        return [] if repeated else [self._publisher.publish(track, Stage.FINAL)]

    def _remember(self, track: Track) -> None:
        ended_s = min(self._now_s, track.seen_s + self._rules.lost_after_s)
        if track.text is not None:
            direction = track.heading.direction
            ended = EndedPassage(track.text, direction, track.seen_s, ended_s)
            self._recollection.remember(ended)

    def _is_repetition(self, track: Track, outcome: Outcome) -> bool:
        """Whether a track never told of shows a plate whose passage was already told."""
        if track.revision > 0:
            return False
        direction, unsure = track.heading.direction, outcome.confidence < SURE_CONFIDENCE
        return self._recollection.repeats(
            outcome.text, outcome.confidence, direction, track.started_s
        ) or any(
            is_same_plate(
                outcome.text, other.text, doubtful=unsure and other.seen_s < track.started_s
            )
            and not self._has_departed(track, other)
            for other in self._tracks
            if other is not track
            and other.text is not None
            and (other.revision > 0 or other.settled)
        )

    def _has_departed(self, track: Track, other: Track) -> bool:
        """Whether the movement is news although the other track has told of its plate."""
        if other.settled_s is None:
            return False
        elapsed_s = track.started_s - other.settled_s
        return is_reversal(track.heading.direction, other.heading.direction) or (
            other.parked and track.has_travelled and elapsed_s > self._rules.same_plate_within_s
        )

    def _join_pieces(self) -> None:
        """Give a track that was lost from sight the later one that reads the same."""
        for piece in [track for track in self._tracks if track.revision == 0]:
            elder = next((track for track in self._tracks if self._continues(piece, track)), None)
            if elder is not None:
                elder.absorb(piece)
                self._tracks.remove(piece)

    def _continues(self, piece: Track, elder: Track) -> bool:
        return (
            not (piece.settled or elder.settled)
            and elder.seen_s < piece.started_s
            and piece.text is not None
            and elder.text is not None
            and is_same_plate(piece.text, elder.text)
        )

    def _crowd_out(self) -> list[PassageUpdate]:
        """Keep the number of tracks bounded: silent ones go first, then the oldest."""
        excess = len(self._tracks) - MAX_TRACKS
        if excess <= 0:
            return []
        by_worth = sorted(self._tracks, key=lambda track: (not track.settled, track.started_s))
        return [update for track in by_worth[:excess] for update in self._end(track)]


def _replaces(track: Track, other: Track) -> bool:
    """Whether the other remembers the same plate parked where it no longer stands."""
    text = track.text
    return (
        other is not track
        and other.parked
        and (track.parked or track.has_travelled)
        and text is not None
        and other.text is not None
        and is_same_plate(text, other.text)
    )
