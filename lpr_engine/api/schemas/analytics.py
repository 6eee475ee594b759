"""What passages add up to, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lpr_engine.api.route import reference
from lpr_engine.model.contract import JsonObject

_COUNT: Final[JsonObject] = {"type": "integer", "minimum": 0}
_TIME: Final[JsonObject] = {"type": "string", "format": "date-time"}
_SECONDS: Final[JsonObject] = {
    "type": ["number", "null"],
    "description": "Seconds; null without visits.",
}


def _object(properties: JsonObject) -> JsonObject:
    return {"type": "object", "required": list(properties), "properties": properties}


def _counted(name: str) -> JsonObject:
    items: JsonObject = {"type": "array", "items": reference(name)}
    return _object({"since": _TIME, "until": _TIME, "items": items})


SCHEMAS: Final[Mapping[str, JsonObject]] = {
    "TimeCount": _object(
        {
            "start": _TIME,
            "end": _TIME,
            "local": {
                **_TIME,
                "description": "The start by the clock that was asked for, with its offset.",
            },
            "passages": _COUNT,
        }
    ),
    "PartCount": _object(
        {
            "part": {**_COUNT, "description": "A weekday from 0 (Monday), or an hour of the day."},
            "passages": _COUNT,
        }
    ),
    "NamedCount": _object(
        {
            "name": {"type": ["string", "null"], "description": "Null for plates on no list."},
            "passages": _COUNT,
        }
    ),
    "PlateCount": _object(
        {
            "text": {"type": "string"},
            "passages": _COUNT,
            "first_seen": _TIME,
            "last_seen": {**_TIME, "description": "When its last passage of the span began."},
        }
    ),
    "TimeCounts": _counted("TimeCount"),
    "PartCounts": _counted("PartCount"),
    "NamedCounts": _counted("NamedCount"),
    "PlateCounts": _counted("PlateCount"),
    "Vehicles": _object(
        {
            "since": _TIME,
            "until": _TIME,
            "unique": {**_COUNT, "description": "Different plates."},
            "first_time": {**_COUNT, "description": "Those of which no older passage is kept."},
        }
    ),
    "Visits": _object(
        {
            "since": _TIME,
            "until": _TIME,
            "visits": {**_COUNT, "description": "A plate's passage out, that follows one in."},
            "mean_s": _SECONDS,
            "shortest_s": _SECONDS,
            "median_s": _SECONDS,
            "nine_of_ten_s": {**_SECONDS, "description": "Nine of ten visits took no longer."},
            "longest_s": _SECONDS,
        }
    ),
}
