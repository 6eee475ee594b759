"""Retention's own time: never ahead of the wall clock, never dragged along by a leap."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.store.store import PassageStore
from lpr_engine.store.trusted_time import PLAUSIBLE_FROM, TrustedTime, follow

from .conftest import NOON, HeldClock

MOMENTS = st.datetimes(timezones=st.just(timezone.utc))
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)


@given(reference=MOMENTS, now=MOMENTS, elapsed_s=st.floats(0, 1e8))
def test_trusted_time_is_bounded_both_ways(
    reference: datetime, now: datetime, elapsed_s: float
) -> None:
    trusted = follow(reference, now, elapsed_s)

    assert trusted <= now
    assert trusted - reference <= timedelta(seconds=elapsed_s * 24)


@pytest.mark.parametrize(
    ("now", "elapsed", "expected"),
    [
        (NOON + HOUR, HOUR, NOON + HOUR),
        (NOON + 5 * YEAR, HOUR, NOON + DAY),
        (NOON + 5 * YEAR, timedelta(0), NOON),
        (NOON - YEAR, HOUR, NOON - YEAR),
        (NOON + 10 * DAY, 10 * HOUR, NOON + 10 * DAY),
    ],
)
def test_trusted_time_catches_up_a_day_an_hour(
    now: datetime, elapsed: timedelta, expected: datetime
) -> None:
    assert follow(NOON, now, elapsed.total_seconds()) == expected


def test_first_time_is_trusted() -> None:
    assert follow(None, NOON, 0.0) == NOON


def test_clock_before_this_program_was_written_is_not_trusted(store: PassageStore) -> None:
    trusted = TrustedTime(HeldClock(datetime(1970, 1, 1, 0, 5, tzinfo=timezone.utc)))

    assert store._thread.call(trusted.read) is None
    assert store._thread.call(TrustedTime(HeldClock()).read) == NOON


def test_leap_is_followed_slowly_over_restarts_and_said_once(
    store: PassageStore, caplog: pytest.LogCaptureFixture
) -> None:
    clock = HeldClock()
    store._thread.call(TrustedTime(clock).read)
    clock.current += YEAR
    trusted = TrustedTime(clock)

    read = []
    for _ in range(3):
        read.append(store._thread.call(trusted.read))
        clock.advance(HOUR)

    assert read == [NOON, NOON + DAY, NOON + 2 * DAY]
    assert caplog.text.count("the clock leapt") == 1


def test_clock_set_back_is_followed_at_once(store: PassageStore) -> None:
    clock = HeldClock(NOON + YEAR)
    trusted = TrustedTime(clock)
    store._thread.call(trusted.read)
    clock.current = NOON

    assert store._thread.call(trusted.read) == NOON
    assert NOON > PLAUSIBLE_FROM


def test_unreadable_note_is_begun_anew(store: PassageStore) -> None:
    store._thread.call(
        lambda database: database.rows(
            "INSERT INTO settings VALUES ('retention_time', 'x') RETURNING key"
        )
    )

    assert store._thread.call(TrustedTime(HeldClock()).read) == NOON
