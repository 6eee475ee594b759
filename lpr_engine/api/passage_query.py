"""What a search for passages may ask for in its query, and the filter that it means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from lpr_engine.api.problem import Fault, RequestError
from lpr_engine.api.route import Parameter
from lpr_engine.model.contract import parse_time
from lpr_engine.model.errors import SearchError, SearchTooLongError
from lpr_engine.model.passage import Direction, Stage
from lpr_engine.model.search import Order, PassageFilter, TextKind, TextQuery

_NAME = {"type": "string", "minLength": 1, "maxLength": 200}
_CAMERA = {"type": "string", "pattern": "^[a-z0-9_]{1,64}$"}
_TIME = {"type": "string", "format": "date-time"}


def _one_of(kind: Any) -> dict[str, Any]:
    return {"type": "string", "enum": [member.value for member in kind]}


ORDER: Final = Parameter(
    "order",
    {**_one_of(Order), "default": "newest"},
    "`best` is the nearest text first, then the surest passage.",
)
SINCE: Final = Parameter(
    "since", _TIME, "First seen then or later.", example="2026-05-01T00:00:00Z"
)
UNTIL: Final = Parameter("until", _TIME, "First seen before.")
CAMERA: Final = Parameter("camera", _CAMERA, "Of this camera.", example="gate")

FILTERS: Final = (
    Parameter(
        "text",
        {"type": "string", "minLength": 1, "maxLength": 100},
        "A plate's text; small letters and separators do not matter.",
        example="AB12CDE",
    ),
    Parameter(
        "match",
        {**_one_of(TextKind), "default": "exact"},
        "How the text is meant: as it is, as a start, with `*` and `?`, as a regular expression"
        " that fits some part, or as whatever looks like it.",
    ),
    Parameter(
        "alternatives",
        {"type": "boolean", "default": True},
        "Whether a passage is also found by other texts that its readings held possible.",
    ),
    Parameter(
        "distance",
        {"type": "number", "minimum": 0, "maximum": 3},
        "How far a `fuzzy` text may be: 0.2 for a lookalike such as 0 and O, 1 for any other"
        " character. By default as far as the text's length allows.",
    ),
    Parameter(
        "camera",
        {"type": "array", "items": _CAMERA, "minItems": 1, "maxItems": 64},
        "Of this camera, or of one of several.",
        example=["gate"],
    ),
    Parameter("zone", _NAME, "In this zone."),
    Parameter("direction", _one_of(Direction), "In this direction."),
    Parameter("list", _NAME, "Of a plate on this list."),
    Parameter("vehicle", _NAME, "Of this vehicle, by its id."),
    Parameter("known", {"type": "boolean"}, "Of any vehicle, or of none."),
    Parameter("tag", _NAME, "With this tag."),
    Parameter("stage", _one_of(Stage), "In this stage."),
    Parameter(
        "min_confidence", {"type": "number", "minimum": 0, "maximum": 1}, "At least as sure."
    ),
    SINCE,
    UNTIL,
)


def read_filter(query: Mapping[str, Any]) -> PassageFilter:
    """The filter that a query means."""
    direction, stage = query.get("direction"), query.get("stage")
    return PassageFilter(
        cameras=tuple(sorted(set(query.get("camera", ())))),
        zone=query.get("zone"),
        direction=None if direction is None else Direction(direction),
        list_name=query.get("list"),
        vehicle=query.get("vehicle"),
        known=query.get("known"),
        tag=query.get("tag"),
        stage=None if stage is None else Stage(stage),
        min_confidence=query.get("min_confidence"),
        since=read_moment(query, "since"),
        until=read_moment(query, "until"),
        text=_read_text(query),
    )


def read_moment(query: Mapping[str, Any], name: str) -> datetime | None:
    """A time of the query, None where it is not given."""
    return None if name not in query else parse_time(query[name].upper())


def text_refused(error: SearchError) -> RequestError:
    """What is told of a text that cannot be looked for."""
    faults = () if isinstance(error, SearchTooLongError) else (Fault("query.text", str(error)),)
    return RequestError(str(error), faults, code=error.code)


def _read_text(query: Mapping[str, Any]) -> TextQuery | None:
    if "text" not in query:
        return None
    return TextQuery(
        query["text"], TextKind(query["match"]), query["alternatives"], query.get("distance")
    )
