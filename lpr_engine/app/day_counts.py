"""How many passages each camera has seen since local midnight."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, time

from lpr_engine.model.clock import Clock
from lpr_engine.model.passage import Passage, PassageUpdate, Stage


class DayCounts:
    """A passage listener that starts from what the store knows of the day.

    Only `refresh` asks the store, and holds no lock while it waits; all else returns at once.
    """

    def __init__(
        self,
        cameras: Iterable[str],
        clock: Clock,
        count_since: Callable[[str, datetime], int],
    ) -> None:
        self._cameras = tuple(cameras)
        self._clock = clock
        self._count_since = count_since
        self._lock = threading.Lock()
        self._day: date | None = None
        self._counts: dict[str, int] = {}
        self._heard: Counter[str] = Counter()

    def of(self, camera: str) -> int:
        """Final passages of a camera today; those heard of so far until the store has told."""
        with self._lock:
            self._turn_the_page()
            return self._counts.get(camera, max(0, self._heard[camera]))

    def refresh(self) -> None:
        """Ask the store for what is not known of today yet.

        Raises:
            StoreError: the store cannot be read; the next call tries again.
        """
        for camera in self._cameras:
            with self._lock:
                day, heard = self._turn_the_page(), self._heard[camera]
                if camera in self._counts:
                    continue
            count = self._count_since(camera, _midnight(day))
            with self._lock:
                # What was committed while the store counted may be in its answer or not.
                if self._turn_the_page() == day and self._heard[camera] == heard:
                    self._counts[camera] = count

    def passage_committed(self, passage: Passage, _update: PassageUpdate) -> None:
        """Count a final."""
        if passage.stage is not Stage.FINAL or passage.corrected_by is not None:
            return
        with self._lock:
            self._turn_the_page()
            self._heard[passage.camera] += 1
            if passage.camera in self._counts:
                self._counts[passage.camera] += 1

    def passage_corrected(self, _passage: Passage) -> None:
        """A corrected passage is counted already."""

    def passage_removed(self, passage: Passage, _last: Passage | None) -> None:
        """Count one of today no longer."""
        with self._lock:
            day = self._turn_the_page()
            if passage.last_seen.astimezone().date() != day:
                return
            self._heard[passage.camera] -= 1
            if passage.camera in self._counts:
                self._counts[passage.camera] -= 1

    def _turn_the_page(self) -> date:
        today = self._clock.now().astimezone().date()
        if today != self._day:
            self._day = today
            self._counts.clear()
            self._heard.clear()
        return today


def _midnight(day: date) -> datetime:
    """When a local day begins, by the offset that holds then."""
    return datetime.combine(day, time.min).astimezone()
