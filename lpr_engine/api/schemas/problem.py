"""How every error looks."""

from __future__ import annotations

from typing import Final

from lpr_engine.model.contract import JsonObject

PROBLEM: Final[JsonObject] = {
    "type": "object",
    "description": "An error (RFC 9457); `code` is stable, the texts are for people.",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "Always `about:blank`; `code` tells the kind."},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "pattern": "^[a-z0-9_]+$"},
        "detail": {"type": "string"},
        "request_id": {"type": "string", "description": "Found again in the engine's log."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "detail"],
                "properties": {
                    "where": {"type": "string", "description": "As `query.limit`, `body.name`."},
                    "detail": {"type": "string"},
                    "line": {"type": "integer", "minimum": 1, "description": "In a sent text."},
                    "column": {"type": "integer", "minimum": 1},
                },
            },
        },
    },
}
