"""What plates of a region look like, as layouts of letters, digits and separators.

The notation: `A` a letter, `9` a digit, `1` a digit but zero, `X` either, a small letter itself,
`?` after a sign makes it optional, ` - . ·` are separators that no text holds. `|` parts the
layouts of a region; `~` marks one that is old or rare.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import lru_cache

from lpr_engine.grammar import americas, europe, world

LETTERS = string.ascii_uppercase
DIGITS = string.digits
SEPARATORS = " -.·"

_RARE_WEIGHT = 0.2


@dataclass(frozen=True, slots=True)
class Layout:
    """One fixed arrangement: the signs allowed at each place, and where separators stand."""

    signs: tuple[str, ...]
    separators: tuple[str, ...]

    def matches(self, text: str) -> bool:
        """Whether the text, without separators, fits."""
        return len(text) == len(self.signs) and all(
            sign in allowed for sign, allowed in zip(text, self.signs, strict=True)
        )

    def display(self, text: str) -> str:
        """The text with its separators, as on the plate."""
        pairs = zip(self.separators, text, strict=True)
        return "".join(separator + sign for separator, sign in pairs)


@dataclass(frozen=True, slots=True)
class PlateFormat:
    """One template of a region; `weight` is its share among the region's templates."""

    region: str
    template: str
    letters: str = LETTERS
    weight: float = 1.0

    def matches(self, text: str) -> bool:
        """Whether the text, without separators, is a plate of this format."""
        return any(layout.matches(text) for layout in layouts_of(self))


@lru_cache(maxsize=1024)
def layouts_of(plate_format: PlateFormat) -> tuple[Layout, ...]:
    """Every arrangement of the template, its optional signs taken and left."""
    grown: list[tuple[tuple[str, ...], tuple[str, ...]]] = [((), ())]
    separator = ""
    template = plate_format.template
    for at, mark in enumerate(template):
        if mark in SEPARATORS:
            separator = mark
        elif mark != "?":
            allowed = _signs_of(mark, plate_format.letters)
            taken = [((*signs, allowed), (*gaps, separator)) for signs, gaps in grown]
            optional = template[at + 1 : at + 2] == "?"
            grown = [*taken, *grown] if optional else taken
            separator = ""
    return tuple(Layout(signs, gaps) for signs, gaps in dict.fromkeys(grown))


def _signs_of(mark: str, letters: str) -> str:
    classes = {"A": letters, "9": DIGITS, "1": DIGITS[1:], "X": letters + DIGITS}
    return classes.get(mark) or mark.upper()


def _formats(layouts: dict[str, str], letters: dict[str, str]) -> dict[str, list[PlateFormat]]:
    return {
        region: [
            PlateFormat(
                region,
                template.strip().lstrip("~"),
                letters.get(region, LETTERS),
                _RARE_WEIGHT if template.strip().startswith("~") else 1.0,
            )
            for template in templates.split("|")
        ]
        for region, templates in layouts.items()
    }


FORMATS: dict[str, list[PlateFormat]] = {
    region: formats
    for part in (europe, americas, world)
    for region, formats in _formats(part.LAYOUTS, part.LETTERS).items()
}
"""The formats of each region, by ISO 3166 code, with its subdivision where plates differ."""


def formats_of(region: str) -> list[PlateFormat]:
    """The formats of a region; a subdivision unknown here stands for its country.

    `UK` is taken for `GB`; an unknown region has none.
    """
    code = region.upper()
    country, _, part = code.partition("-")
    country = "GB" if country == "UK" else country
    return FORMATS.get(f"{country}-{part}") or FORMATS.get(country) or []
