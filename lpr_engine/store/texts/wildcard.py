"""Wildcards: `*` stands for any number of signs, `?` for exactly one."""

from __future__ import annotations

import unicodedata

from lpr_engine.grammar.confusion import normalize
from lpr_engine.store.texts.syntax import ANY, Chain, Edge, Pattern, Repeat, literal


def parse_wildcard(text: str) -> Chain:
    """The pattern that a whole text has to fit."""
    parts: list[Pattern] = [Edge(is_start=True)]
    for sign in unicodedata.normalize("NFKC", text):
        # Several stars in a row say no more than one.
        if sign == "*" and parts[-1] != _ANYTHING:
            parts.append(_ANYTHING)
        elif sign == "?":
            parts.append(ANY)
        elif sign != "*":
            parts += literal(normalize(sign)).parts
    return Chain((*parts, Edge(is_start=False)))


_ANYTHING = Repeat(ANY, 0, None)
