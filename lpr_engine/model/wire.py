"""JSON as it goes over a wire."""

from __future__ import annotations

import json
import math
from typing import Any


def encode(data: object) -> bytes:
    """JSON as it goes over the wire: compact UTF-8, without what JSON cannot say.

    A number that is none becomes null and half a character a question mark: a row that could
    not be written would stand in the way of all rows behind it.
    """
    try:
        text = _dumps(data)
    except ValueError:
        text = _dumps(_without_nan(data))
    return text.encode("utf-8", "replace")


def _dumps(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _without_nan(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _without_nan(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_without_nan(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data
