"""A configuration without its secrets, for diagnostics and messages."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

from lpr_engine.config.sections import Configuration, is_secret_field

MASK = "***"
_USER_INFO = re.compile(r"(?<=//).*@", re.DOTALL)
_BARE_USER_INFO = re.compile(r"[^\s/@:]*:[^\s/@]*@")
_SECRET_PARAMETER = re.compile(
    r"((?:user|usr|login|pass|pwd|token|key|auth|secret|sign)\w*=)"
    r"[^&;/\s]*?(?=[&;/\s]|$|_[a-z]+=)",
    re.IGNORECASE,
)


def masked_url(text: str) -> str:
    """A source or URL with user, password and secret parameters replaced by `***`.

    All before the last `@` goes, because passwords hold unescaped slashes and at signs.
    """
    text, count = _USER_INFO.subn(f"{MASK}@", text)
    if not count:
        text = _BARE_USER_INFO.sub(f"{MASK}@", text)
    return _SECRET_PARAMETER.sub(rf"\g<1>{MASK}", text)


def unmasked_url(masked: str, shown: str, kept: str) -> str | None:
    """A changed `masked` text with the secrets of `kept`, which was `shown` with as many masks.

    None when the masks are not as many, or `kept` does not tell what stood behind each.
    """
    around, wanted = shown.split(MASK), masked.split(MASK)
    hidden = re.fullmatch("(.*?)".join(map(re.escape, around)), kept, re.DOTALL)
    if hidden is None or len(around) != len(wanted):
        return None
    secrets = (*hidden.groups(), "")
    return "".join(part for pair in zip(wanted, secrets, strict=True) for part in pair)


def redacted(configuration: Configuration) -> dict[str, Any]:
    """The configuration as plain data for JSON, credentials masked."""
    return {
        field.name: shown_field(configuration, field) for field in dataclasses.fields(configuration)
    }


def shown_field(section: object, field: dataclasses.Field[Any]) -> object:
    """A section's value as plain data for JSON; its secrets and a source's user are masked."""
    value = getattr(section, field.name)
    if isinstance(value, str) and field.name == "source":
        return masked_url(value)
    return MASK if isinstance(value, str) and is_secret_field(field) else _data(value)


def _data(value: object) -> object:
    if dataclasses.is_dataclass(value):
        return {field.name: shown_field(value, field) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_data(entry) for entry in value]
    return str(value) if isinstance(value, Path) else value
