"""What the health routes answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lpr_engine.model.contract import CONTRACT_VERSION, JsonObject
from lpr_engine.model.figures import CameraHealth

_LINES: Final[JsonObject] = {"type": "array", "items": {"type": "string"}}
_COUNT: Final[JsonObject] = {"type": "integer", "minimum": 0}
_NUMBER: Final[JsonObject] = {"type": "number"}
_NUMBER_OR_NULL: Final[JsonObject] = {"type": ["number", "null"]}
_TEXT: Final[JsonObject] = {"type": "string"}


def _object(**properties: JsonObject) -> JsonObject:
    return {"type": "object", "required": list(properties), "properties": properties}


ALIVE: Final = _object(status={"const": "ok"}, version=_TEXT)
READINESS: Final[JsonObject] = {
    "type": "object",
    "required": ["ready"],
    "properties": {
        "ready": {"type": "boolean"},
        "problems": {**_LINES, "description": "What keeps passages from being made or kept."},
        "notices": {**_LINES, "description": "What is amiss without doing so."},
    },
}
HOST: Final = _object(
    cpu_percent=_NUMBER,
    memory_percent=_NUMBER,
    process_memory_mb=_NUMBER,
    disk_free_mb=_NUMBER,
    temperature_c=_NUMBER_OR_NULL,
    gpu_percent=_NUMBER_OR_NULL,
    power_w=_NUMBER_OR_NULL,
)
CAMERA: Final = _object(
    camera=_TEXT,
    health={"enum": [state.value for state in CameraHealth]},
    fps=_NUMBER,
    frames_decoded=_COUNT,
    frames_dropped={**_COUNT, "description": "Frames that nobody had time to look at."},
    reconnects=_COUNT,
    passages_today=_COUNT,
    last_frame_at={"type": ["string", "null"], "format": "date-time"},
)
STAGE: Final = _object(stage=_TEXT, count=_COUNT, p50_ms=_NUMBER, p95_ms=_NUMBER)
HEALTH: Final = _object(
    contract={"const": CONTRACT_VERSION},
    engine=_TEXT,
    taken_at={"type": "string", "format": "date-time"},
    uptime_s=_COUNT,
    outbox_depth={**_COUNT, "description": "Messages that the broker has not confirmed."},
    problems=_LINES,
    notices=_LINES,
    host=HOST,
    cameras={"type": "array", "items": CAMERA},
    stages={
        "type": "array",
        "items": STAGE,
        "description": "How long each stage of the pipeline took over the last minutes.",
    },
)

SCHEMAS: Final[Mapping[str, JsonObject]] = {
    "Alive": ALIVE,
    "Readiness": READINESS,
    "Health": HEALTH,
}
