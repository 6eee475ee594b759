"""The one-time code that proves whoever makes the first account can read the engine's log."""

from __future__ import annotations

import hmac
import logging
import secrets
from typing import Final

_LOGGER = logging.getLogger(__name__)

# Without signs that look alike in a log.
_SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS: Final = 3
_GROUP_LENGTH: Final = 4
_MAX_MISSES: Final = 10


class SetupCode:
    """A code for one run of the engine, replaced after ten wrong guesses."""

    def __init__(self) -> None:
        self._code = _new_code()
        self._misses = 0

    def announce(self) -> None:
        """Print it in the log."""
        _LOGGER.warning("No account exists yet; the setup code for the first one is %s", self._code)

    def fits(self, text: str) -> bool:
        """Whether it is the code, however it is spaced and cased."""
        bare = "".join(sign for sign in text.upper() if sign.isalnum())
        fits = hmac.compare_digest(
            bare.encode("utf-8", "replace"), self._code.replace("-", "").encode()
        )
        if not fits:
            self._miss()
        return fits

    def _miss(self) -> None:
        self._misses += 1
        if self._misses >= _MAX_MISSES:
            _LOGGER.warning("%s wrong setup codes were tried", self._misses)
            self._code, self._misses = _new_code(), 0
            self.announce()


def _new_code() -> str:
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)
