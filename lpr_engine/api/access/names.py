"""Names that people give to accounts and keys."""

from __future__ import annotations

import unicodedata
from typing import Final

from lpr_engine.api.problem import Fault, RequestError

MAX_NAME: Final = 64


def clean_name(text: str, where: str) -> str:
    """A name without what turns, hides or breaks the text around it.

    Raises:
        RequestError: nothing is left of it, it is too long, or holds such signs.
    """
    name = unicodedata.normalize("NFC", text).strip()
    if not 1 <= len(name) <= MAX_NAME:
        raise _refused(where, f"1 to {MAX_NAME} characters were expected")
    if not name.isprintable():
        raise _refused(where, "visible signs only were expected")
    return name


def _refused(where: str, detail: str) -> RequestError:
    return RequestError("The name cannot be used.", (Fault(where, detail),))
