"""What the topics carry: passages, states and figures as the contract's JSON objects."""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta
from typing import Any

from lpr_engine.model.contract import (
    CONTRACT_VERSION,
    JsonObject,
    format_time,
    passage_to_json,
)
from lpr_engine.model.figures import CameraFigures, EngineFigures, HostFigures
from lpr_engine.model.outbox import OutboxRow
from lpr_engine.model.passage import Passage
from lpr_engine.mqtt.identity import EngineIdentity

LATE_AFTER = timedelta(seconds=10)


def encode(data: JsonObject) -> bytes:
    """JSON as it goes over the wire: compact UTF-8, without what JSON cannot say.

    A number that is none becomes null and half a character a question mark: a row that could
    not be written would stand in the way of all rows behind it.
    """
    try:
        text = _dumps(data)
    except ValueError:
        text = _dumps(_without_nan(data))
    return text.encode("utf-8", "replace")


def is_late(row: OutboxRow, now: datetime) -> bool:
    """Whether a row is no longer news: a repetition, or more than 10 s from its last sight.

    A passage of the future is late too: the host's clock went back since, so its age is unknown.
    """
    return row.attempted or abs(now - row.passage.last_seen) > LATE_AFTER


def row_to_json(row: OutboxRow, now: datetime) -> JsonObject:
    """An outbox row as the `passage` topic carries it."""
    return passage_to_json(row.passage, late=is_late(row, now), redelivered=row.attempted)


def event_to_json(passage: JsonObject) -> JsonObject:
    """The same passage as Home Assistant's event entity wants it."""
    return {"event_type": passage["stage"], **passage}


def announce_to_json(identity: EngineIdentity) -> JsonObject:
    """Who this engine is."""
    return {
        "contract": CONTRACT_VERSION,
        "id": identity.id,
        "name": identity.name,
        "version": identity.version,
        "api_url": identity.api_url,
        "public_key_fingerprint": identity.public_key_fingerprint,
    }


def camera_state_to_json(figures: CameraFigures, last: Passage | None) -> JsonObject:
    """One camera's state with its last final passage; nulls where there was none yet."""
    return {
        "contract": CONTRACT_VERSION,
        "camera": figures.camera,
        "health": figures.health.value,
        "enabled": figures.enabled,
        "confidence": figures.confidence,
        "fps": round(figures.frames_per_second, 1),
        "frames_dropped": figures.frames_dropped,
        "reconnects": figures.reconnects,
        "last_error": figures.last_error,
        "passages_today": figures.passages_today,
        "last_passage": last.id if last else None,
        "last_plate": last.text if last else None,
        "last_display": last.display if last else None,
        "last_confidence": round(last.confidence, 4) if last else None,
        "last_region": last.region if last else None,
        "last_direction": last.direction.value if last else None,
        "last_list": last.verdict.list_name if last else None,
        "last_vehicle": last.verdict.vehicle if last else None,
        "last_seen": format_time(last.last_seen) if last else None,
    }


def health_to_json(engine: str, figures: EngineFigures) -> JsonObject:
    """The engine's figures at one instant."""
    return {
        "contract": CONTRACT_VERSION,
        "engine": engine,
        "taken_at": format_time(figures.taken_at),
        "uptime_s": round(figures.uptime_s),
        "outbox_depth": figures.outbox_depth,
        "problems": list(figures.problems),
        "notices": list(figures.notices),
        "host": _host_to_json(figures.host),
        "cameras": [_camera_to_json(camera) for camera in figures.cameras],
        "stages": [
            {
                "stage": timing.stage,
                "count": timing.count,
                "p50_ms": round(timing.p50_ms, 2),
                "p95_ms": round(timing.p95_ms, 2),
            }
            for timing in figures.stages
        ],
    }


def _host_to_json(host: HostFigures) -> JsonObject:
    return {
        "cpu_percent": round(host.cpu_percent, 1),
        "memory_percent": round(host.memory_percent, 1),
        "process_memory_mb": round(host.process_memory_mb, 1),
        "disk_free_mb": round(host.disk_free_mb),
        "temperature_c": _rounded(host.temperature_c),
        "gpu_percent": _rounded(host.gpu_percent),
        "power_w": _rounded(host.power_w),
    }


def _camera_to_json(camera: CameraFigures) -> JsonObject:
    last = camera.last_frame_at
    return {
        "camera": camera.camera,
        "health": camera.health.value,
        "fps": round(camera.frames_per_second, 1),
        "frames_decoded": camera.frames_decoded,
        "frames_dropped": camera.frames_dropped,
        "reconnects": camera.reconnects,
        "passages_today": camera.passages_today,
        "last_frame_at": format_time(last) if last else None,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _dumps(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _without_nan(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_nan(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_without_nan(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data
