"""Where a page of a list ended, as the cursor that leads on from there."""

from __future__ import annotations

import base64
import json

from lpr_engine.model.errors import CursorError

_NOT_OURS = "not a cursor that a page handed out"


def cursor_of(*place: str) -> str:
    """The cursor for the page behind a place."""
    written = json.dumps(place, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def place_of(cursor: str, parts: int) -> tuple[str, ...]:
    """The place that `cursor_of` was given.

    Raises:
        CursorError: the cursor is not one of ours.
    """
    try:
        written = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        place = json.loads(written.decode())
        ours = cursor_of(*place) == cursor
    except (ValueError, TypeError, RecursionError) as err:
        raise CursorError(_NOT_OURS) from err
    if not (ours and len(place) == parts and all(isinstance(part, str) for part in place)):
        raise CursorError(_NOT_OURS)
    return tuple(place)
