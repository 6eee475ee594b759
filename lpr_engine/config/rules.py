"""What single values must be: each rule takes a value and gives the clean one or refuses it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import voluptuous as vol

from lpr_engine.config.countries import COUNTRIES
from lpr_engine.config.redaction import masked_url
from lpr_engine.config.scalar import number_of
from lpr_engine.config.values import (
    LooseText,
    RefusedError,
    SecretText,
    did_you_mean,
    shown,
    wrong_type,
)

Rule: TypeAlias = Callable[[Any], Any]

MAX_ID = 64
MIN_TOKEN = 16
MAX_SECRET = 4096
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]*")
_ID = re.compile(rf"[a-z0-9_]{{1,{MAX_ID}}}")
_TOPIC = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_SUBDIVISION = re.compile(r"[A-Z0-9]{1,3}")
_NOT_A_CODE = {"UK": "GB", "EL": "GR"}
_JOINERS = {"\u200c", "\u200d"}


def flag(value: Any) -> bool:
    """A truth value; a loose `yes` or `off` counts too."""
    if isinstance(value, LooseText) and value.strip().lower() in _FLAGS:
        return _FLAGS[value.strip().lower()]
    if not isinstance(value, bool):
        raise wrong_type(value, "true or false")
    return value


def number(low: float, high: float) -> Rule:
    """A finite number in a closed range, as float."""
    return _ranged(float, low, high, f"a number from {low:g} to {high:g}")


def whole(low: int, high: int) -> Rule:
    """A whole number in a closed range."""
    return _ranged(int, low, high, f"a whole number from {low} to {high}")


def rotation(value: Any) -> int:
    """A quarter turn, in degrees."""
    turn: int = whole(0, 360)(value)
    if turn not in (0, 90, 180, 270):
        raise RefusedError(f"{shown(value)} is no quarter turn", "0, 90, 180 or 270")
    return turn


def _ranged(kind: type[int] | type[float], low: float, high: float, expected: str) -> Rule:
    def rule(value: Any) -> float:
        written = shown(value)
        if isinstance(value, LooseText):
            value = number_of(value.strip())
            if value is None:
                raise RefusedError("this is no number", expected)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong_type(value, expected)
        if not low <= value <= high:
            raise RefusedError(f"{written} is out of range", expected)
        if kind is int and value != int(value):
            raise RefusedError(f"{written} is not whole", expected)
        return kind(value)

    return rule


def text(expected: str = "text", *, longest: int = 1000) -> Rule:
    """Text without control characters, stripped, not empty."""

    def rule(value: Any) -> str:
        if not isinstance(value, str):
            raise wrong_type(value, expected)
        stripped = value.strip()
        if not stripped:
            raise RefusedError("the text is empty", expected)
        if len(stripped) > longest:
            raise RefusedError(f"the text has {len(stripped)} characters", f"at most {longest}")
        if any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in stripped):
            raise RefusedError("the text holds a line break or control character", expected)
        return stripped

    return rule


def secret(value: Any) -> str:
    """A password: any text but line breaks, kept as it is; never shown."""
    if not isinstance(value, str):
        raise wrong_type(value, "text")
    if len(value) > MAX_SECRET:
        raise RefusedError(f"the text has {len(value)} characters", f"at most {MAX_SECRET}")
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in value):
        raise RefusedError("the text holds a line break or control character", "text")
    return str(value)


def token(value: Any) -> str:
    """A bearer token as an HTTP header can carry it (RFC 6750); never shown."""
    expected = f"{MIN_TOKEN} characters or more of A-Z, a-z, 0-9 and -._~+/="
    written = secret(value)
    if not _TOKEN.fullmatch(written):
        raise RefusedError("the token holds a sign that HTTP cannot carry", expected)
    if len(written) < MIN_TOKEN:
        raise RefusedError(f"the token has {len(written)} characters only", expected)
    return written


def label(longest: int) -> Rule:
    """A name for people: no signs that turn, hide or break the text around it."""
    plain = text("a name", longest=longest)

    def rule(value: Any) -> str:
        name: str = plain(value)
        for sign in name:
            if unicodedata.category(sign) in ("Cf", "Co", "Cn") and sign not in _JOINERS:
                what = f"the name holds the invisible sign U+{ord(sign):04X}"
                raise RefusedError(what, "visible signs only")
        return unicodedata.normalize("NFC", name)

    return rule


def identifier(value: Any) -> str:
    """An id, as topics, paths and entity ids hold it."""
    expected = f"1 to {MAX_ID} signs of a-z, 0-9 and _"
    if not isinstance(value, str):
        raise wrong_type(value, f"text: {expected}")
    if _ID.fullmatch(value):
        return str(value)
    cleaned = re.sub(r"[^a-z0-9_]+", "_", value[:200].lower().strip()).strip("_")[:MAX_ID]
    safe = cleaned and not isinstance(value, SecretText) and masked_url(value) == value
    hint = f"`{cleaned}` would do" if safe else None
    raise RefusedError(f"{shown(value)} is no id", expected, hint)


def topic(value: Any) -> str:
    """The beginning of an MQTT topic: levels without wildcards."""
    expected = "letters, digits, _ and -, levels parted by /"
    if not isinstance(value, str):
        raise wrong_type(value, f"text: {expected}")
    if len(value) > 200 or not _TOPIC.fullmatch(value):
        raise RefusedError(f"{shown(value)} is no topic", f"{expected}; no +, #, $ or empty level")
    return str(value)


def choice(options: Iterable[str]) -> Rule:
    """One word of several; upper case is taken as lower."""
    known = tuple(options)
    expected = f"one of {', '.join(known)}"

    def rule(value: Any) -> str:
        if not isinstance(value, str):
            raise wrong_type(value, f"text: {expected}")
        word = value.strip().lower()
        if word not in known:
            raise RefusedError(f"{shown(value)} is unknown", expected, did_you_mean(word, known))
        return word

    return rule


def country(value: Any) -> str:
    """A code of ISO 3166, with a subdivision of that country if wanted, in upper case."""
    expected = "an ISO 3166 code such as DE or US-CA"
    if not isinstance(value, str):
        raise wrong_type(value, f"text: {expected}")
    code = value.strip().upper()
    whole_country, dash, part = code.partition("-")
    if whole_country not in COUNTRIES or (dash and not _SUBDIVISION.fullmatch(part)):
        right = _NOT_A_CODE.get(code)
        hint = f"did you mean `{right}`?" if right else None
        raise RefusedError(f"{shown(value)} is no country code", expected, hint)
    return code


def time_of_day(value: Any) -> str:
    """A local time as `HH:MM`."""
    expected = "a time from 00:00 to 23:59"
    if not isinstance(value, str):
        raise wrong_type(value, f"text: {expected}")
    match = _TIME.fullmatch(value.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise RefusedError(f"{shown(value)} is no time of day", expected)
    return f"{int(match[1]):02}:{match[2]}"


def optional(rule: Rule) -> Rule:
    """A value that may be left empty, as null or, by a form, as empty text."""
    return lambda value: None if value is None or value == "" else rule(value)


def each(rule: Rule, *, most: int = 1000, may_be_empty: bool = False) -> Rule:
    """A list of values, all of which are judged; a loose text may hold several by commas."""

    def rule_of_list(value: Any) -> tuple[Any, ...]:
        if value is None and may_be_empty:
            return ()
        if isinstance(value, LooseText):
            value = [type(value)(part) for part in value.split(",") if part.strip()]
        if not isinstance(value, list):
            raise wrong_type(value, "a list")
        if len(value) > most:
            raise RefusedError(f"the list has {len(value)} entries", f"at most {most}")
        clean, errors = judged((index, rule, item) for index, item in enumerate(value))
        if errors:
            raise vol.MultipleInvalid(errors)
        return tuple(clean.values())

    return rule_of_list


def judged(
    entries: Iterable[tuple[str | int, Rule, object]],
) -> tuple[dict[str | int, Any], list[vol.Invalid]]:
    """What is right of several values, and all that is wrong, with the key in its path."""
    clean: dict[str | int, Any] = {}
    errors: list[vol.Invalid] = []
    for key, rule, value in entries:
        try:
            clean[key] = rule(value)
        except vol.Invalid as err:  # noqa: PERF203 - every entry is judged, also after a wrong one
            err.prepend([key])
            errors += err.errors if isinstance(err, vol.MultipleInvalid) else [err]
    return clean, errors
