"""Whether a vehicle's lists count at a camera and a moment."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from lpr_engine.model.passage import Reason
from lpr_engine.model.vehicle import ValidityWindow, Vehicle

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def validity_reasons(
    vehicle: Vehicle, camera: str, moment: datetime, zone: tzinfo | None
) -> list[Reason]:
    """One reason for each restriction the vehicle has; all passed means that it counts.

    `moment` is aware; `zone` is the engine's local time zone, None for the host's.
    """
    window = vehicle.window
    reasons = []
    if vehicle.cameras is not None:
        allowed = ", ".join(sorted(vehicle.cameras)) or "none"
        reasons.append(
            Reason("camera", camera in vehicle.cameras, f"seen at {camera}, counts at {allowed}")
        )
    if window.valid_from is not None:
        since = f"counts since {window.valid_from.isoformat()}"
        reasons.append(Reason("valid_from", moment >= window.valid_from, since))
    if window.valid_until is not None:
        until = f"counts until {window.valid_until.isoformat()}"
        reasons.append(Reason("valid_until", moment <= window.valid_until, until))
    return reasons + _weekly_reasons(window, moment.astimezone(zone))


def _weekly_reasons(window: ValidityWindow, local: datetime) -> list[Reason]:
    reasons = []
    if window.weekdays is not None:
        weekday = _night_began(window, local).weekday()
        named = ", ".join(_DAYS[day] for day in sorted(window.weekdays)) or "no day"
        passed = weekday in window.weekdays
        reasons.append(Reason("weekday", passed, f"it is {_DAYS[weekday]}, counts on {named}"))
    if window.from_time is not None or window.until_time is not None:
        start, end = window.from_time or time.min, window.until_time or time.min
        hours = f"it is {local:%H:%M}, counts from {start:%H:%M} to {end:%H:%M}"
        reasons.append(Reason("hours", is_within(start, end, local.time()), hours))
    return reasons


def is_within(start: time, end: time, moment: time) -> bool:
    """Whether a time of day is in hours that begin at `start` and stop before `end`.

    Hours that end no later than they begin go over midnight; equal ones last all day.
    """
    if start < end:
        return start <= moment < end
    return moment >= start or moment < end


def _night_began(window: ValidityWindow, local: datetime) -> datetime:
    """The day to which the hours belong: after midnight, a night still is yesterday's."""
    start, end = window.from_time, window.until_time
    wraps = start is not None and end is not None and start > end
    if wraps and end is not None and local.time() < end:
        return local - timedelta(days=1)
    return local
