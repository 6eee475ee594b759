"""How long and how much is kept: one pass over everything, in steps that let commits through."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lpr_engine.config.sections import RetentionSection
from lpr_engine.model.events import ExpiryListener, PassagesExpired
from lpr_engine.store.audit import forget_old
from lpr_engine.store.database import Database
from lpr_engine.store.expiry import Expiry
from lpr_engine.store.media import MediaFolder
from lpr_engine.store.thread import StoreThread
from lpr_engine.store.trusted_time import TrustedTime

_LOGGER = logging.getLogger(__name__)

_BYTES_PER_MB = 1_000_000
_LONGEST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """What one pass removed."""

    pictures: int = 0
    passages: int = 0
    stray_files: int = 0
    audit_entries: int = 0


class Retention:
    """Runs in the caller's thread; each step is a job of the store's thread of its own."""

    def __init__(
        self,
        section: RetentionSection,
        thread: StoreThread,
        expiry: Expiry,
        trusted_time: TrustedTime,
        media: MediaFolder,
    ) -> None:
        self._section = section
        self._thread = thread
        self._expiry = expiry
        self._trusted_time = trusted_time
        self._media = media
        self._listeners: list[ExpiryListener] = []

    def listen(self, listener: ExpiryListener) -> None:
        """Have somebody told of each pass that removes passages."""
        self._listeners.append(listener)

    def go_by(self, section: RetentionSection) -> None:
        """Keep this much from the next pass on; from any thread."""
        self._section = section

    def run(self) -> RetentionReport:
        """One pass: pictures by age and size, passages and audit by age, what is left over, strays.

        Raises:
            StoreError: the store refused a step; what earlier steps removed stays removed.
        """
        now = self._thread.call(self._trusted_time.read)
        pictures = self._old_pictures(now) + self._excess_pictures()
        passages = self._old_passages(now)
        pictures += self._repeat(self._expiry.unused_pictures)
        report = RetentionReport(pictures, passages, self._sweep(), self._old_audit(now))
        if report != RetentionReport():
            _LOGGER.info("retention: %s", report)
        return report

    def _old_pictures(self, now: datetime | None) -> int:
        before = _limit(now, self._section.pictures_days)
        if before is None:
            return 0
        return self._repeat(lambda database: self._expiry.old_pictures(database, before))

    def _excess_pictures(self) -> int:
        max_bytes = self._section.pictures_max_mb * _BYTES_PER_MB
        if max_bytes <= 0:
            return 0
        return self._repeat(lambda database: self._expiry.excess_pictures(database, max_bytes))

    def _old_passages(self, now: datetime | None) -> int:
        before = _limit(now, self._section.passages_days)
        if before is None:
            return 0
        removed = 0
        try:
            while step := self._thread.call(
                lambda database: self._expiry.old_passages(database, before)
            ):
                removed += step
        finally:
            # What is gone is gone, also when a later step fails.
            if removed:
                self._tell(PassagesExpired(removed, before))
        return removed

    def _tell(self, expired: PassagesExpired) -> None:
        for listener in self._listeners:
            listener(expired)

    def _old_audit(self, now: datetime | None) -> int:
        before = _limit(now, self._section.audit_days)
        if before is None:
            return 0
        return self._repeat(lambda database: forget_old(database, before))

    def _sweep(self) -> int:
        return sum(self._sweep_shard(shard) for shard in self._media.shards())

    def _sweep_shard(self, shard: str) -> int:
        return self._thread.call(lambda database: self._expiry.stray_files(database, shard))

    def _repeat(self, step: Callable[[Database], int]) -> int:
        total = 0
        while removed := self._thread.call(step):
            total += removed
        return total


def _limit(now: datetime | None, days: int) -> datetime | None:
    """The time before which things are too old; None for no limit, or no time to trust."""
    if now is None or days <= 0:
        return None
    return now - timedelta(days=min(days, _LONGEST_DAYS))
