"""From where a plate may come: the given countries, the site's history, the reader's word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lpr_engine.grammar.history import Counts, trust
from lpr_engine.grammar.regions import country_of, region_code, shares

_HERE_SHARE = 0.85
_HOME_SHARE = 0.07
_MOST_LEARNED = 0.75

_READER_REGIONS = 50.0
_READER_ABROAD = 5.0
"""How far the reader's word lifts a country, and one that is none of the given ones."""

_UNHEARD = 0.3
_LEAST_HEARD = 1e-6

Regions = Mapping[str, float]
"""What the reader says of a plate's region: codes or names with probabilities, sum at most 1."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The reader's word on a plate's region, as codes of known regions, best first."""

    regions: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of(cls, regions: Regions | None) -> Heard:
        """Names that are unknown say nothing."""
        found: dict[str, float] = {}
        for name, chance in (regions or {}).items():
            code = region_code(name)
            if code is not None and chance > _LEAST_HEARD:
                found[code] = found.get(code, 0.0) + chance
        return cls(tuple(found.items()))


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where plates that pass here come from, after the reader was heard.

    `shares` are those of each region with formats, and sum to 1; `heard_shares` that part of
    them which the reader's word carries, by the codes it named.
    """

    shares: Mapping[str, float]
    heard_shares: Mapping[str, float]

    def share(self, region: str) -> float:
        """Probability, 0..1, that this plate comes from the region."""
        return self.shares.get(region, 0.0)


@lru_cache(maxsize=64)
def whereabouts(countries: tuple[str, ...], learned: Counts, heard: Heard) -> Whereabouts:
    """Mix what is configured, learned and read.

    The reader's word on a country multiplies its share, and never takes more from the others
    than `_UNHEARD` leaves them: it may be wrong, or not know their region at all. Its word on a
    part moves shares inside the country only, however many parts the reader knows.
    """
    prior = _prior(countries, learned)
    said: defaultdict[str, float] = defaultdict(float)
    for code, chance in heard.regions:
        said[country_of(code)] += chance
    unheard = _UNHEARD + (1.0 - _UNHEARD) * max(0.0, 1.0 - sum(said.values()))
    carried = {
        country: (1.0 - _UNHEARD) * _lift(country, countries) * chance * _share_of(country, prior)
        for country, chance in said.items()
    }
    total = unheard + sum(carried.values())
    shares = {region: unheard * share / total for region, share in prior.items()}
    for country, weight in carried.items():
        for region, part in _inside(country, prior, heard).items():
            shares[region] += part * weight / total
    return Whereabouts(
        shares,
        {
            code: carried[country_of(code)] / total * chance / said[country_of(code)]
            for code, chance in heard.regions
        },
    )


def _lift(country: str, given: tuple[str, ...]) -> float:
    """Looks alone do not make a plate a foreign one: its format has to say so too."""
    at_home = not given or country in {country_of(region_code(code) or code) for code in given}
    return _READER_REGIONS if at_home else _READER_ABROAD


def _inside(country: str, prior: Mapping[str, float], heard: Heard) -> dict[str, float]:
    """Each region's share of its country, by the reader's word on its parts."""
    inside = {region: share for region, share in prior.items() if country_of(region) == country}
    parts = {code: chance for code, chance in heard.regions if code != country and code in inside}
    chances = sum(chance for code, chance in heard.regions if country_of(code) == country)
    unheard = _UNHEARD + (1.0 - _UNHEARD) * max(0.0, 1.0 - sum(parts.values()) / chances)
    spread = (1.0 - _UNHEARD) * len(inside) / chances
    weights = {
        region: share * (unheard + spread * parts.get(region, 0.0))
        for region, share in inside.items()
    }
    total = sum(weights.values())
    return {region: weight / total for region, weight in weights.items()}


def _share_of(code: str, prior: Mapping[str, float]) -> float:
    """The share of a region, of a country with all its parts."""
    if country_of(code) != code:
        return prior.get(code, 0.0)
    return sum(share for region, share in prior.items() if country_of(region) == code)


@lru_cache(maxsize=64)
def _prior(countries: tuple[str, ...], learned: Counts) -> Mapping[str, float]:
    """The given countries stay in charge; history moves shares among them, and among others."""
    everywhere = _informed(shares(), learned)
    given = {code for country in countries if (code := region_code(country)) is not None}
    if not given:
        return everywhere
    here = _informed(_among(given), learned)
    home = _among({country_of(code) for code in given})
    abroad = 1.0 - _HERE_SHARE - _HOME_SHARE
    return {
        region: _HERE_SHARE * here.get(region, 0.0)
        + _HOME_SHARE * home.get(region, 0.0)
        + abroad * share
        for region, share in everywhere.items()
    }


def _among(codes: set[str]) -> dict[str, float]:
    """Shares as everywhere, among the regions of these codes alone."""
    chosen = {
        region: share
        for region, share in shares().items()
        if region in codes or country_of(region) in codes
    }
    total = sum(chosen.values())
    return {region: share / total for region, share in chosen.items()}


def _informed(table: dict[str, float], learned: Counts) -> dict[str, float]:
    """Shares with the site's history in them; a country's count goes to all its parts."""
    counts = dict(learned)
    known = {code: _share_of(code, table) for code in counts}
    seen = sum(count for code, count in counts.items() if known[code] > 0)
    learnt = _MOST_LEARNED * trust(seen)
    mixed = {region: (1.0 - learnt) * share for region, share in table.items()}
    for region, share in table.items():
        for code in {region, country_of(region)}:
            if known.get(code, 0.0) > 0:
                mixed[region] += learnt * counts[code] / seen * share / known[code]
    return mixed
