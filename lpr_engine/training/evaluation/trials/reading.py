"""How many plates are read without a mistake, and what processor time that takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reads:
    """What became of the texts of some plates; `spent_ms` is processor time, all together."""

    plates: int = 0
    exact: int = 0
    exact_folded: int = 0
    spent_ms: float = 0.0

    def __add__(self, other: Reads) -> Reads:
        return Reads(
            self.plates + other.plates,
            self.exact + other.exact,
            self.exact_folded + other.exact_folded,
            self.spent_ms + other.spent_ms,
        )

    @property
    def exact_share(self) -> float:
        """Share of the texts that were read without a mistake."""
        return self.exact / max(1, self.plates)

    @property
    def folded_share(self) -> float:
        """The same, O being 0 and I being 1."""
        return self.exact_folded / max(1, self.plates)
