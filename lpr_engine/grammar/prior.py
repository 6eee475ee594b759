"""How usual a text is as a plate where a camera hangs: soft, so that nothing is impossible."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from lpr_engine.grammar.formats import PlateFormat, formats_of, layouts_of
from lpr_engine.grammar.history import SiteHistory
from lpr_engine.grammar.likelihood import region_odds
from lpr_engine.grammar.regions import country_of
from lpr_engine.grammar.vanity import vanity_odds
from lpr_engine.grammar.whereabouts import Heard, Regions, whereabouts

_FREE_SHARE = 0.15
_VANITY_SHARE = 0.1
_FORMAT_SHARE = 1.0 - _FREE_SHARE - _VANITY_SHARE
_MOST_SHAPED = 0.4
_STRENGTH = 0.25
"""Tempers the prior: a reader that learned from plates knows most of their formats already."""
_SURE_REGION = 0.7


@dataclass(frozen=True)
class Grammar:
    """Plates of the given countries (ISO 3166, `US-CA`), of all others less, and of free form.

    Without countries every known region counts as its vehicles are many, and more what the
    site's `history` has shown.
    """

    countries: tuple[str, ...] = ()
    history: SiteHistory = field(default_factory=SiteHistory, compare=False)

    def log_prior(self, text: str, regions: Regions | None = None) -> float:
        """Log-odds of the text against a random one of its length, tempered.

        A mixture: a format contributes its share over the number of texts it allows, owners'
        choices theirs, the free form its share over all texts. `regions` is what the reader
        says of this plate's region.
        """
        here = whereabouts(self.countries, self.history.regions, Heard.of(regions))
        formats = sum(here.share(region) * odds for region, odds in region_odds(text))
        shaped = _MOST_SHAPED * self.history.shape_trust
        fitting = (1.0 - shaped) * formats + shaped * self.history.shape_odds(text)
        return _STRENGTH * math.log(_free_odds(text) + _FORMAT_SHARE * fitting)

    def region_of(self, text: str, regions: Regions | None = None) -> str | None:
        """The region that format and reader together make likely; None when unsure.

        A part of a country only where it is likely by itself. The site's history has no say, so
        that it cannot confirm itself.
        """
        here = whereabouts(self.countries, (), Heard.of(regions))
        free, heard = _free_odds(text), here.heard_shares
        weights: defaultdict[str, float] = defaultdict(float)
        for region, odds in region_odds(text):
            weights[region] += _FORMAT_SHARE * here.share(region) * odds
        for region, share in heard.items():
            weights[region] += free * share
        unheard = free * max(0.0, 1.0 - sum(heard.values()))
        return _likely(weights, unheard + sum(weights.values()))

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


def _free_odds(text: str) -> float:
    return _FREE_SHARE + _VANITY_SHARE * vanity_odds(text)


def _likely(weights: Mapping[str, float], total: float) -> str | None:
    countries: defaultdict[str, float] = defaultdict(float)
    for region, weight in weights.items():
        countries[country_of(region)] += weight
    for table in (weights, countries):
        region, weight = max(table.items(), key=lambda pair: pair[1], default=("", 0.0))
        if weight > _SURE_REGION * total:
            return region
    return None


def _formats_of_all(regions: tuple[str, ...]) -> list[PlateFormat]:
    return [plate_format for region in regions for plate_format in formats_of(region)]
