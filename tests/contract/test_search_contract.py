"""Searches and figures are answered exactly as the shared examples have it."""

import json
from datetime import datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from lpr_engine.api import analytics
from lpr_engine.api.passages import detail_to_json, found_to_json
from lpr_engine.api.schemas.analytics import SCHEMAS as OF_ANALYTICS
from lpr_engine.api.schemas.passages import SCHEMAS as OF_PASSAGES
from lpr_engine.api.validation import Validator
from lpr_engine.model.analytics import (
    NamedCount,
    PartCount,
    PlateCount,
    Span,
    TimeCount,
    Vehicles,
    Visits,
)
from lpr_engine.model.contract import parse_time, passage_from_json
from lpr_engine.model.geometry import Box
from lpr_engine.model.passage import ReadingRecord
from lpr_engine.model.search import Found, Match

FOLDER = Path(__file__).parent
BERLIN = ZoneInfo("Europe/Berlin")
SCHEMAS = {**OF_PASSAGES, **OF_ANALYTICS}
SPAN = Span(parse_time("2026-03-28T23:00:00.000Z"), parse_time("2026-03-30T22:00:00.000Z"))


def example(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_found_passage():
    wanted = example("found_passage")
    match = Match("A8123CD", 0.2, alternative=True)
    assert found_to_json(Found(passage_from_json(wanted), match)) == wanted


def test_passage_with_its_votes():
    wanted = example("passage_detail")
    votes = [
        ReadingRecord(
            parse_time(vote["taken_at"]),
            vote["text"],
            vote["confidence"],
            vote["quality"],
            Box(*vote["box"]),
        )
        for vote in wanted["votes"]
    ]
    assert detail_to_json(passage_from_json(wanted), votes) == wanted


def local(day):
    return datetime(2026, 3, day, tzinfo=BERLIN)


COUNTS = {
    "TimeCounts": [
        analytics.time_to_json(TimeCount(local(29), local(30), 118)),
        analytics.time_to_json(TimeCount(local(30), local(31), 204)),
    ],
    "PartCounts": [
        analytics.part_to_json(PartCount(0, 204)),
        analytics.part_to_json(PartCount(6, 118)),
    ],
    "NamedCounts": [
        analytics.name_to_json(NamedCount("family", 31)),
        analytics.name_to_json(NamedCount(None, 291)),
    ],
    "PlateCounts": [
        analytics.plate_to_json(
            PlateCount(
                "AB123CD",
                6,
                datetime(2026, 3, 29, 6, 2, 11, 480_000, timezone.utc),
                datetime(2026, 3, 30, 16, 40, 9, tzinfo=timezone.utc),
            )
        )
    ],
}


@pytest.mark.parametrize("name", COUNTS)
def test_counts(name):
    found = {**analytics.bounds_to_json(SPAN), "items": COUNTS[name]}
    assert found == example("analytics")[name]


def test_vehicles_and_visits():
    visits = Visits(64, 4103.5, 41.2, 2711.0, 9120.4, 30410.9)
    bounds = analytics.bounds_to_json(SPAN)
    wanted = example("analytics")
    assert {**bounds, **analytics.vehicles_to_json(Vehicles(148, 37))} == wanted["Vehicles"]
    assert {**bounds, **analytics.visits_to_json(visits)} == wanted["Visits"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("FoundPassage", example("found_passage")),
        ("PassageDetail", example("passage_detail")),
        *example("analytics").items(),
    ],
)
def test_examples_fit_their_schemas(name, data):
    assert Validator(SCHEMAS[name], SCHEMAS).faults(data, name) == []
    assert set(data) == set(SCHEMAS[name]["properties"])
