"""What all readings of one plate say of its region together."""

from __future__ import annotations

from collections import defaultdict

from lpr_engine.model.observation import Reading
from lpr_engine.tracking.spelling import unit_interval


class RegionWord:
    """The mean over readings, each by its weight; readings of one car err alike, so no more."""

    def __init__(self) -> None:
        self._weights: defaultdict[str, float] = defaultdict(float)
        self._total = 0.0

    def add(self, reading: Reading | None, weight: float) -> None:
        """Hear one more reading; one without regions says nothing, for or against."""
        named = _named(reading) if reading is not None else {}
        if not named:
            return
        self._total += weight * max(1.0, sum(named.values()))
        for region, chance in named.items():
            self._weights[region] += weight * chance

    def join(self, other: RegionWord) -> None:
        """Take over all that another heard of the same plate."""
        self._total += other._total
        for region, weight in other._weights.items():
            self._weights[region] += weight

    @property
    def shares(self) -> dict[str, float]:
        """Probability of each region that was named; together at most 1."""
        if not self._total:
            return {}
        return {region: weight / self._total for region, weight in self._weights.items()}


def _named(reading: Reading) -> dict[str, float]:
    pairs = reading.regions
    if not pairs and reading.region:
        pairs = ((reading.region, reading.region_confidence),)
    return {region: chance for region, value in pairs if (chance := unit_interval(value)) > 0}
