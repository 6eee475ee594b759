"""Windows: days, hours over midnight, dates, cameras."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.model.vehicle import ValidityWindow
from lpr_engine.plates.validity import is_within, validity_reasons

CEST = timezone(timedelta(hours=2))
BERLIN = ZoneInfo("Europe/Berlin")
"""In 2026 without 29 March, 2 to 3 o'clock, and with 25 October, 2 to 3 o'clock, twice."""


def checks(yard, moment, camera="gate", cameras=None, zone=CEST, **window):
    vehicle = yard.vehicle("LS15EBC", window=ValidityWindow(**window), cameras=cameras)
    return {
        reason.check: reason.passed for reason in validity_reasons(vehicle, camera, moment, zone)
    }


def local(day, hour, minute=0):
    """May 2026: the 1st is a Friday."""
    return datetime(2026, 5, day, hour, minute, tzinfo=CEST).astimezone(timezone.utc)


def test_no_restriction_no_check(yard):
    assert checks(yard, yard.noon) == {}


@pytest.mark.parametrize(
    ("hour", "minute", "passed"),
    [(21, 59, False), (22, 0, True), (23, 59, True), (0, 0, True), (5, 59, True), (6, 0, False)],
)
def test_hours_over_midnight_are_local(yard, hour, minute, passed):
    found = checks(yard, local(1, hour, minute), from_time=time(22), until_time=time(6))
    assert found == {"hours": passed}


@pytest.mark.parametrize(
    ("window", "hour", "passed"),
    [
        ({"from_time": time(8)}, 7, False),
        ({"from_time": time(8)}, 23, True),
        ({"until_time": time(8)}, 7, True),
        ({"until_time": time(8)}, 8, False),
        ({"from_time": time(8), "until_time": time(8)}, 3, True),
        ({"from_time": time(8), "until_time": time(17)}, 17, False),
    ],
)
def test_hours_open_on_one_side(yard, window, hour, passed):
    assert checks(yard, local(1, hour), **window) == {"hours": passed}


@pytest.mark.parametrize(
    ("day", "hour", "passed"),
    [(1, 23, True), (2, 3, True), (2, 23, False), (1, 3, False)],
)
def test_a_night_belongs_to_the_day_it_began(yard, day, hour, passed):
    found = checks(
        yard,
        local(day, hour),
        weekdays=frozenset({4}),
        from_time=time(22),
        until_time=time(6),
    )
    assert found == {"weekday": passed, "hours": True}


def test_weekday_is_local(yard):
    just_saturday = datetime(2026, 5, 1, 22, 30, tzinfo=timezone.utc)
    assert checks(yard, just_saturday, weekdays=frozenset({5})) == {"weekday": True}


def test_no_weekday_is_never(yard):
    assert checks(yard, yard.noon, weekdays=frozenset()) == {"weekday": False}


@pytest.mark.parametrize(
    ("days", "since", "until"), [(-1, False, True), (0, True, True), (2, True, False)]
)
def test_dates(yard, days, since, until):
    found = checks(
        yard,
        yard.noon + timedelta(days=days),
        valid_from=yard.noon,
        valid_until=yard.noon + timedelta(days=1),
    )
    assert found == {"valid_from": since, "valid_until": until}


@pytest.mark.parametrize(
    ("cameras", "passed"), [({"gate"}, True), ({"yard"}, False), (set(), False)]
)
def test_cameras(yard, cameras, passed):
    assert checks(yard, yard.noon, cameras=frozenset(cameras)) == {"camera": passed}


@given(st.times(), st.times(), st.times())
def test_every_moment_is_in_the_hours_or_in_the_rest(start, end, moment):
    if start != end:
        assert is_within(start, end, moment) != is_within(end, start, moment)


@pytest.mark.parametrize(
    ("utc", "passed"),
    [
        ("2026-03-28T20:59Z", False),
        ("2026-03-28T21:00Z", True),
        ("2026-03-29T00:59Z", True),
        ("2026-03-29T01:00Z", True),
        ("2026-03-29T03:59Z", True),
        ("2026-03-29T04:00Z", False),
        ("2026-10-24T19:59Z", False),
        ("2026-10-24T20:00Z", True),
        ("2026-10-25T00:30Z", True),
        ("2026-10-25T01:30Z", True),
        ("2026-10-25T04:59Z", True),
        ("2026-10-25T05:00Z", False),
    ],
)
def test_a_night_in_which_clocks_change_goes_by_the_clock(yard, utc, passed):
    moment = datetime.fromisoformat(utc.replace("Z", "+00:00"))
    window = {"weekdays": frozenset({5}), "from_time": time(22), "until_time": time(6)}
    found = checks(yard, moment, zone=BERLIN, **window)
    assert all(found.values()) is passed


def test_an_hour_that_comes_twice_counts_twice_and_one_left_out_never(yard):
    hour = {"from_time": time(2), "until_time": time(3)}
    start = datetime(2026, 1, 1, tzinfo=timezone.utc)
    quarters = [start + timedelta(minutes=15 * step) for step in range(365 * 24 * 4)]
    days = [
        moment.astimezone(BERLIN).date()
        for moment in quarters
        if checks(yard, moment, zone=BERLIN, **hour)["hours"]
    ]
    assert {day: days.count(day) for day in days if days.count(day) != 4} == {
        datetime(2026, 10, 25).date(): 8
    }
    assert datetime(2026, 3, 29).date() not in days


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(timezone.utc)),
    st.times(),
    st.times(),
)
def test_every_moment_belongs_to_one_night_or_to_none(yard, moment, start, end):
    """Seven nights cover what one night each evening covers, and no moment is in two of them."""
    window = {"from_time": start, "until_time": end, "zone": BERLIN}
    daily = checks(yard, moment, **window)["hours"]
    counted = [
        all(checks(yard, moment, weekdays=frozenset({day}), **window).values()) for day in range(7)
    ]
    assert counted.count(True) == daily
