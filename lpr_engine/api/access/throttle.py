"""Guessing passwords slowed down, by the address it comes from and by the account it is about.

Each failure beyond a few makes the next attempt wait longer. An account's wait is short: whoever
guesses at it from many places holds its owner up for half a minute at most, and not at all where
the owner signed in before.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from lpr_engine.api.pace import client_of
from lpr_engine.model.account import name_key
from lpr_engine.model.clock import Clock

_FORGOTTEN_AFTER_S: Final = 900.0
_MAX_ADDRESSES: Final = 4096
_MAX_FRIENDS: Final = 512
_ACCOUNT_SLOTS: Final = 4096


@dataclass(frozen=True, slots=True)
class Patience:
    """So many failures are free; the wait doubles from a second with each one more."""

    free: int
    longest_s: float

    def wait_s(self, failures: int) -> float:
        """How long to wait after so many failures."""
        beyond = failures - self.free
        return 0.0 if beyond < 0 else min(self.longest_s, 2.0 ** min(beyond, 30))


ADDRESS_PATIENCE: Final = Patience(free=5, longest_s=300.0)
ACCOUNT_PATIENCE: Final = Patience(free=10, longest_s=30.0)


@dataclass(slots=True)
class _Tally:
    """Attempts that have not succeeded, and when the next one is welcome."""

    failures: int = 0
    welcome_s: float = 0.0
    last_s: float = 0.0

    def wait_s(self, now_s: float) -> float:
        if now_s - self.last_s >= _FORGOTTEN_AFTER_S:
            self.failures = 0
            self.welcome_s = 0.0
        return max(0.0, self.welcome_s - now_s)

    def count(self, now_s: float, patience: Patience) -> None:
        self.failures += 1
        self.last_s = now_s
        self.welcome_s = now_s + patience.wait_s(self.failures)

    def forgive(self) -> None:
        self.failures = max(0, self.failures - 1)
        self.welcome_s = 0.0


class Throttle:
    """Tallies of bounded size, by the monotonic clock; used by the server's loop alone.

    Every attempt counts as failed from its beginning, so that attempts side by side count, too.
    Overflow policy: the address heard of longest ago is forgotten; accounts share a fixed number
    of tallies, so that trying many names forgets none.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._salt = secrets.token_bytes(16)
        self._addresses: OrderedDict[str, _Tally] = OrderedDict()
        self._accounts: dict[int, _Tally] = {}
        self._friends: OrderedDict[tuple[str, int], None] = OrderedDict()

    def admit(self, address: str, name: str) -> float:
        """0 when an attempt may be made, and it counts; else how many seconds to wait."""
        now_s = self._clock.monotonic_s()
        client, slot = client_of(address), self._slot(name)
        tallies = [(self._tally_of(client), ADDRESS_PATIENCE)]
        if (client, slot) not in self._friends:
            tallies.append((self._accounts.setdefault(slot, _Tally()), ACCOUNT_PATIENCE))
        wait_s = max(tally.wait_s(now_s) for tally, _ in tallies)
        if wait_s == 0:
            for tally, patience in tallies:
                tally.count(now_s, patience)
        return wait_s

    def take_back(self, address: str, name: str) -> None:
        """The last attempt was no failure."""
        client, slot = client_of(address), self._slot(name)
        self._tally_of(client).forgive()
        if (client, slot) not in self._friends:
            self._accounts.setdefault(slot, _Tally()).forgive()

    def succeed(self, address: str, name: str) -> None:
        """The last attempt was right; remember who comes from there."""
        self.take_back(address, name)
        client, slot = client_of(address), self._slot(name)
        self._friends[client, slot] = None
        self._friends.move_to_end((client, slot))
        while len(self._friends) > _MAX_FRIENDS:
            self._friends.popitem(last=False)

    def _tally_of(self, client: str) -> _Tally:
        tally = self._addresses.setdefault(client, _Tally())
        self._addresses.move_to_end(client)
        while len(self._addresses) > _MAX_ADDRESSES:
            self._addresses.popitem(last=False)
        return tally

    def _slot(self, name: str) -> int:
        digest = hashlib.blake2b(
            name_key(name).encode("utf-8", "replace"), key=self._salt, digest_size=8
        )
        return int.from_bytes(digest.digest(), "big") % _ACCOUNT_SLOTS
