"""Figures over HTTP."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
import uuid6

from lpr_engine.api.analytics import AnalyticsRoutes
from lpr_engine.api.server import ApiServer
from lpr_engine.config.sections import StorageSection
from lpr_engine.model.contract import format_time, parse_time
from lpr_engine.model.passage import Direction, Verdict
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.api.serving import WHO, ask_json, serving
from tests.lpr_engine.pipeline.scripted import START, update
from tests.lpr_engine.store.conftest import HeldClock

VIEWER = {WHO: "viewer"}
VIEWED: dict[str, Any] = {"headers": VIEWER}
PASSAGES = "/api/v1/analytics/passages"
HOUR = timedelta(hours=1)
SPAN = f"since={format_time(START)}&until={format_time(START + 3 * HOUR)}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PassageStore]:
    with PassageStore(StorageSection(directory=tmp_path / "data")) as store:
        yield store


@pytest.fixture
def server(store: PassageStore) -> Iterator[ApiServer]:
    clock = HeldClock(START + 3 * HOUR)
    with serving([AnalyticsRoutes(store.analytics, clock)]) as server:
        yield server


@pytest.fixture(autouse=True)
def day(store: PassageStore) -> None:
    keep(store, "AA1", 0.1, direction=Direction.IN, verdict=Verdict("allow", "anna"))
    keep(store, "BB2", 1.2)
    keep(store, "AA1", 1.4, camera="exit", direction=Direction.OUT)


def keep(store: PassageStore, text: str, hours: float, **fields: Any) -> None:
    one = update("gate", text=text)
    seen = START + hours * HOUR
    passage = dataclasses.replace(
        one.passage, id=str(uuid6.uuid7()), first_seen=seen, last_seen=seen, **fields
    )
    store.commit(dataclasses.replace(one, passage=passage))


def figures(server: ApiServer, path: str) -> Any:
    status, body = ask_json(server, f"/api/v1/analytics/{path}", headers=VIEWER)
    assert status == 200, body
    assert (body.pop("since"), body.pop("until")) == (
        format_time(START),
        format_time(START + 3 * HOUR),
    )
    return body.get("items", body)


def test_by_hour(server: ApiServer) -> None:
    found = figures(server, f"passages?step=hour&{SPAN}")

    assert sum(one["passages"] for one in found) == 3
    assert found[0]["start"] == format_time(START)
    assert all(before["end"] == after["start"] for before, after in pairwise(found))
    assert set(found[0]) == {"start", "end", "local", "passages"}


@pytest.mark.parametrize(("by", "parts"), [("weekday", 7), ("hour_of_day", 24)])
def test_profile(server: ApiServer, by: str, parts: int) -> None:
    found = figures(server, f"profile?by={by}&{SPAN}")

    assert [one["part"] for one in found] == list(range(parts))
    assert sum(one["passages"] for one in found) == 3


def test_cameras_lists_and_plates(server: ApiServer) -> None:
    assert figures(server, f"cameras?{SPAN}") == [
        {"name": "exit", "passages": 1},
        {"name": "gate", "passages": 2},
    ]
    assert figures(server, f"lists?{SPAN}") == [
        {"name": "allow", "passages": 1},
        {"name": None, "passages": 2},
    ]
    assert figures(server, f"plates?limit=1&{SPAN}") == [
        {
            "text": "AA1",
            "passages": 2,
            "first_seen": format_time(START + 0.1 * HOUR),
            "last_seen": format_time(START + 1.4 * HOUR),
        }
    ]
    assert [one["passages"] for one in figures(server, f"plates?camera=exit&{SPAN}")] == [1]


def test_vehicles_and_visits(server: ApiServer) -> None:
    assert figures(server, f"vehicles?{SPAN}") == {"unique": 2, "first_time": 2}
    assert figures(server, f"visits?{SPAN}") == {
        "visits": 1,
        "mean_s": 4680.0,
        "shortest_s": 4680.0,
        "median_s": 4680.0,
        "nine_of_ten_s": 4680.0,
        "longest_s": 4680.0,
    }


@pytest.mark.parametrize(
    ("zone", "day", "local", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", ["00+01", "01+01", "03+02", "04+02"], 23),
        ("Europe/Berlin", "2026-10-25", ["00+02", "01+02", "02+02", "02+01", "03+01"], 25),
        ("America/St_Johns", "2026-03-08", ["00-03", "01-03", "03-02"], 23),
        ("Australia/Lord_Howe", "2026-04-05", ["00+11", "01+11", "01+10", "02+10"], 24.5),
        ("UTC", "2026-03-29", ["00+00", "01+00", "02+00"], 24),
        ("Etc/GMT+5", "2026-03-29", ["00-05", "01-05", "02-05"], 24),
    ],
)
def test_hours_of_a_day_on_which_clocks_are_changed(
    server: ApiServer, zone: str, day: str, local: list[str], hours: float
) -> None:
    begin = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    end = begin + timedelta(days=1)
    bounds = {"since": begin.isoformat(), "until": end.isoformat(), "timezone": zone}
    _, by_hour = ask_json(server, f"{PASSAGES}?{urlencode({**bounds, 'step': 'hour'})}", **VIEWED)
    _, by_day = ask_json(server, f"{PASSAGES}?{urlencode(bounds)}", **VIEWED)

    shown = [f"{one['local'][11:13]}{one['local'][19:22]}" for one in by_hour["items"]]
    assert shown[: len(local)] == local
    (whole,) = by_day["items"]
    assert parse_time(whole["end"]) - parse_time(whole["start"]) == hours * HOUR
    assert whole["local"] == begin.isoformat()


def test_a_profile_goes_by_the_clock_that_is_asked_for(server: ApiServer) -> None:
    hours = {}
    for zone in ("UTC", "Asia/Tokyo"):
        found = figures(server, f"profile?by=hour_of_day&timezone={zone}&{SPAN}")
        hours[zone] = {one["part"] for one in found if one["passages"]}
    assert hours["Asia/Tokyo"] == {(hour + 9) % 24 for hour in hours["UTC"]}


@pytest.mark.parametrize(
    "zone",
    ["Europe/Nowhere", "Europe", "../../etc/passwd", "/etc/localtime", "localtime", "", "berlin",
     "Europe/Berlin%0A", "Factory", "%00", "posixrules", "right/UTC"],
)  # fmt: skip
def test_a_zone_that_is_none_is_told(server: ApiServer, zone: str) -> None:
    status, problem = ask_json(server, f"{PASSAGES}?timezone={zone}&{SPAN}", **VIEWED)

    assert (status, problem["code"]) == (400, "request_invalid")
    assert problem["errors"][0]["where"] == "query.timezone"


def test_the_last_month_unless_asked_for_else(server: ApiServer) -> None:
    _, body = ask_json(server, "/api/v1/analytics/cameras", headers=VIEWER)

    assert body["until"] == format_time(START + 3 * HOUR)
    assert body["since"] == format_time(START + 3 * HOUR - timedelta(days=30))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"passages?step=week&{SPAN}", "request_invalid"),
        ("passages?step=hour&since=2000-01-01T00:00:00Z", "search_invalid"),
        ("passages?since=0001-01-01T00:00:00Z", "search_invalid"),
        ("passages?since=9999-12-31T00:00:00Z&until=9999-12-31T23:59:59Z", "search_invalid"),
        ("cameras?since=2026-05-02T00:00:00Z&until=2026-05-01T00:00:00Z", "request_invalid"),
        ("visits?camera=gate", "request_invalid"),
        ("cameras?timezone=UTC", "request_invalid"),
        ("plates?limit=0", "request_invalid"),
        ("lists?camera=%00", "request_invalid"),
    ],
)
def test_what_cannot_be_counted_is_told(server: ApiServer, path: str, code: str) -> None:
    status, problem = ask_json(server, f"/api/v1/analytics/{path}", headers=VIEWER)

    assert (status, problem["code"]) == (400, code)


@pytest.mark.parametrize(
    "path", ["cameras", "lists", "plates", "vehicles", "visits", "profile?by=weekday"]
)
def test_any_time_is_answered_without_a_defect(server: ApiServer, path: str) -> None:
    glue = "&" if "?" in path else "?"
    for span in ("since=0001-01-01T00:00:00Z", "until=9999-12-31T23:59:59.999Z"):
        status, _ = ask_json(server, f"/api/v1/analytics/{path}{glue}{span}", headers=VIEWER)
        assert status in (200, 400)
