"""What the user's vehicles and lists say of a passage, and every check that led to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from lpr_engine.config.sections import TrackingSection
from lpr_engine.grammar.confusion import normalize
from lpr_engine.model.clock import Clock
from lpr_engine.model.geometry import Box
from lpr_engine.model.passage import Passage, Reason, Stage, Verdict
from lpr_engine.model.question import Explanation, Question
from lpr_engine.model.vehicle import ListMeaning, PlateList, Vehicle
from lpr_engine.plates.matching import Likeness, Match, VehicleIndex
from lpr_engine.plates.validity import validity_reasons

LATE_AFTER_S = 10.0

PRIORITY = (
    ListMeaning.BLOCK,
    ListMeaning.IGNORE,
    ListMeaning.ALLOW,
    ListMeaning.WATCH,
    ListMeaning.CUSTOM,
)
"""The meaning that wins when a vehicle stands on several lists."""


@dataclass(frozen=True, slots=True)
class OpeningThresholds:
    """How sure a passage must be before anything may open.

    A preview is told once, as soon as tracking finds it stable: thresholds above those of
    tracking's `preview_confidence` and `min_readings` would keep a gate shut until the final,
    when the car has gone. The defaults are the same.
    """

    confidence: float = TrackingSection().preview_confidence
    readings: int = TrackingSection().min_readings


@dataclass(frozen=True, slots=True)
class _Register:
    """One consistent state of vehicles and lists."""

    index: VehicleIndex
    lists: dict[str, PlateList]


class PlateRules:
    """Implements `VerdictRules` and `VerdictExplainer`.

    `replace` may be called from another thread than `judge`: a verdict always rests on one
    consistent state. `zone` is the local time zone of validity windows, None for the host's.
    """

    def __init__(
        self,
        vehicles: Iterable[Vehicle],
        lists: Iterable[PlateList],
        clock: Clock,
        thresholds: OpeningThresholds | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        self._clock = clock
        self._thresholds = thresholds or OpeningThresholds()
        self._zone = zone
        self.replace(vehicles, lists)

    def replace(self, vehicles: Iterable[Vehicle], lists: Iterable[PlateList]) -> None:
        """Take over vehicles and lists as they are now."""
        self._register = _Register(VehicleIndex(vehicles), {one.name: one for one in lists})

    def require(self, thresholds: OpeningThresholds) -> None:
        """Let nothing open below these thresholds from now on; from any thread."""
        self._thresholds = thresholds

    def judge(self, passage: Passage) -> Verdict:
        """The verdict with every check that led to it."""
        register = self._register
        return self._verdict(passage, _match(register, passage), register, self._clock.now())

    def explain(self, question: Question) -> Explanation:
        """What `judge` would say of such a passage in the moment it was last seen."""
        readings = question.readings
        passage = _supposed(question, self._thresholds.readings if readings is None else readings)
        register = self._register
        match = _match(register, passage)
        verdict = self._verdict(passage, match, register, question.at)
        return Explanation(verdict, passage, match.vehicle)

    def _verdict(
        self, passage: Passage, match: Match, register: _Register, now: datetime
    ) -> Verdict:
        reasons = [Reason("match", match.vehicle is not None, match.detail)]
        standing = None
        if match.vehicle is not None:
            validity = validity_reasons(
                match.vehicle, passage.camera, passage.last_seen, self._zone
            )
            listed, reason = _standing(match.vehicle, register.lists)
            reasons += [*validity, reason]
            standing = listed if all(check.passed for check in validity) else None
        opening = [_allow_reason(standing), *self._opening_reasons(passage, match, now)]
        return Verdict(
            list_name=standing.name if standing else None,
            vehicle=match.vehicle.id if match.vehicle else None,
            open=all(reason.passed for reason in opening),
            reasons=(*reasons, *opening),
        )

    def _opening_reasons(self, passage: Passage, match: Match, now: datetime) -> list[Reason]:
        needed = self._thresholds
        age_s = (now - passage.last_seen).total_seconds()
        literal = match.likeness in {Likeness.EXACT, Likeness.LOOKALIKE}
        likeness = match.likeness.value if match.likeness else "none"
        return [
            Reason("literal", literal, f"likeness is {likeness}, exact or lookalike is needed"),
            Reason(
                "confidence",
                passage.confidence >= needed.confidence,
                f"{passage.confidence:.0%}, at least {needed.confidence:.0%} is needed",
            ),
            Reason(
                "readings",
                passage.readings >= needed.readings,
                f"{passage.readings} readings, at least {needed.readings} are needed",
            ),
            Reason(
                "fresh",
                abs(age_s) <= LATE_AFTER_S,
                f"seen {age_s:.1f} s ago, at most {LATE_AFTER_S:.0f} s may have passed",
            ),
            Reason(
                "observed",
                passage.corrected_by is None,
                "read by the camera" if passage.corrected_by is None else "corrected by a person",
            ),
        ]


def _match(register: _Register, passage: Passage) -> Match:
    """A reader may have erred and a person has not: what else it held possible is over then."""
    if passage.corrected_by is not None:
        return register.index.match_literally(passage.text)
    return register.index.match(passage.text, passage.alternatives)


def _supposed(question: Question, readings: int) -> Passage:
    text = normalize(question.text)
    return Passage(
        id="",
        revision=1,
        stage=Stage.FINAL,
        engine="",
        camera=question.camera,
        text=text,
        confidence=question.confidence,
        characters=tuple((sign, 1.0) for sign in text),
        first_seen=question.at,
        last_seen=question.at,
        readings=readings,
        box=Box(0.0, 0.0, 1.0, 1.0),
        alternatives=question.alternatives,
    )


def _standing(vehicle: Vehicle, lists: dict[str, PlateList]) -> tuple[PlateList | None, Reason]:
    """The list that counts most of those the vehicle stands on."""
    known = [lists[name] for name in sorted(vehicle.lists) if name in lists]
    if not known:
        return None, Reason("list", False, f"{vehicle.label} stands on no list")
    first = min(known, key=lambda one: PRIORITY.index(one.meaning))
    names = ", ".join(f"{one.name} ({one.meaning.value})" for one in known)
    return first, Reason("list", True, f"stands on {names}; {first.name} counts")


def _allow_reason(standing: PlateList | None) -> Reason:
    meaning = standing.meaning.value if standing else "none"
    allowed = standing is not None and standing.meaning is ListMeaning.ALLOW
    return Reason("allowed", allowed, f"meaning of the list is {meaning}, allow is needed")
