"""From a track to the passage that the world is told of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lpr_engine.grammar.prior import Grammar
from lpr_engine.model.passage import Passage, PassageUpdate, Stage
from lpr_engine.tracking.track import Track


@dataclass(frozen=True, slots=True)
class Publisher:
    """Writes the revisions of one camera's passages."""

    engine: str
    camera: str
    new_id: Callable[[], str]
    grammar: Grammar

    def publish(self, track: Track, stage: Stage) -> PassageUpdate:
        """The next revision of the track's passage, told from its present vote.

        Raises:
            ValueError: the track has no readings to tell of.
        """
        outcome, exhibit = track.outcome, track.exhibit
        if outcome is None or exhibit is None:
            raise ValueError("a track without readings is no passage")
        track.id = track.id or self.new_id()
        track.revision += 1
        track.published_text = outcome.text
        region = self.grammar.region_of(outcome.text, track.regions.shares)
        passage = Passage(
            id=track.id,
            revision=track.revision,
            stage=stage,
            engine=self.engine,
            camera=self.camera,
            text=outcome.text,
            confidence=outcome.confidence,
            characters=outcome.characters,
            first_seen=track.first_seen,
            last_seen=track.last_seen,
            readings=track.vote.count,
            box=exhibit.box,
            alternatives=outcome.alternatives,
            display=self.grammar.display(outcome.text, region),
            region=region,
            direction=track.heading.direction,
            zone=track.zone,
        )
        return PassageUpdate(passage, exhibit.evidence, track.records.take())
