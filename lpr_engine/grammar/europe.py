"""Plate layouts of Europe, in the notation of `formats`."""

from __future__ import annotations

LAYOUTS: dict[str, str] = {
    "AD": "A9999",
    "AL": "AA 999 AA | ~AA 9999 A",
    "AM": "99 AA 999 | 999 AA 99",
    "AT": "AA?-999?9?9?A | AA?-999?9?AA | AA?-99?9?AAA | ~AA?-AA?A?A?19?9?",
    "AZ": "99-AA-999",
    "BA": "A99-A-999 | ~999-A-999",
    "BE": "9-AAA-999 | ~AAA-999 | ~999-AAA",
    "BG": "AA? 9999 AA",
    "BY": "9999 AA-9",
    "CH": "AA 19?9?9?9?9?",
    "CY": "AAA 999",
    "CZ": "9AX 9999 | ~XXXXXXXX",
    "DE": "AA?A?-AA? 19?9?9? | ~AA?A?-AA? 19?9?9?e | ~AA?A?-AA? 19?9?h",
    "DK": "AA 99 999",
    "EE": "999 AAA | ~99 AAA",
    "ES": "9999 AAA | ~AA?-9999-AA?",
    "FI": "AAA-199 | AAA-19 | ~AA-19?9? | ~AAA-1",
    "FO": "AA 999",
    "FR": "AA-999-AA | ~199?9? AA?A? 99",
    "GB": "AA99 AAA | ~A19?9? AAA | ~AAA 19?9?A | ~AA?A? 19?9?9? | ~19?9?9? AA?A?",
    "GE": "AA-999-AA",
    "GG": "19?9?9?9?",
    "GI": "g 9999 A",
    "GR": "AAA-1999 | ~AAA-9999",
    "HR": "AA 9999?-AA?",
    "HU": "AA AA-999 | AAA-999",
    "IE": "999-AA?-19?9?9?9?9? | 99-AA?-19?9?9?9?9?",
    "IS": "AA-X99",
    "IT": "AA 999 AA",
    "JE": "j 19?9?9?9?9?",
    "LI": "fl 19?9?9?9?",
    "LT": "AAA 999",
    "LU": "AA 9999 | ~9999?9?",
    "LV": "AA-19?9?9?",
    "MC": "X999",
    "MD": "AAA 999 | ~A AA 999",
    "ME": "AA AA999",
    "MK": "AA 9999-AA | ~AA 999-AA",
    "MT": "AAA 999",
    "NL": (
        "A-999-AA | AA-999-A | 9-AAA-99 | 99-AAA-9 | AAA-99-A | A-99-AAA | ~AA-99-AA | "
        "~AA-AA-99 | ~99-AA-AA | ~99-AA-99 | ~9-AA-999 | ~999-AA-9 | ~AA-99-99"
    ),
    "NO": "AA 99999",
    "PL": (
        "AA 99999 | AA 9999A | AA 999AA | AA 9A999 | AA 9AA99 | AAA A999 | AAA 99AA | AAA 9A99 | "
        "AAA 99A9 | AAA 9AA9 | AAA AA99 | AAA 99999 | AAA 9999A | AAA 999AA"
    ),
    "PT": "AA 99 AA | 99-AA-99 | ~99-99-AA | ~AA-99-99",
    "RO": "AA 99 AAA | b 999? AAA",
    "RS": "AA 9999?-AA",
    "RU": "A999AA 999?",
    "SE": "AAA 99X",
    "SI": "AA XX-XXX",
    "SK": "AA 999 AA",
    "SM": "A9999",
    "TR": "99 A 99999? | 99 AA 9999? | 99 AAA 999?",
    "UA": "AA 9999 AA",
    "VA": "scv 99999 | ~scv 999",
    "XK": "99-999-AA",
}

_LIKE_CYRILLIC = "ABCEHKMOPTXY"

LETTERS: dict[str, str] = {
    "BA": "AEJKMOT",
    "BG": _LIKE_CYRILLIC,
    "BY": "ABCEHIKMOPTX",
    "DE": "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜ",
    "ES": "BCDFGHJKLMNPRSTVWXYZ",
    "FR": "ABCDEFGHJKLMNPQRSTVWXYZ",
    "GB": "ABCDEFGHJKLMNOPRSTUVWXYZ",
    "GR": "ABEZHIKMNOPTYX",
    "HR": "ABCDEFGHIJKLMNOPRSTUVZČŠŽĐ",
    "IT": "ABCDEFGHJKLMNPRSTVWXYZ",
    "NL": "BDFGHJKLMNPRSTVWXZ",
    "NO": "ABCDEFHJKLNPRSTUVXYZ",
    "RO": "ABCDEFGHIJKLMNOPRSTUVWXYZ",
    "RU": _LIKE_CYRILLIC,
    "SE": "ABCDEFGHJKLMNOPRSTUWXYZ",
    "TR": "ABCDEFGHIJKLMNOPRSTUVYZ",
    "UA": "ABCEHIKMOPTX",
}
