"""The sections of a valid configuration, frozen, with the defaults that documentation names."""

from __future__ import annotations

from dataclasses import Field, dataclass, field
from pathlib import Path
from typing import Any

from lpr_engine.model.geometry import DirectionLine, Polygon


@dataclass(frozen=True, slots=True)
class EngineSection:
    """Who this engine is; `id` is `[a-z0-9_]+` and part of every topic."""

    id: str = "engine"
    name: str = "License plates"
    log_level: str = "info"


@dataclass(frozen=True, slots=True)
class MqttSection:
    """How to reach the broker; `host` None means the embedded broker on loopback."""

    host: str | None = None
    port: int = 1883
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    client_id: str | None = None
    tls: bool = False
    ca_file: Path | None = None
    certificate_file: Path | None = None
    key_file: Path | None = field(default=None, repr=False)
    tls_insecure: bool = False
    discovery: bool = True
    discovery_prefix: str = "homeassistant"
    topic_prefix: str = "lpr"
    publish_crop: bool = True


@dataclass(frozen=True, slots=True)
class Zone:
    """A named area of a camera's view; plates outside every zone are not tracked."""

    name: str
    area: Polygon


@dataclass(frozen=True, slots=True)
class CameraSection:
    """One camera; `source` is a URL, device or path and may hold credentials."""

    id: str
    source: str = field(repr=False)
    name: str = ""
    enabled: bool = True
    fps: float = 10.0
    rotate: int = 0
    zones: tuple[Zone, ...] = ()
    masks: tuple[Polygon, ...] = ()
    min_plate_height_px: int = 12
    direction_line: DirectionLine | None = None
    country: str | None = None
    realtime: bool = True
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class ModelsSection:
    """Which models see and read; names of the registry, or paths with their plate config.

    `auto` is the bundled one, in eight bits where a processor runs it.
    """

    detector: str = "auto"
    reader: str = "auto"
    plate_config: Path | None = None
    confidence: float = 0.35
    input_size: int = 544
    closer_look: bool = True
    tiling: bool = False
    provider: str = "auto"
    threads: int = 0
    cache_dir: Path | None = None


@dataclass(frozen=True, slots=True)
class TrackingSection:
    """When a track becomes a passage, and when it is over."""

    min_readings: int = 2
    min_confidence: float = 0.3
    preview_confidence: float = 0.8
    lost_after_s: float = 1.5
    max_track_s: float = 120.0
    parked_after_s: float = 20.0
    same_plate_within_s: float = 10.0
    countries: tuple[str, ...] = ()
    learn_formats: bool = True


@dataclass(frozen=True, slots=True)
class StorageSection:
    """Where passages and their pictures live."""

    directory: Path = Path("lpr-data")
    picture_quality: int = 85
    picture_format: str = "jpeg"
    keep_frames: bool = True


@dataclass(frozen=True, slots=True)
class RetentionSection:
    """How long, and how much, is kept; 0 means no limit."""

    passages_days: int = 90
    pictures_days: int = 30
    pictures_max_mb: int = 4096
    audit_days: int = 365


@dataclass(frozen=True, slots=True)
class ApiSection:
    """Where the HTTP door listens, and how much of it anyone may use.

    `token` may look at everything and change nothing. `trusted_proxies` are addresses and networks
    whose word for where a request comes from counts. With `ingress` users of Home Assistant come
    in with `ingress_role`, those whose name or id is among `ingress_admins` as admins.
    """

    host: str = "127.0.0.1"
    port: int = 8099
    token: str | None = field(default=None, repr=False)
    tls_certificate: Path | None = None
    tls_key: Path | None = field(default=None, repr=False)
    cors_origins: tuple[str, ...] = ()
    requests_per_second: float = 50.0
    connections: int = 512
    sockets: int = 256
    sockets_per_client: int = 32
    trusted_proxies: tuple[str, ...] = ()
    ingress: bool = False
    ingress_role: str = "viewer"
    ingress_admins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BackupSection:
    """When and where backups are made; `at` is local time, `every` `never` leaves it to people."""

    every: str = "never"
    at: str = "03:30"
    keep: int = 7
    directory: Path = Path("lpr-backups")
    media: bool = False
    secrets: bool = False
    upload_max_mb: int = 10_000


@dataclass(frozen=True, slots=True)
class Configuration:
    """Everything one engine needs to know."""

    engine: EngineSection = EngineSection()
    mqtt: MqttSection = MqttSection()
    cameras: tuple[CameraSection, ...] = ()
    models: ModelsSection = ModelsSection()
    tracking: TrackingSection = TrackingSection()
    storage: StorageSection = StorageSection()
    retention: RetentionSection = RetentionSection()
    backup: BackupSection = BackupSection()
    api: ApiSection = ApiSection()


def is_secret_field(field: Field[Any]) -> bool:
    """Whether a section's field is a secret: its `repr` leaves it out, or it names a user."""
    return field.name == "username" or (not field.repr and field.name != "source")
