"""Plate formats of countries: patterns, alphabets, colours and the look they are drawn in.

Pattern signs in the packs: `L` a letter, `9` a digit, `1` a digit but zero, `X` either, `C` one of
the format's codes, `V` two to seven letters and digits of the owner's choice, a small letter
itself, `?` after a sign leaves it out half of the time, `/` next line; a space, `-` and `.` are
drawn separators; `|` is a place for seals or an emblem, `^` a picture between two groups, `*` a
province sign, `:` two small stacked letters, `!` a line behind which the characters are small.
Only letters and digits become text: a province sign is drawn but never read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from lpr_engine.training.synthetic.owners_choice import owners_choice

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
ALPHABET = DIGITS + LETTERS
SEPARATORS = " -.|^*:!/"
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
    band: str = ""
    """Letters of the strip at the left; a `+` behind them means a second strip at the right."""
    band_look: str = "euro"
    """`euro` (blue with stars), `plain` (blue without), or the colour of another strip."""
    codes: tuple[str, ...] = ()
    """What `C` stands for, such as districts."""
    place: str = "seals"
    """What fills `|`: seals, shield, sticker, discs, dot, or blank."""
    above: tuple[str, ...] = ()
    """Words above the text, one of which is drawn."""
    below: tuple[str, ...] = ()
    cap: tuple[float, float] = (0.6, 0.74)
    """Height of the letters as a part of the plate's, or of its line's."""
    letter_size: float = 1.0
    """Height of letters as a part of the digits'."""
    special: bool = False
    """Whether its texts need not be those of the region's everyday plates."""

    def spell(self, generator: np.random.Generator) -> str:
        """One random text with its separators, such as `B|AB 1234`."""
        pattern = self.patterns[int(generator.integers(len(self.patterns)))]
        signs = _with_optional_signs(pattern, generator)
        return "".join(self._sign(sign, generator) for sign in signs)

    def _sign(self, sign: str, generator: np.random.Generator) -> str:
        if sign in "L9X1":
            return _choice(self._class_of(sign), generator)
        if sign == "C":
            return _choice(self.codes, generator)
        if sign == "V":
            return owners_choice(generator)
        return sign.upper()

    def _class_of(self, sign: str) -> str:
        classes = {"L": self.letters, "9": DIGITS, "1": DIGITS[1:], "X": self.letters + DIGITS}
        return classes[sign]

    def expression(self) -> re.Pattern[str]:
        """What every text spelled by this format matches, separators included."""
        return re.compile("|".join("".join(self._part(s) for s in p) for p in self.patterns))

    def _part(self, sign: str) -> str:
        if sign in "L9X1":
            return f"[{self._class_of(sign)}]"
        if sign == "C":
            return f"(?:{'|'.join(self.codes)})"
        if sign == "V":
            return "[A-Z0-9]{2,7}"
        return "?" if sign == "?" else re.escape(sign.upper())


def _with_optional_signs(pattern: str, generator: np.random.Generator) -> str:
    """The pattern's signs; each that `?` follows is there half of the time."""
    out = ""
    for sign in pattern:
        if sign != "?":
            out += sign
        elif generator.random() < 0.5:
            out = out[:-1]
    return out


def _choice(options: Sequence[str], generator: np.random.Generator) -> str:
    return options[int(generator.integers(len(options)))]


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
    return tuple(
        _format(pack.get("defaults", {}) | entry, colours)
        for pack in packs
        for entry in pack.get("formats", [])
    )


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
        band_look=entry.get("band_look", "euro"),
        codes=tuple(str(code) for code in entry.get("codes", ())),
        place=entry.get("place", "seals"),
        above=tuple(entry.get("above", ())),
        below=tuple(entry.get("below", ())),
        cap=_span(entry.get("cap", (0.6, 0.74))),
        letter_size=float(entry.get("letter_size", 1.0)),
        special=bool(entry.get("special", False)),
    )


def _span(values: Sequence[float]) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def choose_format(
    generator: np.random.Generator, formats: tuple[PlateFormat, ...] | None = None
) -> PlateFormat:
    """A format by its weight."""
    known = formats or plate_formats()
    weights = np.array([one.weight for one in known])
    return known[int(generator.choice(len(known), p=weights / weights.sum()))]
