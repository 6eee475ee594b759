"""The engine's figures as Prometheus reads them, in a registry of their own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Final

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.registry import Collector

from lpr_engine.api.route import ROUTE, Handler
from lpr_engine.model.figures import CameraFigures, CameraHealth, EngineFigures, HostFigures
from lpr_engine.model.passage import Passage, PassageUpdate

_STAGE_BOUNDS_S: Final = (
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
)  # fmt: skip


class Metrics:
    """Counts what happens and shows what is. Thread-safe."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._stages = Histogram(
            "lpr_stage_seconds",
            "Duration of each stage of the pipeline.",
            ["stage"],
            buckets=_STAGE_BOUNDS_S,
            registry=self._registry,
        )
        self._passages = Counter(
            "lpr_passages",
            "Passage revisions that were kept.",
            ["camera", "stage"],
            registry=self._registry,
        )
        self._requests = Histogram(
            "lpr_http_request_seconds",
            "Duration of HTTP requests by route.",
            ["method", "route", "status"],
            registry=self._registry,
        )

    def observe(self, stage: str, elapsed_ms: float) -> None:
        """Count one duration of a stage."""
        self._stages.labels(stage).observe(elapsed_ms / 1000)

    def passage_committed(self, passage: Passage, _update: PassageUpdate) -> None:
        """Count one kept revision."""
        self._passages.labels(passage.camera, passage.stage.value).inc()

    @web.middleware
    async def measure(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Count a request, but no path or method that somebody made up."""
        began_s = time.perf_counter()
        response = await handler(request)
        if ROUTE in request:
            elapsed_s = time.perf_counter() - began_s
            labels = (request[ROUTE].method, request[ROUTE].path, str(response.status))
            self._requests.labels(*labels).observe(elapsed_s)
        else:
            self._requests.labels("", "", str(response.status)).observe(0)
        return response

    def show(self, collector: Collector) -> None:
        """Let a collector tell what is, whenever somebody looks."""
        self._registry.register(collector)

    def text(self, accept: str) -> tuple[bytes, str]:
        """Everything in the format that the asker wants, and that format's media type."""
        if "application/openmetrics-text" in accept:
            text: bytes = openmetrics.generate_latest(self._registry)  # type: ignore[no-untyped-call]
            return text, openmetrics.CONTENT_TYPE_LATEST
        return generate_latest(self._registry), CONTENT_TYPE_PLAIN_0_0_4


class FiguresCollector(Collector):
    """Shows the engine's figures of health as they are when somebody looks."""

    def __init__(self, figures: Callable[[], EngineFigures], version: str) -> None:
        self._figures = figures
        self._version = version

    def collect(self) -> Iterator[Metric]:
        """Yield every figure."""
        figures = self._figures()
        version = GaugeMetricFamily("lpr_build", "The engine's version.", labels=["version"])
        version.add_metric([self._version], 1)
        yield version
        yield _gauge("lpr_ready", "Whether passages can be made.", not figures.problems)
        yield _gauge("lpr_problems", "What keeps passages from being made.", len(figures.problems))
        yield _gauge("lpr_notices", "What is amiss besides.", len(figures.notices))
        yield _gauge("lpr_uptime_seconds", "Since the engine started.", figures.uptime_s)
        yield _gauge("lpr_outbox_depth", "Messages the broker lacks.", figures.outbox_depth)
        yield _gauge("lpr_backlog_depth", "Revisions that wait.", figures.backlog_depth)
        lost = CounterMetricFamily("lpr_revisions_lost", "Revisions that found no room to wait.")
        lost.add_metric([], figures.revisions_lost)
        yield lost
        yield from _host(figures.host)
        yield from _cameras(figures.cameras)


def _host(host: HostFigures) -> Iterator[Metric]:
    values = {
        "lpr_host_cpu_ratio": ("Use of the processor.", _ratio(host.cpu_percent)),
        "lpr_host_memory_ratio": ("Use of the memory.", _ratio(host.memory_percent)),
        "lpr_host_gpu_ratio": ("Use of the graphics processor.", _ratio(host.gpu_percent)),
        "lpr_host_temperature_celsius": ("The machine's temperature.", host.temperature_c),
        "lpr_host_power_watts": ("What the machine draws.", host.power_w),
        "lpr_process_memory_bytes": ("The engine's memory.", _bytes(host.process_memory_mb)),
        "lpr_host_disk_free_bytes": ("Free where passages lie.", _bytes(host.disk_free_mb)),
    }
    for name, (meaning, value) in values.items():
        if value is not None:
            yield _gauge(name, meaning, value)


def _cameras(cameras: tuple[CameraFigures, ...]) -> Iterator[Metric]:
    gauges: tuple[tuple[str, str, Callable[[CameraFigures], float]], ...] = (
        ("lpr_camera_up", "Whether pictures come.", _is_up),
        ("lpr_camera_enabled", "Whether it is looked at.", lambda one: one.enabled),
        ("lpr_camera_frames_per_second", "Frames now.", lambda one: one.frames_per_second),
        ("lpr_camera_passages_today", "Since midnight.", lambda one: one.passages_today),
    )
    counters: tuple[tuple[str, str, Callable[[CameraFigures], float]], ...] = (
        ("lpr_camera_frames_decoded", "Frames that came.", lambda one: one.frames_decoded),
        ("lpr_camera_frames_dropped", "Frames not looked at.", lambda one: one.frames_dropped),
        ("lpr_camera_reconnects", "Streams opened again.", lambda one: one.reconnects),
    )
    for name, meaning, value in gauges:
        gauge = GaugeMetricFamily(name, meaning, labels=["camera"])
        for camera in cameras:
            gauge.add_metric([camera.camera], value(camera))
        yield gauge
    for name, meaning, value in counters:
        counter = CounterMetricFamily(name, meaning, labels=["camera"])
        for camera in cameras:
            counter.add_metric([camera.camera], value(camera))
        yield counter


def _is_up(camera: CameraFigures) -> float:
    return camera.health is CameraHealth.STREAMING


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=float(value))


def _ratio(percent: float | None) -> float | None:
    return None if percent is None else percent / 100


def _bytes(megabytes: float) -> float:
    return megabytes * 1024 * 1024
