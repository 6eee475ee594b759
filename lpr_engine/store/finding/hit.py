"""One passage that was found, before its row is read, and its place in an order."""

from __future__ import annotations

from dataclasses import dataclass

from lpr_engine.model.search import Order


@dataclass(frozen=True, slots=True)
class Place:
    """Where in either order a passage stands.

    `key` is twice the distance in tenths, and one more for an alternative: the less, the nearer.
    """

    seen_ms: int
    number: int
    confidence: float = 0.0
    key: int = 0

    def after(self, order: Order) -> tuple[float, ...]:
        """Greater for passages that come later."""
        newest = (-self.seen_ms, -self.number)
        return newest if order is Order.NEWEST else (self.key, -self.confidence, *newest)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, and the number of the text by which it was found, None without one."""

    place: Place
    passage_id: str
    text: int | None = None
