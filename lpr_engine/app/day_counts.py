"""How many passages each camera has seen since local midnight."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime

from lpr_engine.model.clock import Clock
from lpr_engine.model.passage import Passage, PassageUpdate, Stage


class DayCounts:
    """A passage listener; starts from what the store knows of today."""

    def __init__(self, clock: Clock, count_since: Callable[[str, datetime], int]) -> None:
        self._clock = clock
        self._count_since = count_since
        self._lock = threading.Lock()
        self._day: date | None = None
        self._counts: dict[str, int] = {}

    def of(self, camera: str) -> int:
        """Final passages of a camera today."""
        with self._lock:
            self._turn_the_page()
            if camera not in self._counts:
                self._counts[camera] = self._count_since(camera, self._midnight())
            return self._counts[camera]

    def passage_committed(self, passage: Passage, _update: PassageUpdate) -> None:
        """Count a final."""
        if passage.stage is not Stage.FINAL or passage.corrected_by is not None:
            return
        with self._lock:
            self._turn_the_page()
            if passage.camera in self._counts:
                self._counts[passage.camera] += 1

    def _turn_the_page(self) -> None:
        today = self._clock.now().astimezone().date()
        if today != self._day:
            self._day, self._counts = today, {}

    def _midnight(self) -> datetime:
        local = self._clock.now().astimezone()
        return local.replace(hour=0, minute=0, second=0, microsecond=0)
