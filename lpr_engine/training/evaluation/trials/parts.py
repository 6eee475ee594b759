"""The parts of closer and second look, and trials in which each is switched off alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from lpr_engine.model.ports import PlateReader
from lpr_engine.vision.cropper import LooseCropper
from lpr_engine.vision.second_look import SecondLookReader, View


class Part(Enum):
    """What may be left out."""

    CLOSER_LOOK = "closer look"
    ENHANCEMENT = "enhancement"
    CLOSER = "closer crop"
    WIDER = "wider crop"
    STRAIGHT = "straightening"


_VIEWS = {Part.CLOSER: View.CLOSER, Part.WIDER: View.WIDER, Part.STRAIGHT: View.STRAIGHT}


@dataclass(frozen=True, slots=True)
class Trial:
    """Vision without some of its parts."""

    name: str
    off: frozenset[Part] = frozenset()

    @property
    def looks_closer(self) -> bool:
        """Whether the detector looks again at what it doubts."""
        return Part.CLOSER_LOOK not in self.off

    def cropper(self) -> LooseCropper:
        """The engine's cropper."""
        return LooseCropper(enhances=Part.ENHANCEMENT not in self.off)

    def reader(self, inner: PlateReader) -> SecondLookReader:
        """The engine's reader around one that reads once."""
        views = [view for part, view in _VIEWS.items() if part not in self.off]
        return SecondLookReader(inner, views=views)


EVERYTHING = Trial("everything")
TRIALS = (
    EVERYTHING,
    *(Trial(f"without {part.value}", frozenset({part})) for part in Part),
    Trial("without second look", frozenset(_VIEWS)),
)
"""`second look`: all three views of the reader."""


def by_turns(trials: Sequence[Trial], number: int) -> Sequence[Trial]:
    """The trials, another one first each time: the first look at a picture is the slowest."""
    first = number % len(trials)
    return (*trials[first:], *trials[:first])
