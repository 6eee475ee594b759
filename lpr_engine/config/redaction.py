"""A configuration without its secrets, for diagnostics and messages."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

from lpr_engine.config.sections import Configuration

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


def redacted(configuration: Configuration) -> dict[str, Any]:
    """The configuration as plain data for JSON, credentials masked."""
    return {field.name: _plain(configuration, field) for field in dataclasses.fields(configuration)}


def _plain(section: object, field: dataclasses.Field[Any]) -> object:
    """A field's value; text that its section keeps out of `repr` is a secret, or a source."""
    value = getattr(section, field.name)
    if isinstance(value, str) and field.name == "source":
        return masked_url(value)
    is_secret = field.name == "username" or not field.repr
    return MASK if isinstance(value, str) and is_secret else _data(value)


def _data(value: object) -> object:
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(value, field) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_data(entry) for entry in value]
    return str(value) if isinstance(value, Path) else value
