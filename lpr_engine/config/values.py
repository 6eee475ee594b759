"""Values as they come out of a file or the environment, and how messages may speak of them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

import voluptuous as vol

from lpr_engine.config.redaction import masked_url

SHOWN_LENGTH = 60
LONGEST_SHOWN = 2000
_QUOTED_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_SHOWN_KEY = re.compile(r"[\w-][\w .-]{0,39}")


class LooseText(str):
    """Text that may stand for any scalar: an unquoted `no`, a secret, an environment variable."""

    __slots__ = ()


class SecretText(LooseText):
    """A scalar from `!secret`, `!env` or the environment, which no message may show."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Not the text."""
        return "(not shown)"


class RefusedError(vol.Invalid):
    """A value that a key cannot take: what is wrong with it, what was expected, a hint."""

    def __init__(self, what: str, expected: str | None = None, hint: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.expected = expected
        self.hint = hint


class UnknownKeyError(RefusedError):
    """A key that its section does not have; the place to show is the key's, not the value's."""


def shown(value: object) -> str:
    """A value as a message may show it: short, escaped, without credentials."""
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    if isinstance(value, str) and not isinstance(value, SecretText):
        if len(value) > LONGEST_SHOWN:
            return f"a text of {len(value)} characters"
        text = repr(masked_url(str(value)))
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}..."


def shown_key(key: object) -> str:
    """The part of an unknown key that cannot be a value glued to it, as in `password:abc`."""
    match = _SHOWN_KEY.match(str(key))
    text = match.group().strip() if match else "?"
    return text if text == str(key) else f"{text}..."


def kind(value: Any) -> str:
    """What a value is, in the words of the documentation."""
    names = {bool: "true or false", int: "a number", float: "a number", str: "text"}
    names |= {list: "a list", dict: "keys and values", type(None): "nothing"}
    return next((name for base, name in names.items() if isinstance(value, base)), "something")


def wrong_type(value: object, expected: str) -> RefusedError:
    """The refusal of a value of another type than expected."""
    hint = None
    if value is None:
        hint = "leave the key out to use its default"
    elif expected.startswith("text") and isinstance(value, bool | int | float):
        hint = "put the value in quotes"
    elif isinstance(value, str) and expected.startswith("a") and _QUOTED_NUMBER.fullmatch(value):
        hint = "take the quotes off"
    return RefusedError(f"{kind(value)} stands here", expected, hint)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint at the nearest known word, None where none is near."""
    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower()[:64], list(by_lower), n=1, cutoff=0.6)
    return f"did you mean `{by_lower[near[0]]}`?" if near else None
