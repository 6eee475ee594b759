"""Random tokens that prove who somebody is; only their hashes are kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Final

_BYTES = 32
_HINT_LENGTH = 4
KEY_PREFIX: Final = "lprk_"


@dataclass(frozen=True, slots=True)
class Token:
    """A token, to be shown once; `hint` is how it begins, so that people tell theirs apart."""

    text: str = field(repr=False)
    hint: str

    @property
    def digest(self) -> bytes:
        """What is kept of it."""
        return digest_of(self.text)


def new_token(prefix: str = "") -> Token:
    """A token that nobody can guess: 256 random bits."""
    text = prefix + secrets.token_urlsafe(_BYTES)
    return Token(text, text[: len(prefix) + _HINT_LENGTH])


def digest_of(text: str) -> bytes:
    """SHA-256 of a token; slow hashing would add nothing to 256 random bits."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
