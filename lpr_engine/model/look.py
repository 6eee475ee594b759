"""What one look at a batch of pictures saw, and how long each stage of it took."""

from __future__ import annotations

from dataclasses import dataclass

from lpr_engine.model.observation import Observation


@dataclass(frozen=True, slots=True)
class StageTimes:
    """Milliseconds that each stage took for a whole batch."""

    detect_ms: float
    crop_ms: float
    read_ms: float

    @property
    def total_ms(self) -> float:
        """All stages together."""
        return self.detect_ms + self.crop_ms + self.read_ms


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What one look at a batch of pictures saw; one list for each picture, best first."""

    observations: list[list[Observation]]
    times: StageTimes
