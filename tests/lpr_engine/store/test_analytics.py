"""Figures against plain Python over the same passages, and on days when clocks are changed."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpr_engine.config.sections import StorageSection
from lpr_engine.model.analytics import NamedCount, Span, Step
from lpr_engine.model.errors import SearchError, StoreError
from lpr_engine.model.passage import Direction, Passage, Verdict
from lpr_engine.store import analytics
from lpr_engine.store.analytics import PassageAnalytics
from lpr_engine.store.store import PassageStore

from .conftest import NOON, HeldClock, make_evidence, make_passage, make_update

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def some_passages() -> list[Passage]:
    """In order of time, round about the last Sunday of March, when Berlin's clocks are changed."""
    chance = random.Random(3)
    begin = datetime(2026, 3, 26, tzinfo=timezone.utc)
    moments = sorted(chance.randrange(6 * 24 * 60) for _ in range(150))
    return [
        replace(
            make_passage(
                text=chance.choice(("A1", "A2", "B1", "B2", "C1", "")),
                camera=chance.choice(("gate", "yard", "street")),
                seen=begin + timedelta(minutes=minutes),
                alternatives=(),
            ),
            direction=chance.choice(list(Direction)),
            verdict=Verdict(chance.choice((None, None, "allow", "watch"))),
        )
        for minutes in moments
    ]


MANY = some_passages()
SPANS = st.builds(
    lambda start, hours, camera: Span(
        MANY[0].first_seen + start * HOUR,
        MANY[0].first_seen + start * HOUR + hours * HOUR,
        camera,
    ),
    start=st.integers(-5, 150),
    hours=st.integers(1, 200),
    camera=st.sampled_from([None, "gate", "nowhere"]),
)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PassageAnalytics]:
    directory = tmp_path_factory.mktemp("full")
    evidence = make_evidence()
    with PassageStore(StorageSection(directory=directory), clock=HeldClock()) as store:
        for passage in MANY:
            store.commit(make_update(passage, evidence=evidence))
        counts = PassageAnalytics(directory, BERLIN)
        yield counts
        counts.close()


def within(span: Span) -> list[Passage]:
    return [
        one
        for one in MANY
        if span.since <= one.first_seen < span.until and span.camera in (None, one.camera)
    ]


@settings(deadline=None, max_examples=40)
@given(span=SPANS, step=st.sampled_from([Step.HOUR, Step.DAY]))
def test_by_time(full: PassageAnalytics, span: Span, step: Step) -> None:
    counts = full.by_time(span, step)

    form = "%Y-%m-%d %H %z" if step is Step.HOUR else "%Y-%m-%d"
    wanted = Counter(one.first_seen.astimezone(BERLIN).strftime(form) for one in within(span))
    assert {one.start.strftime(form): one.passages for one in counts if one.passages} == wanted
    assert counts[0].start == span.since
    assert counts[-1].end == span.until


@settings(deadline=None, max_examples=40)
@given(span=SPANS)
def test_by_part(full: PassageAnalytics, span: Span) -> None:
    local = [one.first_seen.astimezone(BERLIN) for one in within(span)]

    weekdays = {one.part: one.passages for one in full.by_part(span, Step.WEEKDAY)}
    hours = {one.part: one.passages for one in full.by_part(span, Step.HOUR_OF_DAY)}

    assert Counter(weekdays) == Counter(moment.weekday() for moment in local)
    assert Counter(hours) == Counter(moment.hour for moment in local)
    assert (list(weekdays), list(hours)) == (list(range(7)), list(range(24)))


@settings(deadline=None, max_examples=40)
@given(span=SPANS)
def test_by_camera_and_list(full: PassageAnalytics, span: Span) -> None:
    cameras = Counter(one.camera for one in within(span))
    lists = Counter(one.verdict.list_name for one in within(span))

    assert [one.name for one in full.by_camera(span)] == ["gate", "street", "yard"]
    assert Counter({one.name: one.passages for one in full.by_camera(span)}) == cameras
    assert [one.name for one in full.by_list(span)] == ["allow", "watch", None]
    assert Counter({one.name: one.passages for one in full.by_list(span)}) == lists


@settings(deadline=None, max_examples=40)
@given(span=SPANS, limit=st.integers(1, 7), few=st.booleans())
def test_top_plates(full: PassageAnalytics, span: Span, limit: int, few: bool) -> None:
    seen: dict[str, list[datetime]] = {}
    for one in within(span):
        if one.text:
            seen.setdefault(one.text, []).append(one.first_seen)
    wanted = [(text, len(times), times[0], times[-1]) for text, times in seen.items()]
    kept = list(dict.fromkeys(one.text for one in MANY))
    wanted.sort(key=lambda one: (-one[1], -one[3].timestamp(), kept.index(one[0])))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analytics, "_FEW_PASSAGES", 10_000 if few else 0)
        found = full.top_plates(span, limit)

    counted = [(one.text, one.passages, one.first_seen, one.last_seen) for one in found]
    assert counted == wanted[:limit]


@settings(deadline=None, max_examples=40)
@given(span=SPANS)
def test_vehicles(full: PassageAnalytics, span: Span) -> None:
    unique = {one.text for one in within(span)} - {""}
    earlier = {one.text for one in MANY if one.first_seen < span.since}

    found = full.vehicles(span)

    assert (found.unique, found.first_time) == (len(unique), len(unique - earlier))


@settings(deadline=None, max_examples=40)
@given(span=SPANS)
def test_visits(full: PassageAnalytics, span: Span) -> None:
    stays, arrived = [], {}
    for one in MANY:
        if one.direction is Direction.IN and one.text:
            arrived[one.text] = one.first_seen
        elif one.direction is Direction.OUT and one.text in arrived:
            stay = one.first_seen - arrived.pop(one.text)
            if span.since <= one.first_seen < span.until:
                stays.append(stay.total_seconds())
    stays.sort()

    found = full.visits(span)

    assert found.visits == len(stays)
    if stays:
        assert (found.shortest_s, found.longest_s) == (stays[0], stays[-1])
        assert found.mean_s == pytest.approx(sum(stays) / len(stays), abs=0.001)
        assert found.median_s in stays[(len(stays) - 1) // 2 :][:1]
        assert found.nine_of_ten_s is not None
        assert sum(stay <= found.nine_of_ten_s for stay in stays) >= 0.9 * len(stays) - 1


def test_no_visit_has_no_times(full: PassageAnalytics) -> None:
    nothing = full.visits(Span(NOON - 900 * DAY, NOON - 899 * DAY))

    assert nothing.visits == 0
    assert (nothing.mean_s, nothing.median_s, nothing.longest_s) == (None, None, None)


def test_too_many_steps_are_refused(full: PassageAnalytics) -> None:
    with pytest.raises(SearchError, match="shorter time"):
        full.by_time(Span(NOON - 4000 * DAY, NOON), Step.HOUR)
    assert len(full.by_time(Span(NOON - 4000 * DAY, NOON), Step.DAY)) >= 4000


def test_host_s_own_time_zone(store: PassageStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        store.commit(
            make_update(make_passage(seen=datetime(2026, 3, 8, 3, 30, tzinfo=timezone.utc)))
        )
        span = Span(
            datetime(2026, 3, 7, 5, tzinfo=timezone.utc),
            datetime(2026, 3, 9, 4, tzinfo=timezone.utc),
        )
        days = store.analytics.by_time(span, Step.DAY)
    finally:
        monkeypatch.undo()
        time.tzset()

    assert [(f"{one.start:%d %z}", one.passages) for one in days] == [
        ("07 -0500", 1),
        ("08 -0500", 0),
    ]
    assert (days[1].end - days[1].start).total_seconds() == 23 * 3600


def test_figures_follow_revisions_and_removals(store: PassageStore) -> None:
    span = Span(NOON - DAY, NOON + DAY)
    first = make_passage("p", camera="gate")
    store.commit(make_update(first))
    store.commit(make_update(replace(first, revision=2, camera="yard")))

    assert [(one.name, one.passages) for one in store.analytics.by_camera(span)] == [("yard", 1)]
    assert store.analytics.by_list(span) == (NamedCount(None, 1),)


def test_closed_counts_say_so(tmp_path: Path) -> None:
    with PassageStore(StorageSection(directory=tmp_path / "data"), clock=HeldClock()) as store:
        pass
    with pytest.raises(StoreError, match="closed"):
        store.analytics.by_camera(Span(NOON - DAY, NOON))
