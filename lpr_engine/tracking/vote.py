"""From many doubtful readings of one plate to one text, with honest confidence.

Readings are aligned to the one that agrees most with the others, so that a lost or invented
character shifts nothing. Each place then weighs the characters against each other: readings of
one car a few frames apart err alike, so the strongest witness counts in full, the second half of
its worth, the third a third. Last, the likeliest texts are weighed by how plates look where the
camera is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from heapq import nlargest

import numpy as np
from numpy.typing import NDArray

from lpr_engine.grammar.confusion import distance, mistake_kernel
from lpr_engine.model.passage import Alternative
from lpr_engine.tracking.alignment import align
from lpr_engine.tracking.candidate import Candidate, likeliest_texts
from lpr_engine.tracking.spelling import Matrix, Spelling

MAX_VOTERS = 24
MAX_ALTERNATIVES = 5
AGREEING_DISTANCE = 1.0
"""Readings at most this far from the text support it."""

MOST_SWAY = 3.0
"""Natural logarithm of the most that the prior can do for one text against another."""

_SHARED_DOUBT = 0.003

LogPrior = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the readings so far say together."""

    text: str
    confidence: float
    characters: tuple[tuple[str, float], ...]
    alternatives: tuple[Alternative, ...]
    agreeing: int


class Vote:
    """The readings of one track, the best `MAX_VOTERS` of them kept."""

    def __init__(self, log_prior: LogPrior) -> None:
        self._log_prior = log_prior
        self._voters: list[Spelling] = []
        self._outcome: Outcome | None = None
        self.count = 0

    def add(self, spelling: Spelling) -> None:
        """Let one more reading vote."""
        self.count += 1
        self._voters.append(spelling)
        self._voters.sort(key=lambda voter: -voter.weight)
        del self._voters[MAX_VOTERS:]
        self._outcome = None

    def join(self, other: Vote) -> None:
        """Take over all readings of another vote for the same plate."""
        count = self.count + other.count
        for voter in other._voters:
            self.add(voter)
        self.count = count

    @property
    def outcome(self) -> Outcome | None:
        """The present state of the vote; None while the readings spell nothing."""
        if self._outcome is None and self._voters:
            self._outcome = self._decide()
        return self._outcome

    def _decide(self) -> Outcome | None:
        alphabet = "".join(sorted({sign for voter in self._voters for sign in voter.alphabet}))
        weights = np.array([voter.weight for voter in self._voters])
        places = _distributions(_ballots(self._voters, alphabet), weights)
        columns = _humbled(places, alphabet)
        candidates = likeliest_texts(columns, alphabet)
        if not candidates:
            return None
        ranked = _weighed(candidates, self._log_prior)
        best, confidence = ranked[0]
        return Outcome(
            text=best.text,
            confidence=confidence,
            characters=best.characters,
            alternatives=tuple(
                Alternative(other.text, share) for other, share in ranked[1 : 1 + MAX_ALTERNATIVES]
            ),
            agreeing=sum(
                distance(best.text, voter.text) <= AGREEING_DISTANCE for voter in self._voters
            ),
        )


def _ballots(voters: list[Spelling], alphabet: str) -> NDArray[np.float64]:
    """Log-probabilities, shape (voters, places, signs), all aligned to the pivot."""
    evidence = [voter.evidence(alphabet) for voter in voters]
    chances = [np.exp(rows) for rows in evidence]
    pivot = chances[_pivot(voters)]
    places: dict[tuple[int, int], int] = {}
    aligned = [_keyed(align(pivot, other)) for other in chances]
    for key in sorted({key for pairs in aligned for key in pairs}):
        places[key] = len(places)
    ballots = np.empty((len(voters), len(places), 1 + len(alphabet)))
    for at, (voter, pairs) in enumerate(zip(voters, aligned, strict=True)):
        ballots[at] = voter.absence(alphabet)
        for key, slot in pairs.items():
            ballots[at, places[key]] = evidence[at][slot]
    return ballots


def _pivot(voters: list[Spelling]) -> int:
    """The first reading of the text that is nearest to all others, each by its weight."""
    weights: defaultdict[str, float] = defaultdict(float)
    for voter in voters:
        weights[voter.text] += voter.weight
    totals = {
        text: sum(weight * distance(text, other) for other, weight in weights.items())
        for text in weights
    }
    nearest = min(totals, key=lambda text: (totals[text], text))
    return next(at for at, voter in enumerate(voters) if voter.text == nearest)


def _keyed(pairs: list[tuple[int | None, int | None]]) -> dict[tuple[int, int], int]:
    """Slot of the other reading by place: (pivot slot, 0) or (slot before, nth insertion)."""
    keyed: dict[tuple[int, int], int] = {}
    place = (-1, 0)
    for pivot_slot, slot in pairs:
        place = (place[0], place[1] + 1) if pivot_slot is None else (pivot_slot, 0)
        if slot is not None:
            keyed[place] = slot
    return keyed


def _distributions(ballots: NDArray[np.float64], weights: NDArray[np.float64]) -> Matrix:
    """Probabilities of the signs at each place, shape (places, signs).

    For each sign the witnesses for and against it are heard, compared with the favourite of the
    place.
    """
    favourite = np.tensordot(weights, ballots, axes=1).argmax(axis=1)
    lead = np.take_along_axis(ballots, favourite[None, :, None], axis=2) - ballots
    scores = _heard(np.maximum(-lead, 0.0), weights) - _heard(np.maximum(lead, 0.0), weights)
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    distributions: Matrix = odds / odds.sum(axis=1, keepdims=True)
    return distributions


def _heard(claims: NDArray[np.float64], weights: NDArray[np.float64]) -> Matrix:
    """What all witnesses claim together, shape (places, signs); no claim is negative.

    The strongest claim counts in full, or a plate read once would be told with less than its
    reader's confidence. The others count by the weights of their witnesses, the k-th strongest a
    k-th. Such a sum never falls when a witness joins, however poor, and in whatever order.
    """
    others = claims * weights[:, None, None]
    np.put_along_axis(others, claims.argmax(axis=0)[None], 0.0, axis=0)
    shares = 1.0 / np.arange(2, 2 + len(claims))
    heard: Matrix = claims.max(axis=0) + np.tensordot(shares, -np.sort(-others, axis=0), axes=1)
    return heard


def _humbled(places: Matrix, alphabet: str) -> Matrix:
    """Leave room for the mistake that every reading of this plate shares: dirt, a screw, a font."""
    mistaken = places.copy()
    mistaken[:, 1:] = places[:, 1:] @ mistake_kernel(alphabet)
    humbled: Matrix = (1 - _SHARED_DOUBT) * places + _SHARED_DOUBT * mistaken
    return humbled


def _weighed(candidates: list[Candidate], log_prior: LogPrior) -> list[tuple[Candidate, float]]:
    """Candidates with their probability under the prior, best first.

    The prior sways a text by a bounded factor against the one that the readings favour, so that
    no format overrules a clear reading. What no candidate holds keeps its share, as if it were
    as unusual as the oddest of them.
    """
    priors = np.array([log_prior(candidate.text) for candidate in candidates])
    priors = np.clip(priors - priors[0], -MOST_SWAY, MOST_SWAY)
    chances = np.array([candidate.probability for candidate in candidates])
    usual = np.exp(priors - priors.max())
    rest = max(0.0, 1.0 - float(chances.sum())) * float(usual.min())
    shares = chances * usual / (float((chances * usual).sum()) + rest)
    return nlargest(
        1 + MAX_ALTERNATIVES,
        zip(candidates, shares.tolist(), strict=True),
        key=lambda pair: pair[1],
    )
