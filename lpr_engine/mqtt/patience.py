"""How long the publisher waits for the broker, and how long between attempts."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Durations of one publisher; the keepalive finds half-open connections.

    The network layer gives a silent broker up after about twice `keepalive_s`. A broker that holds
    passages back for `acknowledge_timeout_s` makes old news of them, so that time is short.
    """

    keepalive_s: int = 15
    connect_timeout_s: float = 5.0
    acknowledge_timeout_s: float = 10.0
    retry_min_s: float = 0.5
    retry_max_s: float = 60.0
    steady_after_s: float = 10.0
    drain_s: float = 0.5
    farewell_s: float = 0.2
    figures_every_s: float = 5.0


class Backoff:
    """Growing pauses between attempts, capped, with jitter so that engines do not march in step."""

    def __init__(self, shortest_s: float, longest_s: float) -> None:
        self._shortest_s = shortest_s
        self._longest_s = longest_s
        self._failures = 0

    def next_s(self) -> float:
        """The pause after one more failure: doubling, between half and all of its size."""
        doublings = min(self._failures, 16)
        self._failures += 1
        full_s = min(self._longest_s, self._shortest_s * 2.0**doublings)
        return full_s * random.uniform(0.5, 1.0)

    def reset(self) -> None:
        """All is well again: the next failure is the first."""
        self._failures = 0
