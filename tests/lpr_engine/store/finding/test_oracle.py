"""Pages of every search, laid together, are what plain Python finds among all passages."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fnmatch import fnmatchcase

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lpr_engine.config.sections import StorageSection
from lpr_engine.grammar.confusion import distance
from lpr_engine.model.passage import Alternative, Direction, Passage, Stage, Verdict
from lpr_engine.model.search import Found, Match, Order, PassageFilter, TextKind, TextQuery
from lpr_engine.store.finding import plain_hits, text_hits
from lpr_engine.store.finding.wanted import usual_distance
from lpr_engine.store.search import PassageSearch
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.store.conftest import (
    NOON,
    HeldClock,
    make_evidence,
    make_passage,
    make_update,
)

MINUTE = timedelta(minutes=1)
SIGNS = "AB8O01"


def some_passages(count: int = 70) -> list[Passage]:
    """In the order of their commits; texts, times and all else repeat."""
    chance = random.Random(5)
    texts = ["".join(chance.choices(SIGNS, k=chance.choice((2, 3, 5, 6)))) for _ in range(25)]
    made = []
    for _ in range(count):
        others = chance.sample(texts, chance.randrange(4))
        on_list = chance.choice((None, None, "allow", "watch"))
        passage = make_passage(
            stage=chance.choice(list(Stage)),
            text=chance.choice(texts),
            camera=chance.choice(("gate", "yard", "street")),
            seen=NOON + MINUTE * chance.randrange(15),
            alternatives=tuple(Alternative(other, 0.1) for other in others),
        )
        made.append(
            replace(
                passage,
                confidence=chance.choice((0.4, 0.8, 0.95)),
                direction=chance.choice(list(Direction)),
                zone=chance.choice((None, "lane", "lot")),
                verdict=Verdict(on_list, None if on_list is None else chance.choice(("v1", "v2"))),
            )
        )
    return made


MANY = some_passages()
TAGGED = MANY[::7]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PassageSearch]:
    directory = tmp_path_factory.mktemp("full")
    with PassageStore(StorageSection(directory=directory), clock=HeldClock()) as store:
        for passage in MANY:
            store.commit(make_update(passage, evidence=make_evidence()))
        for passage in TAGGED:
            store.books.remarks.tag(passage.id, "towed")
        yield store.search


@pytest.fixture(params=["usual", "few", "many"])
def limits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """From where on a search goes another way; these passages are too few for any by far."""
    if request.param != "usual":
        monkeypatch.setattr(text_hits, "_FEW_TEXTS", 1)
        monkeypatch.setattr(text_hits, "_MANY_TEXTS", 2 if request.param == "many" else 1000)
        monkeypatch.setattr(text_hits, "_STRETCH", 4)
        monkeypatch.setattr(plain_hits, "_STRETCH", 4)


def far(query: TextQuery, text: str) -> float | None:
    """How far a text is from the one asked for; None where it is not meant."""
    if query.kind is TextKind.FUZZY:
        most = (
            usual_distance(len(query.text)) if query.most_distance is None else query.most_distance
        )
        tenths = round(10 * distance(query.text, text))
        return tenths / 10 if tenths <= round(10 * most) else None
    fits = {
        TextKind.EXACT: query.text == text,
        TextKind.PREFIX: text.startswith(query.text),
        TextKind.WILDCARD: fnmatchcase(text, query.text),
        TextKind.REGEX: query.kind is TextKind.REGEX and re.search(query.text, text) is not None,
    }
    return 0.0 if fits[query.kind] else None


def match_of(query: TextQuery, passage: Passage) -> Match | None:
    others = [other.text for other in passage.alternatives if other.text != passage.text]
    texts = [(passage.text, False), *((text, True) for text in others if query.alternatives)]
    matches = [
        Match(text, away, alternative)
        for text, alternative in texts
        if (away := far(query, text)) is not None
    ]
    return min(matches, key=lambda one: (one.distance, one.alternative), default=None)


def fits(filters: PassageFilter, passage: Passage) -> bool:
    asked = [
        (filters.zone, passage.zone),
        (filters.direction, passage.direction),
        (filters.list_name, passage.verdict.list_name),
        (filters.vehicle, passage.verdict.vehicle),
        (filters.stage, passage.stage),
    ]
    return (
        all(wanted in (None, has) for wanted, has in asked)
        and (not filters.cameras or passage.camera in filters.cameras)
        and (filters.known is None or filters.known == (passage.verdict.vehicle is not None))
        and (filters.tag is None or passage in TAGGED)
        and passage.confidence >= (filters.min_confidence or 0)
        and (filters.since is None or passage.first_seen >= filters.since)
        and (filters.until is None or passage.first_seen < filters.until)
    )


def oracle(filters: PassageFilter, order: Order) -> list[Found]:
    found = []
    for number, passage in enumerate(MANY):
        match = match_of(filters.text, passage) if filters.text else None
        if fits(filters, passage) and (filters.text is None or match is not None):
            found.append((number, Found(passage, match)))

    def place(pair: tuple[int, Found]) -> tuple[object, ...]:
        number, one = pair
        newest = (-one.passage.first_seen.timestamp(), -number)
        near = (one.match.distance, one.match.alternative) if one.match else ()
        return newest if order is Order.NEWEST else (*near, -one.passage.confidence, *newest)

    return [one for _, one in sorted(found, key=place)]


def in_short(found: Found) -> tuple[str, object]:
    # Which of several alternatives that are equally near is named, is left open.
    match = found.match
    return found.passage.id, match and (match.distance, match.alternative)


def all_pages(
    search: PassageSearch, filters: PassageFilter, order: Order, size: int
) -> list[Found]:
    page = search.find(filters, size, order)
    found = list(page.found)
    while page.next_cursor is not None:
        page = search.find(filters, size, order, page.next_cursor)
        assert page.found
        assert len(found) <= len(MANY)
        found += page.found
    return found


TEXT_QUERIES = (
    st.builds(
        TextQuery,
        text=st.text(SIGNS, min_size=1, max_size=6),
        kind=st.sampled_from([TextKind.EXACT, TextKind.PREFIX, TextKind.FUZZY]),
        alternatives=st.booleans(),
        most_distance=st.none() | st.integers(0, 30).map(lambda tenths: tenths / 10),
    )
    | st.builds(
        TextQuery,
        text=st.sampled_from(["A", "^A", "8.*0", "[AB]$", "^.{5}$", ".", "X"]),
        kind=st.just(TextKind.REGEX),
        alternatives=st.booleans(),
    )
    | st.builds(
        TextQuery,
        text=st.text("AB8*?", min_size=1, max_size=4),
        kind=st.just(TextKind.WILDCARD),
        alternatives=st.booleans(),
    )
)
FILTERS = st.builds(
    PassageFilter,
    cameras=st.sampled_from([(), ("gate",), ("street", "yard"), ("nowhere",)]),
    zone=st.sampled_from([None, None, "lane"]),
    direction=st.sampled_from([None, None, Direction.IN]),
    list_name=st.sampled_from([None, None, "allow"]),
    vehicle=st.sampled_from([None, None, "v1"]),
    known=st.sampled_from([None, None, True, False]),
    tag=st.sampled_from([None, None, "towed"]),
    stage=st.sampled_from([None, None, Stage.FINAL]),
    min_confidence=st.sampled_from([None, None, 0.8]),
    since=st.none() | st.integers(0, 12).map(lambda minutes: NOON + MINUTE * minutes),
    until=st.none() | st.integers(3, 16).map(lambda minutes: NOON + MINUTE * minutes),
    text=st.none() | TEXT_QUERIES,
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(filters=FILTERS, order=st.sampled_from(list(Order)), size=st.integers(1, 30))
def test_search(
    limits: None, full: PassageSearch, filters: PassageFilter, order: Order, size: int
) -> None:
    found = all_pages(full, filters, order, size)

    assert list(map(in_short, found)) == list(map(in_short, oracle(filters, order)))


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=TEXT_QUERIES, order=st.sampled_from(list(Order)), size=st.integers(1, 9))
def test_search_by_text_alone(
    limits: None, full: PassageSearch, text: TextQuery, order: Order, size: int
) -> None:
    filters = PassageFilter(text=text)

    found = all_pages(full, filters, order, size)

    assert list(map(in_short, found)) == list(map(in_short, oracle(filters, order)))


@settings(max_examples=50, deadline=None)
@given(filters=FILTERS)
def test_walk_meets_the_same(full: PassageSearch, filters: PassageFilter) -> None:
    walked = [one.as_json()["id"] for step in full.walk(filters) for one in step]

    assert walked == [one.passage.id for one in oracle(filters, Order.NEWEST)]


def test_text_is_normalised(full: PassageSearch) -> None:
    text = MANY[0].text
    for asked in (text.lower(), f" {text[:1]}-{text[1:]} ", text.replace("A", "Ａ")):  # noqa: RUF001
        for kind in (TextKind.EXACT, TextKind.PREFIX, TextKind.WILDCARD, TextKind.REGEX):
            found = full.find(PassageFilter(text=TextQuery(asked, kind)), 1000)
            assert MANY[0].id in [passage.id for passage in found.passages]
