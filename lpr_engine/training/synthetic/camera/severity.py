"""How hard a camera treats plates: one value from clean to the worst street."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Severity:
    """How hard the degradation is; 1 is the full range of a street camera."""

    turn_degrees: float = 5.0
    shear: float = 0.1
    corner: float = 0.03
    margin: tuple[float, float] = (-0.05, 0.2)
    """Loose margin of each side as a part of the box, as a detector leaves it."""
    smallest_px: float = 9.0
    """Rows that the plate, or the letters of a square plate, keep at least."""
    photometric: float = 1.0
    """Scales how often light, weather, lens, sensor and video do something."""

    @classmethod
    def of(cls, level: float, rows: int = 48) -> Severity:
        """The severity at `level` 0 (clean) to 1 (everything), for crops of `rows` rows."""
        hard, part = cls(), min(max(level, 0.0), 1.0)
        fewest = math.exp(math.log(rows) + part * math.log(hard.smallest_px / rows))
        return cls(
            turn_degrees=hard.turn_degrees * part,
            shear=hard.shear * part,
            corner=hard.corner * part,
            margin=(hard.margin[0] * part, hard.margin[1] * part),
            smallest_px=fewest,
            photometric=part,
        )

    @property
    def steep(self) -> float:
        """The chance of a plate that slants by far more than `turn_degrees`."""
        return min(0.3, 0.06 * self.turn_degrees)

    @property
    def bent(self) -> float:
        """The chance of a plate that is not flat."""
        return min(0.12, 4 * self.corner)
