"""How usual a text is as a plate where a camera hangs: soft, so that nothing is impossible."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from lpr_engine.grammar.formats import DIGITS, FORMATS, Layout, PlateFormat, formats_of, layouts_of

_SIGNS = 36
_SHARE_HERE = 0.75
_SHARE_ABROAD = 0.1
_SHARE_ANYWHERE = 0.5
_STRENGTH = 0.5

_Weighed = tuple[Layout, float]


@dataclass(frozen=True, slots=True)
class Grammar:
    """Plates of the given countries (ISO 3166, `US-CA`), of all others less, and of free form.

    Without countries every known region counts alike.
    """

    countries: tuple[str, ...] = ()

    def log_prior(self, text: str) -> float:
        """Log-odds of the text against a random one of its length, tempered.

        A mixture: a format contributes its share over the number of texts it allows, the free
        form its share over all texts. The square root keeps vanity plates readable.
        """
        return _log_prior(text, self.countries)

    def display(self, text: str, region: str | None = None) -> str | None:
        """The text with separators, where all fitting layouts set them alike.

        Looks at `region` where its formats are known, else at the countries of this grammar.
        """
        regions = (region,) if region is not None and formats_of(region) else self.countries
        shown = {
            layout.display(text)
            for plate_format in _formats_of_all(regions)
            for layout in layouts_of(plate_format)
            if layout.matches(text)
        }
        return shown.pop() if len(shown) == 1 else None

    def region_of(self, text: str) -> str | None:
        """The one country of this grammar with such plates; None for several or none."""
        fitting = [
            country
            for country in self.countries
            if any(plate_format.matches(text) for plate_format in formats_of(country))
        ]
        return fitting[0].upper() if len(fitting) == 1 else None


def _formats_of_all(regions: tuple[str, ...]) -> list[PlateFormat]:
    return [plate_format for region in regions for plate_format in formats_of(region)]


@lru_cache(maxsize=8192)
def _log_prior(text: str, countries: tuple[str, ...]) -> float:
    _, free_share = _mixture(countries)
    shape = "".join("9" if sign in DIGITS else "A" for sign in text)
    fitting = sum(odds for layout, odds in _of_shape(shape, countries) if layout.matches(text))
    return _STRENGTH * math.log(free_share + fitting)


@lru_cache(maxsize=4096)
def _of_shape(shape: str, countries: tuple[str, ...]) -> tuple[_Weighed, ...]:
    """The few layouts with digits and letters at those places, so that not all are tried."""
    layouts, _ = _mixture(countries)
    return tuple((layout, odds) for layout, odds in layouts if _has_shape(layout, shape))


def _has_shape(layout: Layout, shape: str) -> bool:
    return len(layout.signs) == len(shape) and all(
        any((sign in DIGITS) == (kind == "9") for sign in allowed)
        for allowed, kind in zip(layout.signs, shape, strict=True)
    )


@lru_cache(maxsize=64)
def _mixture(countries: tuple[str, ...]) -> tuple[tuple[_Weighed, ...], float]:
    """Each layout with its share per text, in units of a random text's; and the free share."""
    known = tuple(country for country in countries if formats_of(country))
    here = _SHARE_HERE if known else 0.0
    everywhere = _SHARE_ABROAD if known else _SHARE_ANYWHERE
    mixed: defaultdict[Layout, float] = defaultdict(float)
    for regions, share in ((known, here), (tuple(FORMATS), everywhere)):
        for layout, chance in _chances(regions):
            texts = math.prod(len(signs) for signs in layout.signs)
            mixed[layout] += share * chance * _SIGNS ** len(layout.signs) / texts
    return tuple(mixed.items()), 1.0 - here - everywhere


def _chances(regions: tuple[str, ...]) -> list[_Weighed]:
    """Each layout's probability when regions, then their formats, are drawn by weight."""
    drawn: list[_Weighed] = []
    for region in regions:
        formats = formats_of(region)
        total = sum(plate_format.weight for plate_format in formats) * len(regions)
        for plate_format in formats:
            layouts = layouts_of(plate_format)
            chance = plate_format.weight / total / len(layouts)
            drawn += [(layout, chance) for layout in layouts]
    return drawn
