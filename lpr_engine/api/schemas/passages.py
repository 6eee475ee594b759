"""A passage as the contract's JSON object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lpr_engine.api.route import reference
from lpr_engine.model.contract import CONTRACT_VERSION, JsonObject

_SHARE: Final[JsonObject] = {"type": "number", "minimum": 0, "maximum": 1}
_TIME: Final[JsonObject] = {"type": "string", "format": "date-time"}
_TEXT: Final[JsonObject] = {"type": "string"}
_TEXT_OR_NULL: Final[JsonObject] = {"type": ["string", "null"]}
_COUNT: Final[JsonObject] = {"type": "integer", "minimum": 0}

VERDICT: Final[JsonObject] = {
    "type": "object",
    "required": ["list", "vehicle", "open", "reasons"],
    "properties": {
        "list": {**_TEXT_OR_NULL, "description": "Null for an unknown plate."},
        "vehicle": _TEXT_OR_NULL,
        "open": {"type": "boolean"},
        "reasons": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["check", "passed", "detail"],
                "properties": {"check": _TEXT, "passed": {"type": "boolean"}, "detail": _TEXT},
            },
        },
    },
}

PASSAGE_PROPERTIES: Final[JsonObject] = {
    "contract": {"const": CONTRACT_VERSION},
    "id": {"type": "string", "format": "uuid"},
    "sequence": {**_COUNT, "description": "Rises with each revision that the engine keeps."},
    "revision": {"type": "integer", "minimum": 1},
    "stage": {"enum": ["preview", "final"]},
    "late": {"type": "boolean"},
    "redelivered": {"type": "boolean"},
    "engine": _TEXT,
    "camera": _TEXT,
    "text": _TEXT,
    "display": _TEXT_OR_NULL,
    "confidence": _SHARE,
    "characters": {
        "type": "array",
        "items": {"type": "array", "prefixItems": [_TEXT, _SHARE], "minItems": 2, "maxItems": 2},
    },
    "alternatives": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["text", "confidence"],
            "properties": {"text": _TEXT, "confidence": _SHARE},
        },
    },
    "region": _TEXT_OR_NULL,
    "first_seen": _TIME,
    "last_seen": _TIME,
    "readings": _COUNT,
    "direction": {"enum": ["in", "out", "unknown"]},
    "zone": _TEXT_OR_NULL,
    "box": {"type": "array", "items": _SHARE, "minItems": 4, "maxItems": 4},
    "verdict": reference("Verdict"),
    "corrected_by": _TEXT_OR_NULL,
    "crop": _TEXT_OR_NULL,
    "frame": _TEXT_OR_NULL,
}

PASSAGE: Final[JsonObject] = {
    "type": "object",
    "required": list(PASSAGE_PROPERTIES),
    "properties": PASSAGE_PROPERTIES,
}

MATCH: Final[JsonObject] = {
    "type": "object",
    "required": ["text", "distance", "alternative"],
    "properties": {
        "text": {
            **_TEXT,
            "description": "The passage's text that is nearest to the one asked for.",
        },
        "distance": {"type": "number", "minimum": 0, "description": "0 for all but fuzzy."},
        "alternative": {"type": "boolean", "description": "Whether that is an alternative."},
    },
}

FOUND: Final[JsonObject] = {
    "type": "object",
    "required": list(PASSAGE_PROPERTIES),
    "properties": {
        **PASSAGE_PROPERTIES,
        "match": {**reference("Match"), "description": "Only where a text was asked for."},
    },
}

VOTE: Final[JsonObject] = {
    "type": "object",
    "required": ["taken_at", "text", "confidence", "quality", "box"],
    "properties": {
        "taken_at": _TIME,
        "text": _TEXT,
        "confidence": _SHARE,
        "quality": {**_SHARE, "description": "How readable the crop looked before it was read."},
        "box": PASSAGE_PROPERTIES["box"],
    },
}

DETAIL: Final[JsonObject] = {
    "type": "object",
    "required": [*PASSAGE_PROPERTIES, "votes"],
    "properties": {
        **PASSAGE_PROPERTIES,
        "votes": {
            "type": "array",
            "items": reference("Vote"),
            "description": "The readings that voted, oldest first.",
        },
    },
}

SCHEMAS: Final[Mapping[str, JsonObject]] = {
    "Passage": PASSAGE,
    "Verdict": VERDICT,
    "Match": MATCH,
    "FoundPassage": FOUND,
    "Vote": VOTE,
    "PassageDetail": DETAIL,
}
