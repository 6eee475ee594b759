"""Who may enter, as one part of the store."""

from __future__ import annotations

from pathlib import Path

from lpr_engine.model.clock import Clock
from lpr_engine.store.accounts import AccountRepository
from lpr_engine.store.api_keys import KeyRepository
from lpr_engine.store.audit import AuditRepository
from lpr_engine.store.door_secrets import SecretRepository
from lpr_engine.store.reader import Reader
from lpr_engine.store.sessions import SessionRepository
from lpr_engine.store.thread import StoreThread


class AccessStore:
    """Accounts, sessions, keys, audit trail and secrets of one store that is open."""

    def __init__(self, thread: StoreThread, directory: Path, clock: Clock) -> None:
        """Begin to read.

        Raises:
            StoreError: the database cannot be read.
        """
        self._clock = clock
        self._reader = Reader(directory)
        self.accounts = AccountRepository(thread, self._reader)
        self.sessions = SessionRepository(thread, self._reader)
        self.keys = KeyRepository(thread, self._reader)
        self.audit = AuditRepository(thread, self._reader)
        self.secrets = SecretRepository(thread, clock)

    def tidy(self) -> None:
        """Remove sessions that are over and replace a signing key that is due.

        Raises:
            StoreError: the store refused it.
        """
        self.sessions.forget_closed(self._clock.now())
        self.secrets.renew()

    def close(self) -> None:
        """End reading; more than once is harmless."""
        self._reader.close()
