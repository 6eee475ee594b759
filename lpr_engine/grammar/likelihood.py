"""How usual a text is among the plates of each region."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import lru_cache
from itertools import product

from lpr_engine.grammar.formats import DIGITS, FORMATS, Layout, layouts_of

_SIGNS = 36

_Placed = tuple[str, Layout, float]


@lru_cache(maxsize=16384)
def region_odds(text: str) -> tuple[tuple[str, float], ...]:
    """Regions with such plates, each with the odds of the text against a random one.

    A region's formats are drawn by weight, and the texts of a format are alike.
    """
    fitting: defaultdict[str, float] = defaultdict(float)
    for region, layout, odds in _layouts_by_shape().get(shape_of(text), ()):
        if layout.matches(text):
            fitting[region] += odds
    return tuple(fitting.items())


def shape_of(text: str) -> str:
    """The text with `9` for every digit and `A` for all else."""
    return "".join("9" if sign in DIGITS else "A" for sign in text)


@lru_cache(maxsize=1)
def _layouts_by_shape() -> dict[str, list[_Placed]]:
    """Every layout under each shape that its texts can have, so that not all are tried."""
    found: defaultdict[str, list[_Placed]] = defaultdict(list)
    for placed in _all_layouts():
        kinds = ["".join(sorted({shape_of(sign) for sign in signs})) for signs in placed[1].signs]
        for shape in product(*kinds):
            found["".join(shape)].append(placed)
    return dict(found)


def _all_layouts() -> list[_Placed]:
    """Every layout of every region, with its share per text in units of a random text's."""
    placed: list[_Placed] = []
    for region, formats in FORMATS.items():
        total = sum(plate_format.weight for plate_format in formats)
        for plate_format in formats:
            layouts = layouts_of(plate_format)
            chance = plate_format.weight / total / len(layouts)
            for layout in layouts:
                spread = math.prod(_SIGNS / len(signs) for signs in layout.signs)
                placed.append((region, layout, chance * spread))
    return placed
