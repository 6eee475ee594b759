"""The engine's figures of health, gathered now and then and handed out at once."""

from __future__ import annotations

import logging

from lpr_engine.app.day_counts import DayCounts
from lpr_engine.health.host import HostProbe
from lpr_engine.health.stages import StageTimings
from lpr_engine.health.uptime import Uptime
from lpr_engine.model.clock import Clock
from lpr_engine.model.errors import StoreError
from lpr_engine.model.figures import CameraFigures, EngineFigures
from lpr_engine.pipeline.pipeline import Pipeline
from lpr_engine.store.store import PassageStore

_LOGGER = logging.getLogger(__name__)


class FiguresDesk:
    """What is slow to measure is refreshed by one loop; what changes with a switch is read live."""

    def __init__(
        self,
        clock: Clock,
        store: PassageStore,
        pipeline: Pipeline,
        timings: StageTimings,
        host: HostProbe,
        counts: DayCounts,
    ) -> None:
        self._clock = clock
        self._store = store
        self._pipeline = pipeline
        self._timings = timings
        self._host_probe = host
        self._counts = counts
        self._uptime = Uptime(clock)
        self._measured_s = clock.monotonic_s()
        self._decoded: dict[str, int] = {}
        self._rates: dict[str, float] = {}
        self._host = host.measure()
        self._depth = 0

    def refresh(self) -> None:
        """Measure; to be called by one loop every few seconds."""
        now_s = self._clock.monotonic_s()
        elapsed_s = max(now_s - self._measured_s, 1e-3)
        decoded = {name: feed.decoded for name, feed in self._pipeline.feeds.items()}
        self._rates = {
            name: (count - self._decoded.get(name, 0)) / elapsed_s
            for name, count in decoded.items()
        }
        self._decoded, self._measured_s = decoded, now_s
        self._host = self._host_probe.measure()
        try:
            self._depth = self._store.depth()
        except StoreError as error:
            _LOGGER.debug("Outbox depth is not known: %s", error)

    def current(self) -> EngineFigures:
        """The figures as they are; returns at once."""
        return EngineFigures(
            taken_at=self._clock.now(),
            uptime_s=self._uptime.seconds,
            host=self._host,
            outbox_depth=self._depth,
            cameras=tuple(self._camera(name) for name in self._pipeline.feeds),
            stages=self._timings.snapshot(),
            problems=(*self._store.problems, *self._pipeline.problems()),
        )

    def _camera(self, name: str) -> CameraFigures:
        feed = self._pipeline.feeds[name]
        latest = feed.latest
        return CameraFigures(
            camera=name,
            health=feed.health,
            frames_per_second=round(self._rates.get(name, 0.0), 2),
            frames_dropped=self._pipeline.drops(name),
            frames_decoded=feed.decoded,
            passages_today=self._counts.of(name),
            reconnects=feed.reconnects,
            last_error=feed.last_error,
            last_frame_at=latest.taken_at if latest is not None else None,
            enabled=feed.enabled,
            confidence=self._pipeline.confidence(name),
        )
