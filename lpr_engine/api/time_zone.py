"""The clocks that a question about hours and days goes by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timezone, tzinfo
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from lpr_engine.api.problem import Fault, RequestError
from lpr_engine.api.route import Parameter

_NAME: Final = "timezone"
_UTC: Final = "UTC"
# What a system's folder of zones holds besides places: this machine's own, and one for none.
_NO_PLACES: Final = frozenset({"localtime", "Factory"})

TIMEZONE: Final = Parameter(
    _NAME,
    {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$"},
    "Whose hours and days are meant, by its name in the IANA database; the engine's machine's"
    " unless said.",
    example="Europe/Berlin",
)


def read_zone(query: Mapping[str, Any]) -> tzinfo | None:
    """The zone that a query names, None for the machine's; the first look takes a while.

    Raises:
        RequestError: this machine knows no such zone.
    """
    name = query.get(_NAME)
    if name is None:
        return None
    if name == _UTC:
        return timezone.utc
    if name not in _known():
        raise RequestError(
            "The query is not as this route takes it.",
            [Fault(f"query.{_NAME}", "the name of a time zone was expected, as Europe/Berlin")],
        )
    return ZoneInfo(name)


@cache
def _known() -> frozenset[str]:
    """Names that lead to a zone: a path that is only looked up may lead to a folder."""
    return frozenset(available_timezones()) - _NO_PLACES
