"""Figures of health as JSON, version 1 of the contract that MQTT and HTTP share."""

from __future__ import annotations

from lpr_engine.model.contract import CONTRACT_VERSION, JsonObject, format_time
from lpr_engine.model.figures import CameraFigures, EngineFigures, HostFigures


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
