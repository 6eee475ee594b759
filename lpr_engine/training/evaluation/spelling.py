"""Plate texts made comparable."""

from __future__ import annotations

import re

_SEPARATORS = re.compile(r"[^A-Z0-9]")
_LOOK_ALIKES = str.maketrans("OI", "01")


def bare(text: str) -> str:
    """Only A-Z and 0-9 of a text, upper case."""
    return _SEPARATORS.sub("", text.upper())


def folded(text: str) -> str:
    """The bare text with O as 0 and I as 1, which many plates print alike."""
    return bare(text).translate(_LOOK_ALIKES)
