"""A pattern as a graph of states (Thompson's construction): small, but in many states at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lpr_engine.model.errors import SearchError
from lpr_engine.store.texts.syntax import Chain, Choice, Edge, Pattern, Repeat, Signs

_MOST_STATES = 300


@dataclass(slots=True)
class State:
    """Goes on to `after` by one of `signs`, and to the others without reading anything."""

    signs: Signs | None = None
    after: int = 0
    free: list[int] = field(default_factory=list)
    at_start: list[int] = field(default_factory=list)
    at_end: list[int] = field(default_factory=list)


class Graph:
    """The states of a pattern; it fits what leads from `first` to `last`.

    Raises:
        SearchError: the pattern needs too many states.
    """

    def __init__(self, pattern: Pattern) -> None:
        self.states: list[State] = []
        self.last = self._new()
        self.first = self._build(pattern, self.last)

    def reachable(
        self, begin: Iterable[int], *, at_start: bool = False, at_end: bool = False
    ) -> frozenset[int]:
        """All states that lie at no sign's distance from some."""
        seen, waiting = set(begin), list(begin)
        while waiting:
            state = self.states[waiting.pop()]
            edges = (
                *state.free,
                *(state.at_start if at_start else ()),
                *(state.at_end if at_end else ()),
            )
            waiting += [number for number in edges if number not in seen]
            seen.update(edges)
        return frozenset(seen)

    def _new(self, **edges: object) -> int:
        if len(self.states) >= _MOST_STATES:
            raise SearchError("the pattern is too long")
        self.states.append(State(**edges))  # type: ignore[arg-type]
        return len(self.states) - 1

    def _build(self, pattern: Pattern, after: int) -> int:
        """The state in which a pattern begins that is followed by `after`."""
        if isinstance(pattern, Signs):
            return self._new(signs=pattern, after=after)
        if isinstance(pattern, Edge):
            edge = "at_start" if pattern.is_start else "at_end"
            return self._new(**{edge: [after]})
        if isinstance(pattern, Choice):
            return self._new(free=[self._build(one, after) for one in pattern.options])
        if isinstance(pattern, Repeat):
            return self._repeat(pattern, after)
        return self._chain(pattern, after)

    def _chain(self, chain: Chain, after: int) -> int:
        for part in reversed(chain.parts):
            after = self._build(part, after)
        return after

    def _repeat(self, repeat: Repeat, after: int) -> int:
        first = self._endless(repeat.part, after) if repeat.most is None else after
        for _ in range((repeat.most or repeat.least) - repeat.least):
            first = self._new(free=[self._build(repeat.part, first), after])
        for _ in range(repeat.least):
            first = self._build(repeat.part, first)
        return first

    def _endless(self, part: Pattern, after: int) -> int:
        loop = self._new(free=[after])
        self.states[loop].free.append(self._build(part, loop))
        return loop
