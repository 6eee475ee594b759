"""What people say of passages, as the door takes and answers it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lpr_engine.api.route import reference
from lpr_engine.api.schemas.passages import PASSAGE_PROPERTIES
from lpr_engine.api.vehicle_fields import MOST_NOTE, MOST_TYPED
from lpr_engine.model.contract import JsonObject

_TEXT: Final[JsonObject] = {"type": "string"}
_TEXT_OR_NULL: Final[JsonObject] = {"type": ["string", "null"]}
_TIME: Final[JsonObject] = {"type": "string", "format": "date-time"}
_REVISION: Final[JsonObject] = {"type": "integer", "minimum": 1}

_READ_FIELDS: Final = ("text", "display", "confidence", "characters", "alternatives")
READ: Final[JsonObject] = {
    "type": "object",
    "description": "As the engine read it.",
    "required": list(_READ_FIELDS),
    "properties": {name: PASSAGE_PROPERTIES[name] for name in _READ_FIELDS},
}
_NOTE: Final[JsonObject] = {
    "type": ["object", "null"],
    "required": ["text", "noted_by", "noted_at"],
    "properties": {"text": _TEXT, "noted_by": _TEXT, "noted_at": _TIME},
}
_CORRECTED: Final[JsonObject] = {
    "type": ["object", "null"],
    "description": "Null while the passage is as it was read.",
    "required": ["corrected_by", "corrected_at", "read"],
    "properties": {"corrected_by": _TEXT_OR_NULL, "corrected_at": _TIME, "read": reference("Read")},
}
REMARKS: Final[JsonObject] = {
    "type": "object",
    "required": ["tags", "note", "corrected"],
    "properties": {
        "tags": {"type": "array", "items": _TEXT},
        "note": _NOTE,
        "corrected": _CORRECTED,
    },
}
CORRECTION_INPUT: Final[JsonObject] = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {
        "text": {
            "type": "string",
            "minLength": 1,
            "maxLength": MOST_TYPED,
            "description": "What the plate spells; case and separators do not matter.",
        },
        "display": {
            "type": ["string", "null"],
            "maxLength": MOST_TYPED,
            "description": "As on the plate, where that differs.",
        },
        "revision": {
            **_REVISION,
            "description": "The revision that you saw; any other is refused with 412.",
        },
    },
}
NOTE_INPUT: Final[JsonObject] = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": False,
    "properties": {"text": {"type": "string", "maxLength": MOST_NOTE}},
}
TAG: Final[JsonObject] = {
    "type": "object",
    "required": ["name", "passages"],
    "properties": {"name": _TEXT, "passages": {"type": "integer", "minimum": 1}},
}
_OF_PASSAGE: Final = (
    "id", "revision", "camera", "last_seen", "text", "display", "region", "crop", "corrected_by",
)  # fmt: skip
CORRECTION: Final[JsonObject] = {
    "type": "object",
    "required": [*_OF_PASSAGE, "corrected_at", "read"],
    "properties": {
        **{name: PASSAGE_PROPERTIES[name] for name in _OF_PASSAGE},
        "corrected_at": _TIME,
        "read": reference("Read"),
    },
}

SCHEMAS: Final[Mapping[str, JsonObject]] = {
    "Read": READ,
    "Remarks": REMARKS,
    "CorrectionInput": CORRECTION_INPUT,
    "NoteInput": NOTE_INPUT,
    "Tag": TAG,
    "Correction": CORRECTION,
}
