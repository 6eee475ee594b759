"""Vehicles and lists as JSON, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any, TypeVar

from lpr_engine.api.problem import Fault, RequestError
from lpr_engine.api.vehicle_fields import (
    MOST_LABEL,
    MOST_NOTE,
    WEEKDAYS,
    hour_text,
    read_beginning,
    read_display,
    read_hour,
    read_moment,
    read_name,
    read_plate,
    read_text,
)
from lpr_engine.model.contract import JsonObject, format_time
from lpr_engine.model.vehicle import STANDARD_LISTS, ValidityWindow, Vehicle
from lpr_engine.model.vehicle_book import KeptList, KeptVehicle

T = TypeVar("T")


def vehicle_to_json(kept: KeptVehicle) -> JsonObject:
    """A vehicle as the door answers it."""
    vehicle = kept.vehicle
    return {
        "id": vehicle.id,
        "text": vehicle.text,
        "display": vehicle.display,
        "label": vehicle.label,
        "owner": vehicle.owner,
        "note": vehicle.note,
        "lists": sorted(vehicle.lists),
        "cameras": None if vehicle.cameras is None else sorted(vehicle.cameras),
        "window": _window_to_json(vehicle.window),
        "revision": kept.revision,
        "updated_at": format_time(kept.updated_at),
    }


def list_to_json(kept: KeptList) -> JsonObject:
    """A list as the door answers it."""
    return {
        "name": kept.plate_list.name,
        "meaning": kept.plate_list.meaning.value,
        "standard": kept.plate_list.name in STANDARD_LISTS,
        "vehicles": kept.vehicles,
        "revision": kept.revision,
        "updated_at": format_time(kept.updated_at),
    }


def vehicle_from_json(data: Mapping[str, Any], vehicle_id: str) -> Vehicle:
    """A vehicle from a body that its schema let through.

    Raises:
        RequestError: a value makes no sense.
    """
    reader = _Reader(data)
    text, display = reader.read("text", read_plate) or ("", None)
    if text and data.get("display"):
        display = reader.read("display", lambda shown: read_display(shown, text))
    owner = reader.read("owner", lambda text: read_text(text, MOST_LABEL))
    label = reader.read("label", lambda text: read_text(text, MOST_LABEL))
    note = reader.read("note", lambda text: read_text(text, MOST_NOTE, lines=True))
    lists = reader.read("lists", lambda names: frozenset(read_name(name) for name in names))
    window = _window_from_json(_Reader(data.get("window") or {}, "body.window.", reader.faults))
    if not text and not reader.faults:
        reader.faults.append(Fault("body.text", "this is missing"))
    if reader.faults:
        raise RequestError("The vehicle is not as it should be.", reader.faults)
    cameras = data.get("cameras")
    return Vehicle(
        id=vehicle_id,
        text=text,
        display=display,
        label=label or display or text,
        owner=owner or None,
        note=note or "",
        lists=lists or frozenset(),
        cameras=None if cameras is None else frozenset(cameras),
        window=window,
    )


def merged(whole: JsonObject, change: Mapping[str, Any]) -> JsonObject:
    """The object after a change by JSON Merge Patch (RFC 7396)."""
    result = dict(whole)
    for key, value in change.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            inner = result.get(key)
            result[key] = merged(inner if isinstance(inner, dict) else {}, value)
        else:
            result[key] = value
    return result


class _Reader:
    """Reads one object's values; what makes no sense becomes a fault with its place."""

    def __init__(
        self, data: Mapping[str, Any], place: str = "body.", faults: list[Fault] | None = None
    ) -> None:
        self._data = data
        self._place = place
        self.faults: list[Fault] = [] if faults is None else faults

    def read(self, key: str, parse: Callable[[Any], T]) -> T | None:
        value = self._data.get(key)
        if value is None:
            return None
        try:
            return parse(value)
        except ValueError as err:
            self.faults.append(Fault(f"{self._place}{key}", str(err)))
            return None


def _window_from_json(reader: _Reader) -> ValidityWindow:
    window = ValidityWindow(
        valid_from=reader.read("valid_from", read_moment),
        valid_until=reader.read("valid_until", read_moment),
        weekdays=reader.read("weekdays", lambda days: frozenset(map(WEEKDAYS.index, days))),
        from_time=reader.read("from_time", read_beginning),
        until_time=reader.read("until_time", read_hour),
    )
    if window.ends_before_it_begins:
        reader.faults.append(Fault("body.window.valid_until", "this is before valid_from"))
    return window


def _window_to_json(window: ValidityWindow) -> JsonObject:
    def moment(value: datetime | None) -> str | None:
        return None if value is None else format_time(value)

    def hour(value: time | None) -> str | None:
        return None if value is None else hour_text(value)

    days = window.weekdays
    return {
        "valid_from": moment(window.valid_from),
        "valid_until": moment(window.valid_until),
        "weekdays": None if days is None else [WEEKDAYS[day] for day in sorted(days)],
        "from_time": hour(window.from_time),
        "until_time": hour(window.until_time),
    }
