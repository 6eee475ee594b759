"""Passwords and their argon2id hashes, made and checked without holding up anything else."""

from __future__ import annotations

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from functools import cached_property
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lpr_engine.api.problem import Fault, RequestError

T = TypeVar("T")

MIN_LENGTH: Final = 8
MAX_LENGTH: Final = 256
_WAITING: Final = 8
_COME_BACK_S: Final = 5


def usual_hasher() -> PasswordHasher:
    """The second recommended choice of RFC 9106, in one lane: it keeps one core busy, not four."""
    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)


def normalised(password: str) -> str:
    """The same password from every keyboard and system (RFC 8265, OpaqueString)."""
    return unicodedata.normalize("NFC", password)


def check_length(password: str, where: str) -> None:
    """Length is all that is asked of a password.

    Raises:
        RequestError: it is too short or too long.
    """
    if not MIN_LENGTH <= len(normalised(password)) <= MAX_LENGTH:
        detail = f"{MIN_LENGTH} to {MAX_LENGTH} characters were expected"
        raise RequestError("The password is too short or too long.", (Fault(where, detail),))


class Passwords:
    """Hashes one password at a time, in another thread.

    Overflow policy: whoever comes when several wait already is sent away with 503, so that a
    flood of sign-ins takes one core and 64 MiB, never more.
    """

    def __init__(self, hasher: PasswordHasher | None = None, waiting: int = _WAITING) -> None:
        self._hasher = hasher or usual_hasher()
        self._most = waiting
        self._inside = 0
        self._turn = asyncio.Semaphore(1)

    async def hash(self, password: str) -> str:
        """What is kept of a password.

        Raises:
            RequestError: too many wait already.
        """
        return await self._in_turn(lambda: self.hash_now(password))

    async def fits(self, password_hash: str | None, password: str) -> bool:
        """Whether it is the password; without an account the same work is done for nothing.

        Raises:
            RequestError: too many wait already.
        """
        return await self._in_turn(lambda: self._verify(password_hash, password))

    def hash_now(self, password: str) -> str:
        """The same as `hash`, for callers that may block."""
        return self._hasher.hash(normalised(password))

    def is_outdated(self, password_hash: str) -> bool:
        """Whether a hash was made with other costs than are usual now."""
        return self._hasher.check_needs_rehash(password_hash)

    @cached_property
    def _decoy(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe())

    def _verify(self, password_hash: str | None, password: str) -> bool:
        # The decoy is made whoever asks first, so that its making tells nothing.
        decoy = self._decoy
        try:
            fits = self._hasher.verify(password_hash or decoy, normalised(password))
        except (VerificationError, InvalidHashError):
            return False
        return fits and password_hash is not None

    async def _in_turn(self, work: Callable[[], T]) -> T:
        if self._inside > self._most:
            raise RequestError(
                "Too many are signing in.",
                status=503,
                code="sign_in_busy",
                headers={"Retry-After": str(_COME_BACK_S)},
            )
        self._inside += 1
        try:
            async with self._turn:
                return await asyncio.to_thread(work)
        finally:
            self._inside -= 1
