"""The regions that a reader tells apart, and what a label such as `us` means among them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

UNKNOWN = -1
_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_NO_COUNTRY = frozenset({"EU"})
_LEAST_REGIONS = 2


@dataclass(frozen=True)
class RegionList:
    """ISO 3166 codes in a fixed order, `US-CA` beside `BR`; empty when there is nothing to tell.

    A label is the place of a code, or, behind all codes, the place of a country whose
    subdivisions are listed: that one is right when any of them is.
    """

    names: tuple[str, ...]

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Countries of which subdivisions are listed."""
        return tuple(sorted({name.split("-")[0] for name in self.names if "-" in name}))

    @property
    def labels(self) -> tuple[str, ...]:
        """What each label names."""
        return self.names + self.countries

    @property
    def members(self) -> NDArray[np.bool_]:
        """Which regions each label may mean, shape (labels, regions)."""
        exact = np.eye(len(self.names), dtype=np.bool_)
        whole = [[n.split("-")[0] == country for n in self.names] for country in self.countries]
        return np.concatenate(
            [exact, np.array(whole, np.bool_).reshape(len(whole), len(self.names))]
        )

    def drawn(self, region: str) -> int:
        """The label of a drawn plate, whose region is known exactly."""
        return self.names.index(region) if region in self.names else self.written(region)

    def written(self, region: str) -> int:
        """The label of what a person wrote in a table: `br`, `US-CA`, or `us` for any state."""
        code = region.strip().upper()
        if code in self.countries:
            return len(self.names) + self.countries.index(code)
        return self.names.index(code) if code in self.names else UNKNOWN

    def answers(self, chances: NDArray[np.float32]) -> set[str]:
        """The likeliest region, and the country whose regions are likeliest together."""
        totals: dict[str, float] = {}
        for name, chance in zip(self.names, chances, strict=True):
            country = name.split("-")[0]
            totals[country] = totals.get(country, 0.0) + float(chance)
        best = self.names[int(chances.argmax())]
        return {max(totals, key=totals.__getitem__)} | ({best} if "-" in best else set())


def region_list(regions: Iterable[str]) -> RegionList:
    """The regions among these; none where fewer than two are ISO codes."""
    names = sorted({r for r in regions if _CODE.fullmatch(r) and r not in _NO_COUNTRY})
    return RegionList(tuple(names) if len(names) >= _LEAST_REGIONS else ())
