"""A configuration without its secrets, for diagnostics and messages."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lpr_engine.config.sections import Configuration

MASK = "***"
_SECRET_KEYS = {"password", "username"}
_URL_KEYS = {"source"}
_USER_INFO = re.compile(r"(?<=//).*@", re.DOTALL)
_BARE_USER_INFO = re.compile(r"[^\s/@]*:[^\s/@]*@")
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
    sections = dataclasses.asdict(configuration)
    return {name: _plain(name, section) for name, section in sections.items()}


def _plain(key: str, value: object) -> object:
    if value is not None and key in _SECRET_KEYS:
        return MASK
    if isinstance(value, Mapping):
        return {name: _plain(name, inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(key, inner) for inner in value]
    if isinstance(value, Path):
        return str(value)
    return masked_url(value) if isinstance(value, str) and key in _URL_KEYS else value
