"""What a single picture tells of a plate, without a track behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lpr_engine.grammar.prior import Grammar
from lpr_engine.model.observation import Observation
from lpr_engine.tracking.region_word import RegionWord
from lpr_engine.tracking.spelling import spell
from lpr_engine.tracking.vote import Outcome, Vote


@dataclass(frozen=True, slots=True)
class Glance:
    """The outcome of one reading, and the probabilities of the regions that it named."""

    outcome: Outcome
    regions: Mapping[str, float]


def glance(observation: Observation, grammar: Grammar) -> Glance | None:
    """Let one reading vote alone; None where it spells nothing."""
    spelling = spell(observation)
    if spelling is None:
        return None
    word = RegionWord()
    word.add(observation.reading, spelling.weight)
    vote = Vote(lambda text: grammar.log_prior(text, word.shares))
    vote.add(spelling)
    outcome = vote.outcome
    return None if outcome is None else Glance(outcome, word.shares)
