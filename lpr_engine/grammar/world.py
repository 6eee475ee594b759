"""Plate layouts of Asia, Africa and Oceania that Latin letters and digits can spell."""

from __future__ import annotations

LAYOUTS: dict[str, str] = {
    "AE": "A 19?9?9?9? | AA 19?9?9?9?",
    "AU": "AAA 999 | AAA-99A | 9AA-9AA | 999-AAA | ~AA-99-AA",
    "AU-NSW": "AAA-99A | AA-99-AA",
    "AU-QLD": "999-AA9 | 999-AAA",
    "AU-SA": "A999-AAA",
    "AU-VIC": "9AA-9AA | AAA-999",
    "AU-WA": "9AAA-999",
    "CN": (
        "A·99999 | A·A9999 | A·9A999 | A·99A99 | A·999A9 | A·9999A | A·AA999 | A·A99999 | "
        "A·99999A | ~A·A9A99 | ~A·A99A9 | ~A·A999A | ~A·9AA99 | ~A·9A9A9 | ~A·9A99A | "
        "~A·99AA9 | ~A·99A9A | ~A·999AA | ~A·AA9999"
    ),
    "ID": "AA? 19?9?9? AA?A?",
    "IL": "999-99-999 | 99-999-99",
    "IN": "AA 99 AA? 9999 | ~AA 9 AA? 9999 | ~99 bh 9999 AA?",
    "KE": "AAA 999A",
    "MY": "AA?A? 19?9?9? | ~AA?A? 19?9?9? A",
    "NG": "AAA-999AA",
    "NZ": "AAA999 | ~AA9999",
    "PH": "AAA 9999 | ~AAA 999",
    "SA": "AAA 9999",
    "SG": "AAA? 19?9?9? A",
    "VN": "99A-999.99 | ~99A-9999",
    "ZA": "AA 99 AA gp | AAA 999 gp | ca 999?-999 | nd 999?-999 | ~AAA 999 AA",
}

LETTERS: dict[str, str] = {
    "CN": "ABCDEFGHJKLMNPQRSTUVWXYZ",
    "SA": "ABDEGHJKLNRSTUVXZ",
}
