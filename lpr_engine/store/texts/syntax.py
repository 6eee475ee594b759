"""Patterns as trees: what a wildcard or a regular expression may be made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Signs:
    """One sign out of some: within `ranges`, or a digit, or (`negated`) anything but those."""

    ranges: tuple[tuple[str, str], ...] = ()
    digits: bool = False
    others: bool = False
    negated: bool = False

    def holds(self, sign: str) -> bool:
        """Whether a sign is one of them."""
        is_digit = sign.isdigit()
        named = (self.digits and is_digit) or (self.others and not is_digit)
        return self.negated != (named or any(low <= sign <= high for low, high in self.ranges))


@dataclass(frozen=True, slots=True)
class Chain:
    """One after the other; an empty one fits nothing at all, anywhere."""

    parts: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Any one of these."""

    options: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """So many times in a row; `most` None has no end."""

    part: Pattern
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Edge:
    """The place before the first sign, or behind the last."""

    is_start: bool


Pattern: TypeAlias = Signs | Chain | Choice | Repeat | Edge

ANY = Signs(negated=True)


def literal(text: str) -> Chain:
    """Exactly these signs."""
    return Chain(tuple(Signs(((sign, sign),)) for sign in text))
