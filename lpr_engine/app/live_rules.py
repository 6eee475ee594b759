"""Rules that follow the vehicles and lists people keep: after each change all of them at once."""

from __future__ import annotations

import logging
import threading

from lpr_engine.model.errors import StoreError
from lpr_engine.model.vehicle_book import RegisterSource
from lpr_engine.plates.rules import PlateRules

_LOGGER = logging.getLogger(__name__)


class LiveRules:
    """Loads what is kept into the rules; thread-safe.

    Whoever made a change and called `changed` finds it in force when that returns. Changes that
    come while others are loaded share the next load. A store that cannot be read leaves the
    rules as they were, until `catch_up` succeeds.
    """

    def __init__(self, rules: PlateRules, source: RegisterSource) -> None:
        self._rules = rules
        self._source = source
        self._counting = threading.Lock()
        self._loading = threading.Lock()
        self._changes = 0
        self._in_force = 0
        self._trouble: str | None = None

    @property
    def trouble(self) -> str | None:
        """Why the rules are not those that are kept; None while they are."""
        return self._trouble

    def load(self) -> None:
        """Take over what is kept, at the start.

        Raises:
            StoreError: it cannot be read.
        """
        register = self._source.register()
        self._rules.replace(register.vehicles, register.lists)

    def changed(self) -> None:
        """Take over a change that is on disk; never raises for a store that fails."""
        with self._counting:
            self._changes += 1
            mine = self._changes
        with self._loading:
            if self._in_force < mine:
                self._try_to_load()

    def catch_up(self) -> None:
        """Try again what failed; to be called every few seconds."""
        with self._loading:
            if self._in_force < self._changes:
                self._try_to_load()

    def _try_to_load(self) -> None:
        known = self._changes
        try:
            self.load()
        except StoreError as err:
            if self._trouble is None:
                _LOGGER.error("Changed vehicles and lists do not count yet: %s", err)
            self._trouble = f"changed vehicles and lists do not count yet: {err}"
            return
        self._in_force = known
        if self._trouble is not None:
            _LOGGER.warning("Changed vehicles and lists count again")
            self._trouble = None
