"""Backups are due by the local clock, once, and what was missed is made up for."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lpr_engine.app.backup_schedule import is_due, next_due
from lpr_engine.config.sections import BackupSection

BERLIN = ZoneInfo("Europe/Berlin")
DAILY = BackupSection(every="day", at="03:30")
WEEKLY = dataclasses.replace(DAILY, every="week")
MONTHLY = dataclasses.replace(DAILY, every="month")
NEVER = dataclasses.replace(DAILY, every="never")


def at(text: str) -> datetime:
    """A local time; 1 March 2026 is a Sunday."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("section", "last", "now", "due"),
    [
        (NEVER, None, "2026-03-05 12:00", False),
        (DAILY, None, "2026-03-05 12:00", True),
        (DAILY, "2026-03-05 03:30", "2026-03-05 12:00", False),
        (DAILY, "2026-03-05 03:30", "2026-03-06 03:29", False),
        (DAILY, "2026-03-05 03:30", "2026-03-06 03:30", True),
        (DAILY, "2026-03-01 03:31", "2026-03-05 02:00", True),
        (DAILY, "2026-03-04 23:00", "2026-03-05 02:00", False),
        (DAILY, "2026-03-05 02:00", "2026-03-05 03:30", True),
        (WEEKLY, "2026-03-01 03:30", "2026-03-07 23:59", False),
        (WEEKLY, "2026-03-01 03:30", "2026-03-08 03:29", False),
        (WEEKLY, "2026-03-01 03:30", "2026-03-08 03:30", True),
        (WEEKLY, "2026-02-28 03:30", "2026-03-01 12:00", True),
        (MONTHLY, "2026-02-01 03:30", "2026-02-28 23:00", False),
        (MONTHLY, "2026-02-01 03:30", "2026-03-01 03:30", True),
        (MONTHLY, "2026-03-01 03:30", "2026-03-31 23:00", False),
        # A clock that was far ahead when the last one was made holds nothing up.
        (DAILY, "2036-01-01 03:30", "2026-03-05 12:00", True),
        (DAILY, "2026-03-05 12:30", "2026-03-05 12:00", False),
    ],
)
def test_due(section: BackupSection, last: str | None, now: str, due: bool) -> None:
    assert is_due(section, at(last) if last else None, at(now), BERLIN) is due


@pytest.mark.parametrize(
    ("section", "now", "following"),
    [
        (DAILY, "2026-03-05 03:29", "2026-03-05 03:30"),
        (DAILY, "2026-03-05 03:30", "2026-03-06 03:30"),
        (WEEKLY, "2026-03-01 03:29", "2026-03-01 03:30"),
        (WEEKLY, "2026-03-01 03:30", "2026-03-08 03:30"),
        (MONTHLY, "2026-12-05 12:00", "2027-01-01 03:30"),
    ],
)
def test_next(section: BackupSection, now: str, following: str) -> None:
    assert next_due(section, at(now), BERLIN) == at(following)


def test_without_a_schedule_there_is_no_next() -> None:
    assert next_due(NEVER, at("2026-03-05 12:00"), BERLIN) is None


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
@pytest.mark.parametrize("time", ["02:30", "03:30"])
def test_days_on_which_clocks_change_have_one_backup(day: str, time: str) -> None:
    section = dataclasses.replace(DAILY, at=time)
    now = at(f"{day} 00:00").astimezone(ZoneInfo("UTC"))
    last, made = now, 0
    for _ in range(24 * 4):
        now += timedelta(minutes=15)
        if is_due(section, last, now, BERLIN):
            last, made = now, made + 1
    assert made == 1
