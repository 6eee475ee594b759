"""The plates a user knows and the lists they stand on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum
from types import MappingProxyType
from typing import Final


class ListMeaning(Enum):
    """What standing on a list means for a passage."""

    ALLOW = "allow"
    WATCH = "watch"
    BLOCK = "block"
    IGNORE = "ignore"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class PlateList:
    """A named set of vehicles with a meaning."""

    name: str
    meaning: ListMeaning


STANDARD_LISTS: Final = MappingProxyType(
    {meaning.value: meaning for meaning in ListMeaning if meaning is not ListMeaning.CUSTOM}
)
"""Lists that every store has and whose meaning stays, by name."""


@dataclass(frozen=True, slots=True)
class ValidityWindow:
    """When a vehicle's lists count; None leaves that side open.

    `weekdays` are 0 (Monday) to 6; the daily hours are local time of the engine and may wrap
    over midnight.
    """

    valid_from: datetime | None = None
    valid_until: datetime | None = None
    weekdays: frozenset[int] | None = None
    from_time: time | None = None
    until_time: time | None = None

    @property
    def ends_before_it_begins(self) -> bool:
        """Whether no moment can lie between `valid_from` and `valid_until`."""
        begin, end = self.valid_from, self.valid_until
        return begin is not None and end is not None and end < begin


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A plate the user knows; `cameras` None means that its lists count at every camera.

    `text` is normalized, as a passage's is; `display` is how it stands on the plate.
    """

    id: str
    text: str
    label: str
    lists: frozenset[str]
    owner: str | None = None
    window: ValidityWindow = ValidityWindow()
    cameras: frozenset[str] | None = None
    note: str = ""
    display: str | None = None
