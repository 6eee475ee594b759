import json
import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.model.contract import (
    CONTRACT_VERSION,
    format_time,
    parse_time,
    passage_from_json,
    passage_to_json,
)
from lpr_engine.model.geometry import Box
from lpr_engine.model.passage import Alternative, Direction, Passage, Reason, Stage, Verdict

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
FIELDS = """
    contract id sequence revision stage late redelivered engine camera text display confidence
    characters alternatives region first_seen last_seen readings direction zone box verdict
    corrected_by crop frame
""".split()  # noqa: SIM905 - reads better than twenty-five quoted words

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENT = st.datetimes(datetime(1970, 1, 3), datetime(9999, 12, 29), timezones=ZONES)
MILLISECOND = MOMENT.map(lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000))
SHARE = st.integers(0, 10_000).map(lambda value: round(value / 10_000, 4))
EDGE = st.integers(0, 100_000).map(lambda value: round(value / 100_000, 5))
WORD = st.text(min_size=1, max_size=12)
MAYBE = st.none() | WORD
VERDICT = st.builds(
    Verdict,
    MAYBE,
    MAYBE,
    st.booleans(),
    st.lists(st.builds(Reason, WORD, st.booleans(), st.text(max_size=30)), max_size=4).map(tuple),
)
PASSAGES = st.builds(
    Passage,
    id=st.uuids().map(str),
    revision=st.integers(1, 10**6),
    stage=st.sampled_from(Stage),
    engine=WORD,
    camera=WORD,
    text=WORD,
    confidence=SHARE,
    characters=st.lists(st.tuples(st.characters(), SHARE), max_size=10).map(tuple),
    first_seen=MILLISECOND,
    last_seen=MILLISECOND,
    readings=st.integers(0, 10**6),
    box=st.builds(Box, EDGE, EDGE, EDGE, EDGE),
    alternatives=st.lists(st.builds(Alternative, WORD, SHARE), max_size=5).map(tuple),
    display=MAYBE,
    region=MAYBE,
    direction=st.sampled_from(Direction),
    zone=MAYBE,
    verdict=VERDICT,
    corrected_by=MAYBE,
    sequence=st.integers(0, 2**53),
    crop=MAYBE,
    frame=MAYBE,
)


def simple_passage() -> Passage:
    moment = datetime(2026, 1, 31, 12, 0, 0, 123_456, tzinfo=timezone.utc)
    return Passage(
        id="0190a8f2-0000-7000-8000-000000000000",
        revision=2,
        stage=Stage.FINAL,
        engine="engine",
        camera="gate",
        text="AB123CD",
        confidence=0.987_654_321,
        characters=(("A", 0.999_999), ("B", 1 / 3)),
        first_seen=moment,
        last_seen=moment + timedelta(seconds=1),
        readings=7,
        box=Box(1 / 3, 0.25, 2 / 3, 0.75),
    )


@given(PASSAGES, st.booleans(), st.booleans())
def test_passage_comes_back_from_its_json(passage: Passage, late: bool, again: bool) -> None:
    wire = json.dumps(passage_to_json(passage, late=late, redelivered=again))
    data = json.loads(wire)
    assert (data["late"], data["redelivered"]) == (late, again)
    assert passage_from_json(data) == passage


@given(PASSAGES)
def test_json_has_exactly_the_fields_of_the_contract(passage: Passage) -> None:
    data = passage_to_json(passage)
    assert list(data) == FIELDS
    assert data["contract"] == CONTRACT_VERSION == 1
    assert TIME.fullmatch(data["first_seen"])
    assert set(data["verdict"]) == {"list", "vehicle", "open", "reasons"}


def test_json_of_a_known_passage() -> None:
    data = passage_to_json(simple_passage(), late=True)
    assert data["stage"] == "final"
    assert data["direction"] == "unknown"
    assert data["late"] is True
    assert data["confidence"] == 0.9877
    assert data["characters"] == [["A", 1.0], ["B", 0.3333]]
    assert data["box"] == [0.33333, 0.25, 0.66667, 0.75]
    assert data["first_seen"] == "2026-01-31T12:00:00.123Z"
    assert data["verdict"] == {"list": None, "vehicle": None, "open": False, "reasons": []}


@pytest.mark.parametrize("field", [name for name in FIELDS if name not in ("late", "redelivered")])
def test_missing_field_is_named(field: str) -> None:
    data = passage_to_json(simple_passage())
    del data[field]
    with pytest.raises(KeyError, match=field):
        passage_from_json(data)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contract", 2),
        ("contract", "1"),
        ("contract", None),
        ("stage", "done"),
        ("direction", "up"),
        ("first_seen", "yesterday"),
        ("first_seen", "2026-01-31T12:00:00"),
        ("last_seen", ""),
        ("last_seen", None),
        ("last_seen", 1769860800),
        ("box", [0, 0, 1]),
        ("box", [0, 0, 1, 1, 1]),
        ("box", None),
        ("characters", [["A"]]),
        ("characters", 5),
        ("alternatives", [{"text": "A"}]),
        ("alternatives", ["A"]),
        ("verdict", None),
        ("verdict", {"list": None}),
        ("verdict", {"list": None, "vehicle": None, "open": False, "reasons": [{"check": "a"}]}),
    ],
)
def test_malformed_field_is_refused(field: str, value: Any) -> None:
    data = passage_to_json(simple_passage()) | {field: value}
    with pytest.raises((ValueError, KeyError, TypeError)):
        passage_from_json(data)


@given(MOMENT)
def test_time_is_written_as_utc_and_read_back_to_the_millisecond(moment: datetime) -> None:
    text = format_time(moment)
    assert TIME.fullmatch(text)
    back = parse_time(text)
    assert back.utcoffset() == timedelta(0)
    assert timedelta(0) <= moment - back < timedelta(milliseconds=1)
    assert format_time(back) == text


@given(MOMENT, MOMENT)
def test_times_sort_as_texts(one: datetime, other: datetime) -> None:
    if format_time(one) < format_time(other):
        assert one < other


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31T12:00:00.000Z", datetime(2026, 1, 31, 12, tzinfo=timezone.utc)),
        ("2026-01-31T12:00:00Z", datetime(2026, 1, 31, 12, tzinfo=timezone.utc)),
        ("2026-01-31T13:30:00+01:30", datetime(2026, 1, 31, 12, tzinfo=timezone.utc)),
        ("2026-01-31T12:00:00.123456+00:00", datetime(2026, 1, 31, 12, 0, 0, 123456, timezone.utc)),
    ],
)
def test_times_of_other_writers_are_read(text: str, expected: datetime) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    "text", ["", "Z", "now", "2026-01-31", "2026-01-31T12:00:00", "2026-13-01T00:00:00Z"]
)
def test_text_that_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_time(text)


def test_year_of_less_than_four_digits_is_padded() -> None:
    assert format_time(datetime(12, 1, 1, tzinfo=timezone.utc)) == "0012-01-01T00:00:00.000Z"
