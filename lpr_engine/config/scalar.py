"""Scalars of YAML and JSON as people mean them."""

from __future__ import annotations

import json
import re

from lpr_engine.config.values import LooseText

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,400})")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,400})?(\.[0-9]*)?([eE][-+]?[0-9]{1,4})?")
_SPECIAL = re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)
_UNSEEN = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def plain_scalar(kind: str, text: str, *, quoted: bool) -> bool | int | float | str | None:
    """The value of a scalar that YAML 1.1 takes for a `kind` (`null`, `bool`, `str`...).

    Other than YAML 1.1, `0123`, `0x1F`, `1:30` and dates stay text, `1e3` is a number, and `no`
    and `on` are text that a flag accepts too: `country: NO` is Norway.
    """
    if quoted:
        return joined(text)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true" if text.lower() in ("true", "false") else LooseText(text)
    number = number_of(text) if kind in ("int", "float") or "e" in text.lower() else None
    return text if number is None else number


def number_of(text: str) -> int | float | None:
    """The number that a text spells, None where it spells none."""
    if _WHOLE.fullmatch(text):
        return int(text)
    if _SPECIAL.fullmatch(text):
        return float(text.replace(".", ""))
    if _DECIMAL.fullmatch(text) and text.strip("+-.")[:1].isdigit():
        return float(text)
    return None


def joined(text: str) -> str:
    """JSON writes signs beyond U+FFFF as two escapes, which YAML leaves apart."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def quoted(text: str) -> str:
    """A text in double quotes, as YAML and JSON both read it."""
    return _UNSEEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(text, ensure_ascii=False))
