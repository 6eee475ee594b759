"""How common plates of a region are, and the names that readers have for regions.

The figures are vehicles in use, in millions, roughly; for parts of a country its inhabitants, in
millions. They need no more than the right order of size: a prior takes their square root.
"""

from __future__ import annotations

import math
from functools import lru_cache

from lpr_engine.grammar.formats import FORMATS

_COUNTRIES = """
AD 0.1 Andorra | AE 4 United Arab Emirates | AL 0.8 Albania | AM 0.8 Armenia | AR 15 Argentina |
AT 7 Austria | AU 21 Australia | AZ 1.8 Azerbaijan | BA 1.3 Bosnia and Herzegovina |
BE 8 Belgium | BG 4 Bulgaria | BR 60 Brazil | BY 4 Belarus | CA 26 Canada | CH 6 Switzerland |
CL 6 Chile | CN 330 China | CO 18 Colombia | CY 0.8 Cyprus | CZ 8 Czechia | DE 60 Germany |
DK 3.5 Denmark | EC 3 Ecuador | EE 1 Estonia | ES 33 Spain | FI 5 Finland |
FO 0.05 Faroe Islands | FR 47 France | GB 41 United Kingdom | GE 1.7 Georgia |
GG 0.1 Guernsey | GI 0.05 Gibraltar | GR 8.5 Greece | HR 2.5 Croatia | HU 5 Hungary |
ID 20 Indonesia | IE 3 Ireland | IL 4 Israel | IN 80 India | IS 0.4 Iceland | IT 48 Italy |
JE 0.1 Jersey | KE 4 Kenya | LI 0.05 Liechtenstein | LT 2 Lithuania | LU 0.6 Luxembourg |
LV 1 Latvia | MC 0.05 Monaco | MD 1 Moldova | ME 0.3 Montenegro | MK 0.6 North Macedonia |
MT 0.4 Malta | MX 50 Mexico | MY 17 Malaysia | NG 12 Nigeria | NL 12 Netherlands |
NO 4 Norway | NZ 5 New Zealand | PE 3 Peru | PH 6 Philippines | PL 35 Poland | PT 7 Portugal |
PY 1 Paraguay | RO 9 Romania | RS 2.8 Serbia | RU 58 Russia | SA 14 Saudi Arabia | SE 6 Sweden |
SG 0.9 Singapore | SI 1.5 Slovenia | SK 3.3 Slovakia | SM 0.05 San Marino | TR 29 Turkey |
UA 11 Ukraine | US 290 United States | UY 2 Uruguay | VA 0.01 Vatican City | VE 4 Venezuela |
VN 6 Vietnam | XK 0.4 Kosovo | ZA 13 South Africa
"""

_PARTS = """
AU-NSW 8.3 AU-QLD 5.5 AU-SA 1.9 AU-VIC 6.9 AU-WA 2.9 CA-AB 4.7 CA-BC 5.5 CA-MB 1.4 CA-ON 15.6
CA-QC 8.9 US-AK 0.7 US-AL 5.1 US-AR 3.1 US-AZ 7.4 US-CA 39.0 US-CO 5.9 US-CT 3.6 US-DC 0.7
US-DE 1.0 US-FL 22.6 US-GA 11.0 US-HI 1.4 US-IA 3.2 US-ID 2.0 US-IL 12.5 US-IN 6.9 US-KS 2.9
US-KY 4.5 US-LA 4.6 US-MA 7.0 US-MD 6.2 US-ME 1.4 US-MI 10.0 US-MN 5.7 US-MO 6.2 US-MS 2.9
US-MT 1.1 US-NC 10.8 US-ND 0.8 US-NE 2.0 US-NH 1.4 US-NJ 9.3 US-NM 2.1 US-NV 3.2 US-NY 19.6
US-OH 11.8 US-OK 4.1 US-OR 4.2 US-PA 13.0 US-RI 1.1 US-SC 5.4 US-SD 0.9 US-TN 7.1 US-TX 30.5
US-UT 3.4 US-VA 8.7 US-VT 0.6 US-WA 7.8 US-WI 5.9 US-WV 1.8 US-WY 0.6
"""

_GENERAL_SHARE = 0.25
"""What a country's own formats keep where its parts have theirs."""

_DEFAULT_SIZE = 1.0


def _countries() -> dict[str, tuple[float, str]]:
    rows = (row.strip().split(maxsplit=2) for row in _COUNTRIES.split("|"))
    return {code: (float(size), name) for code, size, name in rows}


_TABLE = _countries()
_SIZES = {code: float(size) for code, size in zip(*[iter(_PARTS.split())] * 2, strict=True)}
_CODES = {name.casefold(): code for code, (_, name) in _TABLE.items()}


def country_of(region: str) -> str:
    """The country of a region: `US` of `US-CA`."""
    return region.partition("-")[0]


def region_code(name: str) -> str | None:
    """The code of a region whose formats are known, by its code or English name.

    A part of a country that has no formats of its own stands for the country; `UK` for `GB`.
    """
    code = name.strip().upper()
    code = "GB" + code[2:] if code == "UK" or code.startswith("UK-") else code
    for known in (code, country_of(code)):
        if known in FORMATS:
            return known
    return _CODES.get(name.strip().casefold())


@lru_cache(maxsize=1)
def shares() -> dict[str, float]:
    """How usual each region's plates are somewhere in the world; sums to 1.

    A country's share is shared out among its parts, by inhabitants, and its general formats.
    """
    countries = {country_of(region) for region in FORMATS}
    sizes = {code: math.sqrt(_TABLE.get(code, (_DEFAULT_SIZE, ""))[0]) for code in countries}
    total = sum(sizes.values())
    return {
        region: sizes[country_of(region)] / total * share
        for region, share in _shares_in_countries().items()
    }


def _shares_in_countries() -> dict[str, float]:
    inside: dict[str, float] = {}
    for country in {country_of(region) for region in FORMATS}:
        parts = [region for region in FORMATS if region.startswith(f"{country}-")]
        general = (_GENERAL_SHARE if parts else 1.0) if country in FORMATS else 0.0
        total = sum(_SIZES.get(part, _DEFAULT_SIZE) for part in parts)
        inside |= {
            part: (1.0 - general) * _SIZES.get(part, _DEFAULT_SIZE) / total for part in parts
        }
        if general:
            inside[country] = general
    return inside
