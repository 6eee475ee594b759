"""Local hours and days on the days when clocks are changed."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpr_engine.store.local_time import local_days, local_hours, midnight

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    BERLIN,
    ZoneInfo("America/St_Johns"),
    ZoneInfo("Asia/Kathmandu"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("America/Santiago"),
    ZoneInfo("Africa/Cairo"),
    ZoneInfo("Pacific/Apia"),
    timezone.utc,
    None,
]
HOUR = timedelta(hours=1)


def day_of(zone: tzinfo, year: int, month: int, day: int) -> tuple[datetime, datetime]:
    start = datetime(year, month, day, tzinfo=zone)
    return start, midnight(start + timedelta(days=1), zone)


def labels(zone: tzinfo, year: int, month: int, day: int) -> list[str]:
    hours = local_hours(*day_of(zone, year, month, day), zone)
    return [f"{start:%H:%M%z}" for start, _ in hours]


def test_hour_that_spring_skips_is_missing() -> None:
    found = labels(BERLIN, 2026, 3, 29)

    assert len(found) == 23
    assert found[1:3] == ["01:00+0100", "03:00+0200"]


def test_hour_that_autumn_repeats_comes_twice() -> None:
    found = labels(BERLIN, 2026, 10, 25)

    assert len(found) == 25
    assert found[2:5] == ["02:00+0200", "02:00+0100", "03:00+0100"]


def test_clocks_that_move_by_half_an_hour() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")

    assert labels(lord_howe, 2026, 10, 4)[1:4] == ["01:00+1030", "02:30+1100", "03:00+1100"]
    autumn = labels(lord_howe, 2026, 4, 5)
    assert autumn[1:4] == ["01:00+1100", "01:30+1030", "02:00+1030"]


def test_offsets_of_less_than_an_hour_are_kept_to() -> None:
    since = datetime(2026, 5, 1, 0, 20, tzinfo=timezone.utc)

    found = [f"{start:%H:%M}" for start, _ in local_hours(since, since + 3 * HOUR, ZONES[2])]

    assert found == ["06:05", "07:00", "08:00", "09:00"]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (BERLIN, (2026, 3, 29), 23),
        (BERLIN, (2026, 10, 25), 25),
        (BERLIN, (2026, 5, 1), 24),
        (ZoneInfo("America/Santiago"), (2026, 9, 6), 23),
        (ZoneInfo("America/Santiago"), (2026, 4, 4), 25),
        (ZoneInfo("Australia/Lord_Howe"), (2026, 10, 4), 23.5),
    ],
)
def test_days_last_as_long_as_clocks_make_them(
    zone: tzinfo, day: tuple[int, int, int], hours: float
) -> None:
    noon = datetime(*day, 12, tzinfo=zone).astimezone(timezone.utc)

    days = [
        (start, end)
        for start, end in local_days(noon - timedelta(days=3), noon + timedelta(days=3), zone)
        if start <= noon < end
    ]

    [(start, end)] = days
    assert start.date() == noon.astimezone(zone).date()
    assert end.timestamp() - start.timestamp() == hours * 3600


def test_day_that_begins_at_one_o_clock() -> None:
    skipped = midnight(datetime(2026, 9, 6, 12, tzinfo=ZONES[4]), ZONES[4])

    assert f"{skipped:%d %H:%M%z}" == "06 01:00-0300"


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1), timezones=st.just(timezone.utc))


@settings(deadline=None, max_examples=60)
@given(since=MOMENTS, hours=st.integers(1, 900), zone=st.sampled_from(ZONES))
def test_steps_cover_a_span_without_gap_or_overlap(
    since: datetime, hours: int, zone: tzinfo | None
) -> None:
    until = since + hours * HOUR
    for divide, longest in ((local_hours, HOUR), (local_days, 26 * HOUR)):
        steps = [
            (start.astimezone(timezone.utc), end.astimezone(timezone.utc))
            for start, end in divide(since, until, zone)
        ]
        assert (steps[0][0], steps[-1][1]) == (since, until)
        assert all(before[1] == after[0] for before, after in pairwise(steps))
        assert all(timedelta() < end - start <= longest for start, end in steps)
