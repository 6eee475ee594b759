"""Which known vehicle a doubtful text belongs to, if it is clear.

The same text wins, then the same text but for lookalikes, then another text that the vote held
possible, then one that differs by little. Two vehicles equally near are no match: better to say
so than to greet the wrong neighbour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from lpr_engine.grammar.confusion import distance, fold, normalize
from lpr_engine.model.passage import Alternative
from lpr_engine.model.vehicle import Vehicle
from lpr_engine.plates.near_texts import MOST_DISTANCE, NearTexts

MIN_ALTERNATIVE_CONFIDENCE = 0.1
_CLEARLY_NEARER = 0.1


class Likeness(Enum):
    """How a text resembles a known plate, the closest first."""

    EXACT = "exact"
    LOOKALIKE = "lookalike"
    ALTERNATIVE = "alternative"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class Match:
    """The vehicle found, or None, and in words why."""

    vehicle: Vehicle | None
    likeness: Likeness | None
    detail: str


def allowed_distance(length: int) -> float:
    """How far a text of that length may be from a plate and still be taken for it.

    Short texts carry too little to forgive anything; long ones one whole character, which is as
    far as `NearTexts` looks.
    """
    if length < 4:
        return 0.0
    return 0.5 if length < 6 else MOST_DISTANCE


def likeness(text: str, known: str) -> Likeness | None:
    """How two plates resemble each other; None where they do not. Symmetric."""
    if text == known:
        return Likeness.EXACT
    if fold(text) == fold(known):
        return Likeness.LOOKALIKE
    shorter = min(len(text), len(known))
    near = distance(text, known) <= allowed_distance(shorter)
    return Likeness.SIMILAR if near else None


class VehicleIndex:
    """The known vehicles, ready to be asked for a text."""

    def __init__(self, vehicles: Iterable[Vehicle]) -> None:
        self._by_text: defaultdict[str, list[Vehicle]] = defaultdict(list)
        self._by_fold: defaultdict[str, list[Vehicle]] = defaultdict(list)
        for vehicle in vehicles:
            text = normalize(vehicle.text)
            if text:
                self._by_text[text].append(vehicle)
                self._by_fold[fold(text)].append(vehicle)
        self._near = NearTexts(self._by_text)

    def match(self, text: str, alternatives: Sequence[Alternative] = ()) -> Match:
        """The vehicle that a passage's text and alternatives belong to."""
        text = normalize(text)
        return (
            self._literal(text)
            or self._among_alternatives(alternatives)
            or self._similar(text)
            or Match(None, None, f"{text} resembles no known plate")
        )

    def match_literally(self, text: str) -> Match:
        """The vehicle of a text that a person vouches for: nothing but lookalikes is forgiven."""
        text = normalize(text)
        return self._literal(text) or Match(None, None, f"{text} is no known plate")

    def _literal(self, text: str) -> Match | None:
        found = self._by_text.get(text)
        if found:
            return _only(found, Likeness.EXACT, f"{text} is known")
        found = self._by_fold.get(fold(text))
        if not found:
            return None
        near = _nearest([(normalize(vehicle.text), vehicle) for vehicle in found], text)
        return _only(near, Likeness.LOOKALIKE, f"{text} differs only by lookalikes")

    def _among_alternatives(self, alternatives: Sequence[Alternative]) -> Match | None:
        found = {
            vehicle.id: vehicle
            for other in alternatives
            if other.confidence >= MIN_ALTERNATIVE_CONFIDENCE
            for vehicle in self._by_text.get(normalize(other.text), ())
        }
        if not found:
            return None
        return _only(list(found.values()), Likeness.ALTERNATIVE, "an alternative reading is known")

    def _similar(self, text: str) -> Match | None:
        candidates = [
            (known, vehicle)
            for known in self._near.candidates(text)
            if likeness(text, known)
            for vehicle in self._by_text[known]
        ]
        near = _nearest(candidates, text)
        return _only(near, Likeness.SIMILAR, f"{text} is nearly a known plate") if near else None


def _nearest(candidates: list[tuple[str, Vehicle]], text: str) -> list[Vehicle]:
    """The nearest vehicles: all that are not clearly farther than the first."""
    measured = [(distance(text, known), vehicle) for known, vehicle in candidates]
    least = min((cost for cost, _ in measured), default=0.0)
    return [vehicle for cost, vehicle in measured if cost < least + _CLEARLY_NEARER]


def _only(found: list[Vehicle], kind: Likeness, detail: str) -> Match:
    if len(found) == 1:
        return Match(found[0], kind, f"{detail}: {found[0].text} ({found[0].label})")
    plates = ", ".join(sorted(f"{vehicle.text} ({vehicle.label})" for vehicle in found))
    return Match(None, None, f"ambiguous, equally near: {plates}")
