"""Vehicles, lists, verdicts asked for, and tables, as the door takes and answers them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lpr_engine.api.route import reference
from lpr_engine.api.vehicle_fields import (
    CAMERA,
    HOUR,
    MOST_LABEL,
    MOST_NOTE,
    MOST_TYPED,
    NAME,
    WEEKDAYS,
)
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.vehicle import ListMeaning

_COUNT: Final[JsonObject] = {"type": "integer", "minimum": 0}
_REVISION: Final[JsonObject] = {"type": "integer", "minimum": 1}
_TIME: Final[JsonObject] = {"type": "string", "format": "date-time"}
_TIME_OR_NULL: Final[JsonObject] = {"type": ["string", "null"], "format": "date-time"}
_HOUR_OR_NULL: Final[JsonObject] = {"type": ["string", "null"], "pattern": HOUR}
_PLATE: Final[JsonObject] = {"type": "string", "minLength": 1, "maxLength": MOST_TYPED}


def _text(most: int, description: str) -> JsonObject:
    return {"type": ["string", "null"], "maxLength": most, "description": description}


WINDOW: Final[JsonObject] = {
    "type": ["object", "null"],
    "description": "When the vehicle's lists count; null leaves that side open.",
    "additionalProperties": False,
    "properties": {
        "valid_from": _TIME_OR_NULL,
        "valid_until": _TIME_OR_NULL,
        "weekdays": {
            "type": ["array", "null"],
            "items": {"enum": list(WEEKDAYS)},
            "uniqueItems": True,
            "description": "A night that goes over midnight belongs to the day it began.",
        },
        "from_time": {**_HOUR_OR_NULL, "description": "Local time of the engine, included."},
        "until_time": {
            **_HOUR_OR_NULL,
            "description": "Excluded; no later than `from_time`, it is meant on the next day.",
        },
    },
}
_WRITABLE: Final[JsonObject] = {
    "text": {**_PLATE, "description": "The plate; case and separators do not matter."},
    "display": _text(MOST_TYPED, "As on the plate; null where it is as in `text`."),
    "label": _text(MOST_LABEL, "What you call it; null names it after its plate."),
    "owner": _text(MOST_LABEL, "Whose it is."),
    "note": _text(MOST_NOTE, "Whatever you like."),
    "lists": {
        "type": ["array", "null"],
        "items": {"type": "string", "pattern": NAME},
        "uniqueItems": True,
        "maxItems": 50,
        "description": "The names of the lists it stands on.",
    },
    "cameras": {
        "type": ["array", "null"],
        "items": {"type": "string", "pattern": CAMERA},
        "uniqueItems": True,
        "maxItems": 100,
        "description": "Where its lists count; null means everywhere.",
    },
    "window": reference("Window"),
}
_EXAMPLE_PLATE: Final = "B-AB 1234"

VEHICLE_INPUT: Final[JsonObject] = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": _WRITABLE,
}
VEHICLE_CHANGE: Final[JsonObject] = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": False,
    "properties": _WRITABLE,
}
VEHICLE: Final[JsonObject] = {
    "type": "object",
    "required": [*_WRITABLE, "id", "revision", "updated_at"],
    "properties": {
        **_WRITABLE,
        "text": {"type": "string", "description": "Letters and digits without separators."},
        "label": {"type": "string"},
        "note": {"type": "string"},
        "lists": {"type": "array", "items": {"type": "string"}},
        "id": {"type": "string"},
        "revision": _REVISION,
        "updated_at": _TIME,
    },
}
_MEANING: Final[JsonObject] = {
    "enum": [meaning.value for meaning in ListMeaning],
    "description": "Of a vehicle's lists the first of block, ignore, allow, watch, custom counts.",
}
LIST_INPUT: Final[JsonObject] = {
    "type": "object",
    "required": ["name", "meaning"],
    "additionalProperties": False,
    "properties": {"name": {"type": "string", "pattern": NAME}, "meaning": _MEANING},
}
LIST_CHANGE: Final[JsonObject] = {
    "type": "object",
    "required": ["meaning"],
    "additionalProperties": False,
    "properties": {"meaning": _MEANING},
}
LIST: Final[JsonObject] = {
    "type": "object",
    "required": ["name", "meaning", "standard", "vehicles", "revision", "updated_at"],
    "properties": {
        "name": {"type": "string"},
        "meaning": _MEANING,
        "standard": {"type": "boolean", "description": "Whether it always stays as it is."},
        "vehicles": {**_COUNT, "description": "How many stand on it."},
        "revision": _REVISION,
        "updated_at": _TIME,
    },
}
_ALTERNATIVES: Final[JsonObject] = {
    "type": "array",
    "maxItems": 5,
    "items": {
        "type": "object",
        "required": ["text", "confidence"],
        "additionalProperties": False,
        "properties": {
            "text": _PLATE,
            "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        },
    },
}
_QUESTION: Final[JsonObject] = {
    "text": _PLATE,
    "camera": {"type": "string", "pattern": CAMERA},
    "at": {**_TIME, "description": "When it is seen, between the years 2000 and 2100; else now."},
    "confidence": {"type": "number", "minimum": 0, "maximum": 1, "default": 1},
    "readings": {
        "type": "integer",
        "minimum": 0,
        "maximum": 1_000_000,
        "description": "How many voted; else as many as are needed.",
    },
    "alternatives": _ALTERNATIVES,
}
QUESTION: Final[JsonObject] = {
    "type": "object",
    "required": ["text", "camera"],
    "additionalProperties": False,
    "properties": _QUESTION,
}
EXPLANATION: Final[JsonObject] = {
    "type": "object",
    "required": ["verdict", "vehicle", "assumed"],
    "properties": {
        "verdict": reference("Verdict"),
        "vehicle": {
            "type": ["object", "null"],
            "required": ["id", "text", "label"],
            "properties": {name: {"type": "string"} for name in ("id", "text", "label")},
        },
        "assumed": {
            "type": "object",
            "description": "The passage that was judged.",
            "required": list(_QUESTION),
            "properties": _QUESTION,
        },
    },
}
_BAD_CELL: Final[JsonObject] = {
    "type": "object",
    "required": ["line", "column", "value", "reason"],
    "properties": {
        "line": {"type": "integer", "minimum": 1, "description": "Of the file."},
        "column": {"type": "string", "description": "Empty where the whole row is at fault."},
        "value": {"type": "string", "description": "What stands there, shortened."},
        "reason": {"type": "string"},
    },
}
_ROW: Final[JsonObject] = {
    "type": "object",
    "required": ["line", "outcome", "id", "text", "fields"],
    "properties": {
        "line": {"type": "integer", "minimum": 1},
        "outcome": {"enum": ["added", "changed"]},
        "id": {"type": ["string", "null"], "description": "Null for one not yet added."},
        "text": {"type": "string"},
        "fields": {
            "type": "array",
            "items": {"type": "string"},
            "description": "What changes of a vehicle that is there.",
        },
    },
}
IMPORT_REPORT: Final[JsonObject] = {
    "type": "object",
    "required": ["written", "rows", "added", "changed", "unchanged", "bad", "ignored_columns",
                 "errors", "changes"],
    "properties": {
        "written": {"type": "boolean", "description": "False for a dry run."},
        "rows": _COUNT,
        "added": _COUNT,
        "changed": _COUNT,
        "unchanged": _COUNT,
        "bad": _COUNT,
        "ignored_columns": {"type": "array", "items": {"type": "string"}},
        "errors": {"type": "array", "items": _BAD_CELL, "description": "The first thousand."},
        "changes": {"type": "array", "items": _ROW, "description": "The first thousand."},
    },
}  # fmt: skip

SCHEMAS: Final[Mapping[str, JsonObject]] = {
    "Window": WINDOW,
    "Vehicle": VEHICLE,
    "VehicleInput": VEHICLE_INPUT,
    "VehicleChange": VEHICLE_CHANGE,
    "List": LIST,
    "ListInput": LIST_INPUT,
    "ListChange": LIST_CHANGE,
    "Question": QUESTION,
    "Explanation": EXPLANATION,
    "ImportReport": IMPORT_REPORT,
}
