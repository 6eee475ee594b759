"""What the messages of a live WebSocket hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lpr_engine.model.contract import CONTRACT_VERSION, JsonObject
from lpr_engine.model.figures import CameraHealth

_SHARE: Final[JsonObject] = {"type": "number", "minimum": 0, "maximum": 1}
_TEXT: Final[JsonObject] = {"type": "string"}
_TEXT_OR_NULL: Final[JsonObject] = {"type": ["string", "null"]}
_COUNT: Final[JsonObject] = {"type": "integer", "minimum": 0}
_PIXELS: Final[JsonObject] = {"type": "integer", "minimum": 1}
_BOX: Final[JsonObject] = {
    "type": "array",
    "items": _SHARE,
    "minItems": 4,
    "maxItems": 4,
    "description": "x0, y0, x1, y1 in 0..1 of the frame.",
}


def _object(properties: JsonObject) -> JsonObject:
    return {"type": "object", "required": list(properties), "properties": properties}


_READING: Final = _object(
    {
        "text": _TEXT,
        "confidence": _SHARE,
        "characters": {
            "type": "array",
            "items": {
                "type": "array",
                "prefixItems": [_TEXT, _SHARE],
                "minItems": 2,
                "maxItems": 2,
            },
        },
        "region": _TEXT_OR_NULL,
    }
)
_DETECTION: Final = _object(
    {
        "box": _BOX,
        "confidence": _SHARE,
        "track": {"type": ["integer", "null"], "description": "Which of `tracks` it belongs to."},
        "reading": {"anyOf": [_READING, {"type": "null"}]},
    }
)
_TRACK: Final = _object(
    {
        "track": _COUNT,
        "box": _BOX,
        "text": {**_TEXT_OR_NULL, "description": "What its readings say together so far."},
        "confidence": _SHARE,
        "zone": _TEXT_OR_NULL,
        "direction": {"enum": ["in", "out", "unknown"]},
        "passage": {**_TEXT_OR_NULL, "description": "The id it was told of under, if it was."},
    }
)
LIVE_FRAME: Final = _object(
    {
        "contract": {"const": CONTRACT_VERSION},
        "type": {"const": "frame"},
        "camera": _TEXT,
        "number": {**_COUNT, "description": "Of the frame, since its source was opened."},
        "taken_at": {"type": "string", "format": "date-time"},
        "width": {**_PIXELS, "description": "Of the JPEG that follows."},
        "height": _PIXELS,
        "source_width": {**_PIXELS, "description": "Of the camera's picture."},
        "source_height": _PIXELS,
        "looked_at": {
            **_COUNT,
            "description": "Number of the frame that the boxes were found in: this one, or an"
            " earlier one since which nothing has moved.",
        },
        "dropped": {**_COUNT, "description": "Frames that this viewer was too slow for."},
        "detections": {"type": "array", "items": _DETECTION},
        "tracks": {"type": "array", "items": _TRACK},
    }
)
LIVE_STATE: Final = _object(
    {
        "contract": {"const": CONTRACT_VERSION},
        "type": {"const": "state"},
        "camera": _TEXT,
        "health": {"enum": [health.value for health in CameraHealth]},
        "enabled": {"type": "boolean"},
    }
)

SCHEMAS: Final[Mapping[str, JsonObject]] = {"LiveFrame": LIVE_FRAME, "LiveState": LIVE_STATE}
