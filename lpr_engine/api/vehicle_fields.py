"""A vehicle's fields as people write them, in JSON and in tables alike."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, time
from typing import Final

from lpr_engine.api.plain_text import is_plain
from lpr_engine.grammar.confusion import normalize
from lpr_engine.model.contract import parse_time

MOST_SIGNS: Final = 20
MOST_TYPED: Final = 60
MOST_LABEL: Final = 100
MOST_NOTE: Final = 2000

_NO_NAME: Final = r",;|/\\{}\u0000-\u001f\u007f"
NAME: Final = rf"^[^\s.{_NO_NAME}]([^{_NO_NAME}]{{0,38}}[^\s{_NO_NAME}])?$"
"""Of lists and tags: up to 40 characters, without those that separate names or parts of a path."""
CAMERA: Final = "^[a-z0-9_]{1,64}$"
VEHICLE_ID: Final = "^[0-9A-Za-z_-]{1,64}$"
HOUR: Final = "^(([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?|24:00)$"
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MULTILINE: Final = frozenset("\n\r\t")
_MILLISECOND_US: Final = 1000


def composed(text: str) -> str:
    """Text as it is kept, whichever way its accents were typed (NFC)."""
    return unicodedata.normalize("NFC", text)


def read_text(written: str, most: int, *, lines: bool = False) -> str:
    """Text as it is kept: composed, without blanks around it.

    Raises:
        ValueError: it is too long, or holds what is no text.
    """
    text = composed(written).strip()
    if len(text) > most:
        raise ValueError(f"longer than {most} characters")
    if text.isprintable():
        return text
    controls = {sign for sign in text if unicodedata.category(sign) == "Cc"}
    if not is_plain(text) or controls - (_MULTILINE if lines else frozenset()):
        raise ValueError("holds a character that is no text")
    return text


def read_name(written: str) -> str:
    """The name of a list or tag as it is kept.

    Raises:
        ValueError: it is no name.
    """
    name = read_text(written, 40)
    if not re.fullmatch(NAME.removeprefix("^").removesuffix("$"), name):
        raise ValueError("a name of 1 to 40 characters without , ; | / \\ { } was expected")
    return name


def read_plate(typed: str) -> tuple[str, str | None]:
    """A plate's text, and how it stands on the plate where the separators typed tell.

    Raises:
        ValueError: it spells nothing, or too much.
    """
    text = normalize(read_text(typed, MOST_TYPED))
    if not text:
        raise ValueError("holds no letter or digit")
    if len(text) > MOST_SIGNS:
        raise ValueError(f"more than {MOST_SIGNS} letters and digits")
    return text, read_display(typed, text)


def read_display(shown: str, text: str) -> str | None:
    """How a text stands on its plate; None where it does so as it is.

    Raises:
        ValueError: it spells another text.
    """
    display = " ".join(read_text(shown, MOST_TYPED).upper().split())
    if display and normalize(display) != text:
        raise ValueError("spells another plate than the text")
    return None if display == text else display or None


def read_moment(written: str) -> datetime:
    """A time of RFC 3339, to the millisecond.

    Raises:
        ValueError: it is none, or beyond what can be kept.
    """
    try:
        moment = parse_time(written.upper())
    except OverflowError as err:
        raise ValueError("beyond the calendar") from err
    return moment.replace(microsecond=moment.microsecond // _MILLISECOND_US * _MILLISECOND_US)


def read_hour(written: str) -> time:
    """A time of day; 24:00 is the midnight that ends it.

    Raises:
        ValueError: it is none.
    """
    if not re.fullmatch(HOUR.removeprefix("^").removesuffix("$"), written, re.ASCII):
        raise ValueError("a time of day such as 08:00 or 17:30 was expected")
    hour, minute, second = (int(part) for part in f"{written}:0".split(":")[:3])
    return time(hour % 24, minute, second)


def read_beginning(written: str) -> time:
    """A time of day from which hours count.

    Raises:
        ValueError: it is none.
    """
    if written == "24:00":
        raise ValueError("a day begins at 00:00")
    return read_hour(written)


def hour_text(hour: time) -> str:
    """What `read_hour` reads back."""
    return hour.isoformat("seconds" if hour.second else "minutes")
