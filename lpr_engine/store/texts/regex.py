r"""Regular expressions as far as they make sense for plates, read without Python's engine.

Known are signs, `.`, `[A-F]`, `[^0-9]`, `\d`, `\D`, `\w`, `( )`, `(?: )`, `|`, `*`, `+`, `?`,
`{2}`, `{2,}`, `{2,4}`, `^` and `$`. Separators outside brackets are dropped, as in texts.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NoReturn

from lpr_engine.grammar.confusion import normalize
from lpr_engine.model.errors import SearchError
from lpr_engine.store.texts.syntax import ANY, Chain, Choice, Edge, Pattern, Repeat, Signs, literal

_MOST_REPEATS = 64
_DEEPEST = 20
_COUNT = re.compile(r"\{([0-9]{1,3})(,([0-9]{0,3}))?\}")
_REPEATS = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_ESCAPES = {
    "d": Signs(digits=True),
    "D": Signs(others=True),
    "w": Signs(digits=True, others=True),
}
_QUANTIFIERS = "*+?{"


def parse_regex(text: str) -> Pattern:
    """The pattern that has to fit somewhere in a text.

    Raises:
        SearchError: it is malformed, or asks for what is not known here.
    """
    return _Parser(unicodedata.normalize("NFKC", text)).parse()


class _Parser:
    """Recursive descent over the text of one expression."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def parse(self) -> Pattern:
        """The whole expression."""
        pattern = self._choice()
        if self._at < len(self._text):
            self._refuse("a bracket is closed that was never opened")
        return pattern

    def _choice(self) -> Pattern:
        options = [self._chain()]
        while self._take("|"):
            options.append(self._chain())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _chain(self) -> Pattern:
        parts: list[Pattern] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))
        return Chain(tuple(parts))

    def _repeated(self, part: Pattern) -> Pattern:
        if self._peek() not in _QUANTIFIERS or not self._peek():
            return part
        if isinstance(part, Edge):
            self._refuse("an edge of the text cannot be repeated")
        least, most = self._count()
        # Lazy or greedy makes no difference where only yes or no is asked.
        self._take("?")
        if self._peek() and self._peek() in _QUANTIFIERS:
            self._refuse("a repetition is repeated")
        return Repeat(part, least, most)

    def _count(self) -> tuple[int, int | None]:
        if (sign := self._peek()) in _REPEATS:
            self._at += 1
            return _REPEATS[sign]
        found = _COUNT.match(self._text, self._at)
        if found is None:
            self._refuse("a repetition such as {2} or {2,4} was expected")
        least = int(found[1])
        most = least if found[2] is None else int(found[3]) if found[3] else None
        if max(least, most or 0) > _MOST_REPEATS or (most is not None and most < least):
            self._refuse(f"a repetition goes from few to many, at most {_MOST_REPEATS}")
        self._at = found.end()
        return least, most

    def _atom(self) -> Pattern:
        sign = self._peek()
        self._at += 1
        if sign == "(":
            return self._group()
        if sign == "[":
            return self._brackets()
        if sign == "\\":
            return self._escape()
        if sign in ("^", "$"):
            return Edge(is_start=sign == "^")
        if sign in _QUANTIFIERS:
            self._refuse("there is nothing to repeat")
        return ANY if sign == "." else literal(normalize(sign))

    def _group(self) -> Pattern:
        if self._take("?") and not self._take(":"):
            self._refuse("of groups that begin with ?, only (?: ) is known")
        self._depth += 1
        if self._depth > _DEEPEST:
            self._refuse(f"groups are nested more than {_DEEPEST} deep")
        inner = self._choice()
        self._depth -= 1
        if not self._take(")"):
            self._refuse("a group is never closed")
        return inner

    def _escape(self) -> Pattern:
        sign = self._peek()
        self._at += 1
        if sign in _ESCAPES:
            return _ESCAPES[sign]
        if not sign or sign.isalnum():
            self._refuse(f"the escape \\{sign} is not known")
        return literal(normalize(sign))

    def _brackets(self) -> Signs:
        negated = self._take("^")
        if self._peek() == "]":
            self._refuse("a set of signs is empty")
        ranges: list[tuple[str, str]] = []
        kinds: set[str] = set()
        while not self._take("]"):
            if not self._peek():
                self._refuse("a set of signs is never closed")
            if self._take("\\"):
                kinds |= self._kinds()
            else:
                ranges += self._range()
        return Signs(tuple(ranges), "d" in kinds, "D" in kinds, negated)

    def _kinds(self) -> set[str]:
        sign = self._peek()
        self._at += 1
        if sign in _ESCAPES:
            return {"d", "D"} if sign == "w" else {sign}
        if not sign or sign.isalnum():
            self._refuse(f"the escape \\{sign} is not known")
        return set()

    def _range(self) -> list[tuple[str, str]]:
        low = self._peek()
        self._at += 1
        if self._peek() != "-" or self._text[self._at + 1 : self._at + 2] in ("", "]"):
            return [(sign, sign) for sign in normalize(low)]
        high = self._text[self._at + 1]
        self._at += 2
        first, last = normalize(low), normalize(high)
        if len(first) != 1 or len(last) != 1 or first > last:
            self._refuse(f"{low}-{high} is no range of signs")
        return [(first, last)]

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, sign: str) -> bool:
        if self._peek() != sign:
            return False
        self._at += 1
        return True

    def _refuse(self, why: str) -> NoReturn:
        raise SearchError(f"character {min(self._at, len(self._text))} of the expression: {why}")
