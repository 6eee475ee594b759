"""The time that retention goes by: the wall clock, but never dragged along by its jumps.

A wall clock that leaps years ahead would make everything look too old at once. Retention
therefore keeps its own time, which catches up with the wall clock at most one day in an hour of
running: a false leap costs one day's worth of passages for each hour that it lasts, a real long
absence is caught up with soon. It follows a clock that is set back at once.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone

from lpr_engine.model.clock import Clock
from lpr_engine.model.contract import format_time, parse_time
from lpr_engine.store.database import Database
from lpr_engine.store.settings import read_setting, write_setting

_LOGGER = logging.getLogger(__name__)

# No clock that shows a time before this program was written is right.
PLAUSIBLE_FROM = datetime(2026, 1, 1, tzinfo=timezone.utc)
CATCH_UP_RATE = 24.0
_WORTH_SAYING = timedelta(days=2)
_KEY = "retention_time"


def follow(reference: datetime | None, now: datetime, elapsed_s: float) -> datetime:
    """The trusted time after `elapsed_s` of running, from the one before."""
    if reference is None:
        return now
    # Compared as a difference: a far reference plus a step may lie beyond what dates can say.
    step = timedelta(seconds=elapsed_s * CATCH_UP_RATE)
    return now if now - reference <= step else reference + step


class TrustedTime:
    """Remembers the trusted time in the database; used by the store's thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked_s = clock.monotonic_s()
        self._is_behind = False

    def read(self, database: Database) -> datetime | None:
        """The trusted time now; None while the wall clock is plainly wrong.

        Raises:
            StoreError: the database refused it.
        """
        now, monotonic_s = self._clock.now(), self._clock.monotonic_s()
        if now < PLAUSIBLE_FROM:
            return None
        trusted = follow(_load(database), now, monotonic_s - self._asked_s)
        self._asked_s = monotonic_s
        with database.transaction() as connection:
            write_setting(connection, _KEY, format_time(trusted))
        self._note_lag(now, trusted)
        return trusted

    def _note_lag(self, now: datetime, trusted: datetime) -> None:
        is_behind = now - trusted > _WORTH_SAYING
        if is_behind and not self._is_behind:
            _LOGGER.warning(
                "the clock leapt from %s to %s; retention follows it slowly",
                format_time(trusted),
                format_time(now),
            )
        elif self._is_behind and not is_behind:
            _LOGGER.info("retention has caught up with the clock")
        self._is_behind = is_behind


def _load(database: Database) -> datetime | None:
    text = read_setting(database, _KEY)
    try:
        return None if text is None else parse_time(text)
    except ValueError as err:
        _LOGGER.warning("the time that retention went by is unreadable: %s", err)
        return None
