"""What would happen if a plate were seen: the question to the rules, and their answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lpr_engine.model.passage import Alternative, Passage, Verdict
from lpr_engine.model.vehicle import Vehicle


@dataclass(frozen=True, slots=True)
class Question:
    """A plate that might be seen; `readings` None stands for as many as are needed."""

    text: str
    camera: str
    at: datetime
    confidence: float = 1.0
    readings: int | None = None
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The verdict, the passage that was assumed for it, and the vehicle it found."""

    verdict: Verdict
    passage: Passage
    vehicle: Vehicle | None


class VerdictExplainer(Protocol):
    """The rules as somebody asks them who has seen nothing. Thread-safe; returns at once."""

    def explain(self, question: Question) -> Explanation:
        """What the rules in force would say at the moment asked about."""
        ...
