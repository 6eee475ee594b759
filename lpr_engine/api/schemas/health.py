"""What the health routes answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lpr_engine.model.contract import JsonObject

_LINES: Final = {"type": "array", "items": {"type": "string"}}

ALIVE: Final[JsonObject] = {
    "type": "object",
    "required": ["status", "version"],
    "properties": {"status": {"const": "ok"}, "version": {"type": "string"}},
}
READINESS: Final[JsonObject] = {
    "type": "object",
    "required": ["ready"],
    "properties": {
        "ready": {"type": "boolean"},
        "problems": {**_LINES, "description": "What keeps passages from being made or kept."},
        "notices": {**_LINES, "description": "What is amiss without doing so."},
    },
}

SCHEMAS: Final[Mapping[str, JsonObject]] = {"Alive": ALIVE, "Readiness": READINESS}
