"""The engine's figures of health, gathered now and then and handed out at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from lpr_engine.app.day_counts import DayCounts
from lpr_engine.health.host import HostProbe
from lpr_engine.health.stages import StageTimings
from lpr_engine.health.uptime import Uptime
from lpr_engine.model.clock import Clock
from lpr_engine.model.figures import CameraFigures, CameraHealth, EngineFigures
from lpr_engine.pipeline.camera import CameraFeed
from lpr_engine.pipeline.pipeline import Pipeline
from lpr_engine.store.store import PassageStore

_OLD_S = 15.0
_FLOWING = frozenset(
    {CameraHealth.STREAMING, CameraHealth.STARTING, CameraHealth.ENDED, CameraHealth.DISABLED}
)


class FiguresDesk:
    """What is slow to measure is refreshed by loops; what changes with a switch is read live.

    `current` only looks at values in memory: the broker's and the web's threads call it.
    """

    def __init__(
        self,
        clock: Clock,
        store: PassageStore,
        pipeline: Pipeline,
        timings: StageTimings,
        host: HostProbe,
        counts: DayCounts,
        mqtt_trouble: Callable[[], str | None],
        rules_trouble: Callable[[], str | None],
        backup_trouble: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._clock = clock
        self._store = store
        self._pipeline = pipeline
        self._timings = timings
        self._host_probe = host
        self._counts = counts
        self._mqtt_trouble = mqtt_trouble
        self._rules_trouble = rules_trouble
        self._backup_trouble = backup_trouble
        self._uptime = Uptime(clock)
        self._measured_s = self._counted_s = clock.monotonic_s()
        self._decoded: dict[str, int] = {}
        self._rates: dict[str, float] = {}
        self._host = host.measure()
        self._depth = 0

    def measure(self) -> None:
        """Take the rates and the host's figures; to be called by one loop every few seconds."""
        now_s = self._clock.monotonic_s()
        elapsed_s = max(now_s - self._measured_s, 1e-3)
        decoded = {name: feed.decoded for name, feed in self._pipeline.feeds.items()}
        self._rates = {
            name: (count - self._decoded.get(name, 0)) / elapsed_s
            for name, count in decoded.items()
        }
        self._decoded, self._measured_s = decoded, now_s
        self._host = self._host_probe.measure()

    def count(self) -> None:
        """Ask the store for its figures; to be called by another loop, since a store may hang.

        Raises:
            StoreError: it does not answer.
        """
        self._depth = self._store.depth()
        self._counts.refresh()
        self._counted_s = self._clock.monotonic_s()

    def current(self) -> EngineFigures:
        """The figures as they are; returns at once and never raises."""
        return EngineFigures(
            taken_at=self._clock.now(),
            uptime_s=self._uptime.seconds,
            host=self._host,
            outbox_depth=self._depth,
            cameras=tuple(self._camera(feed) for feed in self._pipeline.feeds.values()),
            stages=self._timings.snapshot(),
            problems=(*self._store.problems, *self._pipeline.problems(), *self._staleness()),
            notices=self._notices(),
            backlog_depth=self._pipeline.backlog_depth,
            revisions_lost=self._pipeline.revisions_lost,
        )

    def _staleness(self) -> tuple[str, ...]:
        age_s = self._clock.monotonic_s() - self._counted_s
        return (f"the store has not answered for {age_s:.0f} s",) if age_s > _OLD_S else ()

    def _notices(self) -> tuple[str, ...]:
        feeds = self._pipeline.feeds.values()
        cameras = [
            f"camera {feed.section.id} is {feed.health.value}: {feed.last_error or 'no picture'}"
            for feed in feeds
            if feed.health not in _FLOWING
        ]
        none = [] if feeds else ["no camera is configured"]
        trouble = self._mqtt_trouble()
        mqtt = [] if trouble is None else [f"MQTT: {trouble}"]
        stale = self._rules_trouble()
        rules = [] if stale is None else [stale]
        failed = self._backup_trouble()
        backup = [] if failed is None else [f"the last scheduled backup failed: {failed}"]
        return (*none, *cameras, *mqtt, *rules, *backup, *self._pipeline.notices())

    def _camera(self, feed: CameraFeed) -> CameraFigures:
        name = feed.section.id
        figures = CameraFigures(
            camera=name,
            health=feed.health,
            frames_per_second=round(self._rates.get(name, 0.0), 2),
            frames_dropped=self._pipeline.drops(name),
            frames_decoded=feed.decoded,
            passages_today=self._counts.of(name),
            reconnects=feed.reconnects,
            last_error=feed.last_error,
            last_frame_at=feed.last_frame_at,
            enabled=feed.enabled,
            confidence=self._pipeline.confidence(name),
        )
        return figures if feed.enabled else dataclasses.replace(figures, frames_per_second=0.0)
