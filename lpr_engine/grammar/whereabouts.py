"""From where a plate may come: the given countries, the site's history, the reader's word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lpr_engine.grammar.history import Counts, trust
from lpr_engine.grammar.regions import country_of, region_code, shares

_HERE_SHARE = 0.85
_HOME_SHARE = 0.07
_MOST_LEARNED = 0.75

_READER_REGIONS = 50.0
_UNHEARD = 0.3

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
            if code is not None and chance > 0:
                found[code] = found.get(code, 0.0) + chance
        return cls(tuple(found.items()))


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where plates that pass here come from, before the reader was heard and after.

    `prior` is the share of each region with formats, `heard` how much likelier the reader's word
    is for each code it named, `unheard` how likely it is for any, `total` for all together.
    """

    prior: Mapping[str, float]
    heard: Mapping[str, float]
    unheard: float
    total: float

    def share(self, region: str) -> float:
        """Probability, 0..1, that this plate comes from the region."""
        country = country_of(region)
        likelihood = self.unheard + self.heard.get(region, 0.0)
        if country != region:
            likelihood += self.heard.get(country, 0.0)
        return self.prior.get(region, 0.0) * likelihood / self.total

    def heard_shares(self) -> dict[str, float]:
        """That part of the shares which the reader's word carries, by the codes it named."""
        return {
            code: _share_of(code, self.prior) * likelihood / self.total
            for code, likelihood in self.heard.items()
        }


@lru_cache(maxsize=64)
def whereabouts(countries: tuple[str, ...], learned: Counts, heard: Heard) -> Whereabouts:
    """Mix what is configured, learned and read.

    The reader's word multiplies a region's share, and never takes more from the others than
    `_UNHEARD` leaves them: it may be wrong, or not know their region at all.
    """
    prior = _prior(countries, learned)
    likelihoods = {
        code: (1.0 - _UNHEARD) * _READER_REGIONS * chance for code, chance in heard.regions
    }
    said = sum(_share_of(code, prior) * value for code, value in likelihoods.items())
    open_chance = max(0.0, 1.0 - sum(chance for _, chance in heard.regions))
    unheard = _UNHEARD + (1.0 - _UNHEARD) * open_chance
    return Whereabouts(prior, likelihoods, unheard, unheard + said)


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
