"""What the door signs with, kept among the settings and replaced now and then."""

from __future__ import annotations

import json
import logging
import secrets
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from lpr_engine.model.access_ports import DoorSecrets
from lpr_engine.model.clock import Clock
from lpr_engine.model.contract import JsonObject, format_time, parse_time
from lpr_engine.store.database import Database
from lpr_engine.store.settings import read_setting, write_setting
from lpr_engine.store.thread import StoreThread

_LOGGER = logging.getLogger(__name__)

DOOR_SECRETS: Final = "door_secrets"
"""The setting that holds them; no backup does."""

_KEY_BYTES: Final = 32
_KEY_AGE: Final = timedelta(days=30)
_KEPT_KEYS: Final = 2


@dataclass(frozen=True, slots=True)
class _SigningKey:
    id: str
    made_at: datetime
    secret: str = field(repr=False)

    def is_due(self, now: datetime) -> bool:
        """Whether it served long enough, or was made by a clock that was wrong."""
        return abs(now - self.made_at) >= _KEY_AGE


@dataclass(frozen=True, slots=True)
class _Kept:
    cookie_suffix: str
    keys: tuple[_SigningKey, ...]


class SecretRepository:
    """Secrets by the store's thread, remembered between."""

    def __init__(self, thread: StoreThread, clock: Clock) -> None:
        self._thread = thread
        self._clock = clock
        self._lock = threading.Lock()
        self._current: DoorSecrets | None = None

    def current(self) -> DoorSecrets:
        """The secrets now.

        Raises:
            StoreError: the store refused it.
        """
        with self._lock:
            current = self._current
        return current or self.renew()

    def renew(self) -> DoorSecrets:
        """Read them, and replace a key that served for a month; the one before still counts.

        Raises:
            StoreError: the store refused it.
        """
        now = self._clock.now()
        kept = self._thread.call(lambda database: _renewed(database, now))
        current = DoorSecrets(
            kept.cookie_suffix, {key.id: bytes.fromhex(key.secret) for key in kept.keys}
        )
        with self._lock:
            self._current = current
        return current


def _renewed(database: Database, now: datetime) -> _Kept:
    kept = _load(database) or _Kept(secrets.token_hex(4), ())
    if kept.keys and not kept.keys[0].is_due(now):
        return kept
    fresh = _SigningKey(secrets.token_hex(4), now, secrets.token_hex(_KEY_BYTES))
    kept = _Kept(kept.cookie_suffix, (fresh, *kept.keys)[:_KEPT_KEYS])
    with database.transaction() as connection:
        write_setting(connection, DOOR_SECRETS, json.dumps(_to_json(kept)))
    return kept


def _load(database: Database) -> _Kept | None:
    text = read_setting(database, DOOR_SECRETS)
    if text is None:
        return None
    try:
        return _from_json(json.loads(text))
    except (ValueError, KeyError, TypeError):
        _LOGGER.warning("the door's secrets are unreadable; links that were handed out end")
        return None


def _to_json(kept: _Kept) -> JsonObject:
    keys = [
        {"id": key.id, "made_at": format_time(key.made_at), "secret": key.secret}
        for key in kept.keys
    ]
    return {"cookie_suffix": kept.cookie_suffix, "keys": keys}


def _from_json(data: JsonObject) -> _Kept:
    keys = tuple(
        _SigningKey(str(key["id"]), parse_time(key["made_at"]), bytes.fromhex(key["secret"]).hex())
        for key in data["keys"]
    )
    return _Kept(str(data["cookie_suffix"]), keys)
