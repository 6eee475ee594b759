"""A camera's state, and what may be changed of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lpr_engine.api.route import reference
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.figures import CameraHealth

_COUNT: Final[JsonObject] = {"type": "integer", "minimum": 0}
_TEXT: Final[JsonObject] = {"type": "string"}

CAMERA_STATE_PROPERTIES: Final[JsonObject] = {
    "id": _TEXT,
    "name": _TEXT,
    "health": {"enum": [health.value for health in CameraHealth]},
    "enabled": {"type": "boolean"},
    "confidence": {
        "type": ["number", "null"],
        "minimum": 0,
        "maximum": 1,
        "description": "Detections below it are ignored.",
    },
    "fps": {"type": "number", "minimum": 0, "description": "Frames decoded in a second."},
    "frames_decoded": _COUNT,
    "frames_dropped": {**_COUNT, "description": "Decoded, but too late to be looked at."},
    "reconnects": _COUNT,
    "last_error": {"type": ["string", "null"], "description": "Credentials are masked."},
    "last_frame_at": {"type": ["string", "null"], "format": "date-time"},
    "passages_today": _COUNT,
}
CAMERA_STATE: Final[JsonObject] = {
    "type": "object",
    "required": list(CAMERA_STATE_PROPERTIES),
    "properties": CAMERA_STATE_PROPERTIES,
}
CAMERA: Final[JsonObject] = {
    "type": "object",
    "required": [*CAMERA_STATE_PROPERTIES, "last_passage"],
    "properties": {
        **CAMERA_STATE_PROPERTIES,
        "last_passage": {
            "anyOf": [reference("Passage"), {"type": "null"}],
            "description": "The last final one.",
        },
    },
}
CAMERA_CHANGE: Final[JsonObject] = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": False,
    "properties": {
        "enabled": {"type": "boolean"},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
    },
}
SNAPSHOT: Final[JsonObject] = {
    "type": "object",
    "required": ["camera", "media"],
    "properties": {
        "camera": _TEXT,
        "media": {**_TEXT, "description": "The picture's path under `/api/v1/`."},
    },
}

SCHEMAS: Final[Mapping[str, JsonObject]] = {
    "Camera": CAMERA,
    "CameraState": CAMERA_STATE,
    "CameraChange": CAMERA_CHANGE,
    "Snapshot": SNAPSHOT,
}
