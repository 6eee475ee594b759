"""The configuration and what a new one would change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lpr_engine.api.route import reference
from lpr_engine.model.contract import JsonObject

_LINE: Final[JsonObject] = {"type": ["integer", "null"], "minimum": 1}
_NAMES: Final[JsonObject] = {"type": "array", "items": {"type": "string"}}
_RESTART: Final[JsonObject] = {
    **_NAMES,
    "description": "Keys whose values in the file count from the next start on.",
}

CONFIG_TEXT: Final[JsonObject] = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {
        "text": {
            "type": "string",
            "description": "All of the file. A secret that is still masked keeps its value.",
        }
    },
}
ORIGIN: Final[JsonObject] = {
    "type": "object",
    "required": ["from", "line", "column", "variable"],
    "properties": {
        "from": {"enum": ["file", "environment", "default"]},
        "line": _LINE,
        "column": _LINE,
        "variable": {"type": ["string", "null"]},
    },
}
MISTAKE: Final[JsonObject] = {
    "type": "object",
    "required": ["where", "detail", "line", "column"],
    "properties": {
        "where": {"type": "string", "description": "The key, such as `cameras[0].fps`."},
        "detail": {"type": "string"},
        "line": _LINE,
        "column": _LINE,
    },
}
CONFIG: Final[JsonObject] = {
    "type": "object",
    "required": [
        "values", "origins", "path", "text", "version", "managed", "restart_needed", "mistakes",
    ],
    "properties": {
        "values": {
            "type": "object",
            "description": "What the engine goes by now, section by section; secrets are `***`.",
        },
        "origins": {
            "type": "object",
            "additionalProperties": reference("ConfigOrigin"),
            "description": "Where each value in the file's present state comes from.",
        },
        "path": {"type": ["string", "null"], "description": "Null without a file."},
        "text": {
            "type": ["string", "null"],
            "description": "The file, its secrets masked; null where they cannot be told apart.",
        },
        "version": {"type": ["string", "null"], "description": "What `If-Match` takes."},
        "managed": {"type": "boolean", "description": "Whether Home Assistant writes the file."},
        "restart_needed": _RESTART,
        "mistakes": {
            "type": "array",
            "items": reference("ConfigMistake"),
            "description": "Those of the file as it is now; the engine goes by the one before.",
        },
    },
}  # fmt: skip
CHANGE: Final[JsonObject] = {
    "type": "object",
    "required": ["key", "before", "after", "live"],
    "properties": {
        "key": {"type": "string", "description": "Such as `mqtt.port` or `cameras[drive].fps`."},
        "before": {"description": "Null for a new camera; a secret is `***`."},
        "after": {"description": "Null for a camera that goes; a secret is `***`."},
        "live": {"type": "boolean", "description": "Whether it counts without a restart."},
    },
}
CONFIG_PLAN: Final[JsonObject] = {
    "type": "object",
    "required": ["written", "changes", "text_difference", "restart_needed", "version"],
    "properties": {
        "written": {"type": "boolean"},
        "changes": {"type": "array", "items": reference("ConfigChange")},
        "text_difference": {
            "type": "string",
            "description": "The lines that differ, as a unified diff, secrets masked.",
        },
        "restart_needed": _RESTART,
        "version": {"type": "string", "description": "Of the new text."},
    },
}

SCHEMAS: Final[Mapping[str, JsonObject]] = {
    "ConfigText": CONFIG_TEXT,
    "ConfigOrigin": ORIGIN,
    "ConfigMistake": MISTAKE,
    "Config": CONFIG,
    "ConfigChange": CHANGE,
    "ConfigPlan": CONFIG_PLAN,
}
