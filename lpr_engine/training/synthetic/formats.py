"""Plate formats of countries: patterns, alphabets, colours and the look they are drawn in.

Pattern signs in the packs: `L` a letter, `9` a digit, `V` two to seven letters and digits of
the owner's choice, `/` next line; a space, `-` and `.` are drawn separators; `|` is a place for
seals or an emblem, `^` a picture between two groups, `*` a Chinese province sign, `:` two small
stacked letters. Only letters and digits become text: a province sign is drawn but never read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
ALPHABET = DIGITS + LETTERS
SEPARATORS = " -.|^*:/"
_VANITY_LENGTHS = (2, 8)
# Every letter once, and the commoner ones of English again and again.
_ENGLISH = LETTERS + "EEEEEEEETTTTTTAAAAAOOOOOOOIIIIINNNNNSSSSSRRRRHHHDDDLLLLUUUCMMGGYYPPWBVK"
_PACKS = Path(__file__).with_name("packs")

Colour = tuple[int, int, int]
"""Red, green, blue, 0..255."""


@dataclass(frozen=True, slots=True)
class PlateFormat:
    """One kind of plate: what may stand on it, and how it looks."""

    region: str
    patterns: tuple[str, ...]
    layout: str
    weight: float
    aspect: float
    letters: str
    faces: tuple[str, ...]
    colours: tuple[tuple[Colour, Colour], ...]
    """Ground and ink."""
    band: str
    """Letters of the blue strip; a `+` behind them means a second strip at the right."""

    def spell(self, generator: np.random.Generator) -> str:
        """One random text with its separators, such as `B|AB 1234`."""
        pattern = self.patterns[int(generator.integers(len(self.patterns)))]
        return "".join(self._sign(sign, generator) for sign in pattern)

    def _sign(self, sign: str, generator: np.random.Generator) -> str:
        if sign == "L":
            return str(generator.choice(list(self.letters)))
        if sign == "9":
            return str(generator.integers(10))
        if sign == "V":
            return _owners_choice(generator)
        return sign

    def expression(self) -> re.Pattern[str]:
        """What every text spelled by this format matches, separators included."""
        parts = {"L": f"[{self.letters}]", "9": "[0-9]", "V": "[A-Z0-9]{2,7}"}
        spelled = ("".join(parts.get(s, re.escape(s)) for s in p) for p in self.patterns)
        return re.compile("|".join(spelled))


def _owners_choice(generator: np.random.Generator) -> str:
    """English letters, sometimes random ones and digits; a round sign is an O, never a 0."""
    length = int(generator.integers(*_VANITY_LENGTHS))
    if generator.random() < 0.7:
        return "".join(generator.choice(list(_ENGLISH), length))
    return "".join(generator.choice(list(LETTERS + DIGITS[1:]), length))


def plate_text(spelling: str) -> str:
    """The letters and digits of a spelling: what a reader has to answer."""
    return "".join(sign for sign in spelling if sign in ALPHABET)


@lru_cache(maxsize=1)
def plate_formats() -> tuple[PlateFormat, ...]:
    """All formats that come with the package."""
    packs = [yaml.safe_load(p.read_text(encoding="utf-8")) for p in sorted(_PACKS.glob("*.yaml"))]
    colours = {
        name: (_colour(ground), _colour(ink))
        for pack in packs
        for name, (ground, ink) in pack.get("colours", {}).items()
    }
    return tuple(_format(entry, colours) for pack in packs for entry in pack.get("formats", []))


def _colour(values: list[int]) -> Colour:
    return values[0], values[1], values[2]


def _format(entry: dict[str, Any], colours: dict[str, tuple[Colour, Colour]]) -> PlateFormat:
    return PlateFormat(
        region=entry["region"],
        patterns=tuple(entry["patterns"]),
        layout=entry["layout"],
        weight=float(entry["weight"]),
        aspect=float(entry["aspect"]),
        letters=entry.get("letters", LETTERS),
        faces=tuple(entry["faces"]),
        colours=tuple(colours[name] for name in entry["colours"]),
        band=entry.get("band", ""),
    )


def choose_format(
    generator: np.random.Generator, formats: tuple[PlateFormat, ...] | None = None
) -> PlateFormat:
    """A format by its weight."""
    known = formats or plate_formats()
    weights = np.array([one.weight for one in known])
    return known[int(generator.choice(len(known), p=weights / weights.sum()))]
