"""When scheduled backups are due, by the local clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

from lpr_engine.config.sections import BackupSection

_DAY = timedelta(days=1)
_SUNDAY = 6
_A_WRONG_CLOCK = timedelta(days=1)
"""A backup from further in the future was made while the clock was wrong: it counts for nothing."""


def is_due(
    section: BackupSection, last: datetime | None, now: datetime, zone: tzinfo | None = None
) -> bool:
    """Whether a backup is to be made now, the last scheduled one being of `last`.

    One that was missed is due at once, and so is the very first.
    """
    if section.every == "never":
        return False
    if last is None or last > now + _A_WRONG_CLOCK:
        return True
    # What the clock on the wall showed: an hour that was skipped or comes twice makes no other.
    return _wall(last, zone) < _last_wall(section, _wall(now, zone))


def next_due(section: BackupSection, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """When the next one is due after now; None without a schedule."""
    if section.every == "never":
        return None
    wall = _last_wall(section, _wall(now, zone))
    day = wall.date() + _DAY
    while not _is_day(section.every, day):
        day += _DAY
    return _moment(datetime.combine(day, wall.time()), zone)


def _last_wall(section: BackupSection, wall: datetime) -> datetime:
    at = time.fromisoformat(section.at)
    day = wall.date() if wall.time() >= at else wall.date() - _DAY
    while not _is_day(section.every, day):
        day -= _DAY
    return datetime.combine(day, at)


def _is_day(every: str, day: date) -> bool:
    if every == "week":
        return day.weekday() == _SUNDAY
    return every != "month" or day.day == 1


def _wall(now: datetime, zone: tzinfo | None) -> datetime:
    return now.astimezone(zone).replace(tzinfo=None)


def _moment(wall: datetime, zone: tzinfo | None) -> datetime:
    return wall.astimezone() if zone is None else wall.replace(tzinfo=zone)
