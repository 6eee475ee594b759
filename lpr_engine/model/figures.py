"""Figures of health: what the host, the cameras and the pipeline measure of themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class CameraHealth(Enum):
    """What a camera's source is doing now."""

    STARTING = "starting"
    STREAMING = "streaming"
    STALLED = "stalled"
    RECONNECTING = "reconnecting"
    ENDED = "ended"
    REFUSED = "refused"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class CameraFigures:
    """One camera's counters; rates are over the last seconds.

    `confidence` is the detector's threshold in force, 0..1; None while it is not known.
    """

    camera: str
    health: CameraHealth
    frames_per_second: float
    frames_dropped: int
    frames_decoded: int
    passages_today: int
    reconnects: int
    last_error: str | None = None
    last_frame_at: datetime | None = None
    enabled: bool = True
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class HostFigures:
    """The machine and this process; None where the machine does not tell."""

    cpu_percent: float
    memory_percent: float
    process_memory_mb: float
    disk_free_mb: float
    temperature_c: float | None = None
    gpu_percent: float | None = None
    power_w: float | None = None


@dataclass(frozen=True, slots=True)
class StageTiming:
    """One pipeline stage's duration distribution over the last minutes."""

    stage: str
    count: int
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class EngineFigures:
    """Everything the health topic and `/readyz` report, at one instant.

    `problems` keep passages from being made or kept; `notices` are amiss without doing so.
    `backlog_depth` revisions wait for the store; `revisions_lost` found no room there.
    """

    taken_at: datetime
    uptime_s: float
    host: HostFigures
    outbox_depth: int
    cameras: tuple[CameraFigures, ...] = ()
    stages: tuple[StageTiming, ...] = ()
    problems: tuple[str, ...] = field(default_factory=tuple)
    notices: tuple[str, ...] = ()
    backlog_depth: int = 0
    revisions_lost: int = 0
