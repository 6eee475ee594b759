"""What is said on an events WebSocket, by both sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lpr_engine.api.route import reference
from lpr_engine.model.contract import CONTRACT_VERSION, JsonObject

_TEXT: Final[JsonObject] = {"type": "string"}
_COUNT: Final[JsonObject] = {"type": "integer", "minimum": 0}
_SEQUENCE: Final[JsonObject] = {**_COUNT, "description": "All up to this number was sent."}


def _some(items: JsonObject, description: str) -> JsonObject:
    return {
        "type": ["array", "null"],
        "items": items,
        "minItems": 1,
        "maxItems": 64,
        "uniqueItems": True,
        "description": f"{description}; null or left out: all.",
    }


def _message(kind: str, properties: JsonObject) -> JsonObject:
    whole = {"type": {"const": kind}, **properties}
    return {"type": "object", "required": list(whole), "properties": whole}


WISH: Final[JsonObject] = {
    "type": "object",
    "required": ["subscribe"],
    "additionalProperties": False,
    "properties": {
        "subscribe": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "cameras": _some({"type": "string", "pattern": "^[a-z0-9_]{1,64}$"}, "Cameras"),
                "stages": _some({"enum": ["preview", "final"]}, "Stages of passages"),
                "lists": _some(
                    {"type": ["string", "null"], "maxLength": 64},
                    "Lists that passages are on, null among them for unknown plates",
                ),
                "kinds": _some({"enum": ["passage", "camera", "health"]}, "What to tell of"),
            },
        },
        "resume_after": {
            "type": ["integer", "null"],
            "minimum": 0,
            "description": "The last sequence that arrived; null: only what happens from now on.",
        },
    },
}
HELLO: Final = _message(
    "hello",
    {
        "contract": {"const": CONTRACT_VERSION},
        "engine": _TEXT,
        "version": _TEXT,
        "newest": {**_COUNT, "description": "What has a number up to this one is no news."},
        "resumed_after": {"type": ["integer", "null"]},
        "reset": {
            "type": "boolean",
            "description": "`resume_after` is none of this database's numbers: begin anew.",
        },
    },
)
PASSAGE_EVENT: Final = _message("passage", {"passage": reference("Passage")})
REMOVED: Final = _message("removed", {"id": _TEXT, "camera": _TEXT})
EXPIRED: Final = _message(
    "expired",
    {
        "passages": {**_COUNT, "minimum": 1, "description": "How many retention removed."},
        "before": {
            "type": "string",
            "format": "date-time",
            "description": "All of them were last seen before then.",
        },
    },
)
LIVE: Final = _message("live", {"sequence": _SEQUENCE})
CAMERA_EVENT: Final = _message("camera", {"camera": reference("CameraState")})
HEALTH_EVENT: Final = _message("health", {"health": reference("Health")})
HEARTBEAT: Final = _message(
    "heartbeat", {"sequence": _SEQUENCE, "time": {"type": "string", "format": "date-time"}}
)
REFUSAL: Final = _message(
    "error",
    {
        "code": _TEXT,
        "detail": _TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "detail"],
                "properties": {"where": _TEXT, "detail": _TEXT},
            },
        },
    },
)

SCHEMAS: Final[Mapping[str, JsonObject]] = {
    "EventWish": WISH,
    "EventHello": HELLO,
    "EventPassage": PASSAGE_EVENT,
    "EventRemoved": REMOVED,
    "EventExpired": EXPIRED,
    "EventLive": LIVE,
    "EventCamera": CAMERA_EVENT,
    "EventHealth": HEALTH_EVENT,
    "EventHeartbeat": HEARTBEAT,
    "EventError": REFUSAL,
}
