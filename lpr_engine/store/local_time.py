"""Local hours and days as stretches of real time, whatever the clocks did in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta, timezone, tzinfo

_HOUR = timedelta(hours=1)


def local_hours(
    since: datetime, until: datetime, zone: tzinfo | None
) -> Iterator[tuple[datetime, datetime]]:
    """Start and end of each local hour, the first and last as far as they lie in between.

    `zone` None is the host's. The hour that autumn repeats comes twice, that of spring is missing;
    where clocks move by half an hour, one stretch is as short.
    """
    start, until = since.astimezone(timezone.utc), until.astimezone(timezone.utc)
    while start < until:
        local = start.astimezone(zone)
        passed = timedelta(
            minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )
        end = min(start + _HOUR - passed, until)
        yield local, end.astimezone(zone)
        start = end


def local_days(
    since: datetime, until: datetime, zone: tzinfo | None
) -> Iterator[tuple[datetime, datetime]]:
    """Start and end of each local day, the first and last as far as they lie in between."""
    # Times of the same zone are compared by their clocks, which autumn sets back: so in UTC.
    start, until = since.astimezone(timezone.utc), until.astimezone(timezone.utc)
    while start < until:
        local = start.astimezone(zone)
        end = min(midnight(local + timedelta(days=1), zone).astimezone(timezone.utc), until)
        yield local, end.astimezone(zone)
        start = end


def midnight(moment: datetime, zone: tzinfo | None) -> datetime:
    """When the local day of a local time begins; where midnight is skipped, right after it."""
    naive = datetime.combine(moment.date(), time.min)
    # Aware only by its zone, a time that does not exist would be shown instead of the real one.
    aware = naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
    return aware.astimezone(timezone.utc).astimezone(zone)
