"""Passages asked for over HTTP: every filter, orders, pages, and what is no search."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import uuid6

from lpr_engine.api.passages import PassageRoutes
from lpr_engine.api.server import ApiServer
from lpr_engine.config.sections import StorageSection
from lpr_engine.model.contract import format_time
from lpr_engine.model.passage import Alternative, Direction, Passage, Stage, Verdict
from lpr_engine.model.passage_actions import Correction
from lpr_engine.store.media import MEDIA_NAME
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.api.serving import WHO, ask, ask_json, raw, serving
from tests.lpr_engine.pipeline.scripted import START, update

VIEWER = {WHO: "viewer"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PassageStore]:
    with PassageStore(StorageSection(directory=tmp_path / "data")) as store:
        yield store


@pytest.fixture
def server(store: PassageStore, tmp_path: Path) -> Iterator[ApiServer]:
    with serving([PassageRoutes(store.search, tmp_path / "data" / MEDIA_NAME)]) as server:
        yield server


def keep(store: PassageStore, text: str, minute: int = 0, **fields: Any) -> Passage:
    one = update("gate", text=text)
    seen = START + timedelta(minutes=minute)
    passage = dataclasses.replace(
        one.passage, id=str(uuid6.uuid7()), first_seen=seen, last_seen=seen, **fields
    )
    return store.commit(dataclasses.replace(one, passage=passage))


def texts(server: ApiServer, **query: object) -> list[str]:
    status, page = ask_json(
        server, f"/api/v1/passages?{urlencode(query, doseq=True)}", headers=VIEWER
    )
    assert status == 200, page
    return [item["text"] for item in page["items"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["CC3", "BB2", "AA1"]),
        ({"camera": "yard"}, ["BB2"]),
        ({"camera": ["yard", "street", "yard"]}, ["CC3", "BB2"]),
        ({"zone": "Einfahrt Süd"}, ["AA1"]),
        ({"direction": "out"}, ["BB2"]),
        ({"list": "allow"}, ["AA1"]),
        ({"vehicle": "anna"}, ["AA1"]),
        ({"known": "true"}, ["AA1"]),
        ({"known": "false"}, ["CC3", "BB2"]),
        ({"stage": "preview"}, ["CC3"]),
        ({"min_confidence": 0.9}, ["BB2"]),
        ({"since": format_time(START + timedelta(minutes=1))}, ["CC3", "BB2"]),
        ({"until": format_time(START + timedelta(minutes=1))}, ["AA1"]),
        ({"order": "best"}, ["BB2", "CC3", "AA1"]),
        ({"text": "bb 2"}, ["CC3", "BB2"]),
        ({"text": "B", "match": "prefix"}, ["CC3", "BB2"]),
        ({"text": "B", "match": "prefix", "alternatives": "false"}, ["BB2"]),
        ({"text": "?*[", "match": "wildcard"}, ["CC3", "BB2", "AA1"]),
        ({"text": r"^[AC]+\d$", "match": "regex"}, ["CC3", "AA1"]),
        ({"text": "882", "match": "fuzzy"}, ["CC3", "BB2"]),
        ({"text": "882", "match": "fuzzy", "order": "best"}, ["BB2", "CC3"]),
        ({"text": "882", "match": "fuzzy", "distance": 0.3}, []),
    ],
)
def test_filters(
    server: ApiServer, store: PassageStore, query: dict[str, object], found: list[str]
) -> None:
    keep(
        store,
        "AA1",
        confidence=0.5,
        zone="Einfahrt Süd",
        direction=Direction.IN,
        verdict=Verdict("allow", "anna"),
    )
    keep(store, "BB2", 1, confidence=0.95, camera="yard", direction=Direction.OUT)
    others = (Alternative("BB2", 0.2),)
    keep(store, "CC3", 2, confidence=0.7, camera="street", stage=Stage.PREVIEW, alternatives=others)

    assert texts(server, **query) == found


def test_filter_by_tag(server: ApiServer, store: PassageStore) -> None:
    for text in ("AA1", "BB2"):
        kept = keep(store, text)
    store.books.remarks.tag(kept.id, "towed away")

    assert texts(server, tag="towed away") == ["BB2"]
    assert texts(server, tag="towed away", text="A", match="prefix") == []
    assert texts(server, tag="nothing") == []


def test_match_tells_by_which_text_and_how_near(server: ApiServer, store: PassageStore) -> None:
    keep(store, "CC3", alternatives=(Alternative("BO2", 0.2),))
    keep(store, "B02", 1)

    path = "/api/v1/passages?text=bo-2&match=fuzzy&order=best"
    _, page = ask_json(server, path, headers=VIEWER)

    assert [item["match"] for item in page["items"]] == [
        {"text": "BO2", "distance": 0.0, "alternative": True},
        {"text": "B02", "distance": 0.2, "alternative": False},
    ]
    assert "match" not in ask_json(server, "/api/v1/passages", headers=VIEWER)[1]["items"][0]


@pytest.mark.parametrize("order", ["newest", "best"])
def test_pages_lead_on_within_one_search_only(
    server: ApiServer, store: PassageStore, order: str
) -> None:
    kept = [keep(store, f"AB{number}", number) for number in range(5)]
    query = {"text": "AB", "match": "prefix", "order": order, "limit": 2}
    found: list[str] = []
    cursor = None
    while True:
        more = {} if cursor is None else {"cursor": cursor}
        path = f"/api/v1/passages?{urlencode({**query, **more})}"
        _, page = ask_json(server, path, headers=VIEWER)
        found += [item["text"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = page["next_cursor"]

    assert found == [one.text for one in reversed(kept)]
    other = urlencode({"text": "A", "match": "prefix", "order": order, "cursor": cursor})
    status, problem = ask_json(server, f"/api/v1/passages?{other}", headers=VIEWER)
    assert (status, problem["code"]) == (400, "cursor_invalid")


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("match=fuzzy&text=--", "query.text"),
        ("match=regex&text=(", "query.text"),
        ("match=regex&text=%5C1", "query.text"),
        ("match=regex&text=" + quote("(A{60}){60}"), "query.text"),
        ("text=" + "A" * 101, "query.text"),
        ("text=", "query.text"),
        ("text=%00", "query.text"),
        ("match=like&text=A", "query.match"),
        ("match=fuzzy&text=A&distance=4", "query.distance"),
        ("match=fuzzy&text=A&distance=nan", "query.distance"),
        ("camera=%2e%2e%2f", "query.camera.0"),
        ("direction=up", "query.direction"),
        ("order=oldest", "query.order"),
        ("since=yesterday", "query.since"),
        ("since=2026-13-01T00:00:00Z", "query.since"),
        ("min_confidence=2", "query.min_confidence"),
        ("known=maybe", "query.known"),
        ("list=a&list=b", "query.list"),
        ("colour=red", "query.colour"),
    ],
)
def test_what_is_no_search_is_told_with_its_place(
    server: ApiServer, store: PassageStore, query: str, where: str
) -> None:
    keep(store, "AAAA1111")

    status, problem = ask_json(server, f"/api/v1/passages?{query}", headers=VIEWER)

    assert status == 400
    assert where in [error["where"] for error in problem["errors"]]


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "%00", "..%2F", "A" * 48, "%F0%9F%9A%97"])
def test_foreign_cursor_is_refused(server: ApiServer, cursor: str) -> None:
    status, problem = ask_json(server, f"/api/v1/passages?cursor={cursor}", headers=VIEWER)

    assert (status, problem["code"]) in [(400, "cursor_invalid"), (400, "request_invalid")]


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-05-01t00:00:00.5%2B02:00"]
)
def test_times_as_far_as_dates_reach(server: ApiServer, moment: str) -> None:
    for name in ("since", "until"):
        assert ask(server, f"/api/v1/passages?{name}={moment}", headers=VIEWER)[0] == 200


def test_one_passage_with_its_votes(server: ApiServer, store: PassageStore) -> None:
    kept = keep(store, "AB1", verdict=Verdict("allow", "anna", True))
    path = f"/api/v1/passages/{kept.id}"

    status, found = ask_json(server, path, headers=VIEWER)

    assert status == 200
    assert found["verdict"]["vehicle"] == "anna"
    assert len(found["votes"]) == len(store.search.readings(kept.id))
    for vote in found["votes"]:
        assert set(vote) == {"taken_at", "text", "confidence", "quality", "box"}


@pytest.mark.parametrize("path", ["/api/v1/passages?limit=1", "/api/v1/passages/{id}"])
def test_what_is_held_is_not_sent_again(server: ApiServer, store: PassageStore, path: str) -> None:
    kept = keep(store, "AB1")
    request = f"GET {path.format(id=kept.id)} HTTP/1.1\r\nHost: localhost\r\nX-Who: viewer\r\n"
    first = raw(server, request)
    tag = next(line for line in first.split("\r\n") if line.startswith("Etag: "))[6:]

    assert raw(server, f"{request}If-None-Match: {tag}\r\n").startswith("HTTP/1.1 304")
    store.books.changes.correct(Correction(kept.id, "AB2", "anna"), Verdict())
    assert raw(server, f"{request}If-None-Match: {tag}\r\n").startswith("HTTP/1.1 200")


@pytest.mark.parametrize("kind", ["crop", "frame"])
def test_pictures_of_a_passage(
    server: ApiServer, store: PassageStore, tmp_path: Path, kind: str
) -> None:
    kept = keep(store, "AB1")
    file = tmp_path / "data" / str(getattr(kept, kind))
    path = f"/api/v1/passages/{kept.id}/{kind}"
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Who: viewer\r\n"

    assert ask(server, path, headers=VIEWER) == (200, file.read_bytes())
    answer = raw(server, request)
    assert "Content-Type: image/jpeg" in answer
    assert "Cache-Control: private, no-cache" in answer
    assert f'Etag: "{file.stem}"' in answer
    held = raw(server, f'{request}If-None-Match: "{file.stem}"\r\n')
    assert held.startswith("HTTP/1.1 304")
    assert held.endswith("\r\n\r\n")
    file.unlink()
    assert ask(server, path, headers=VIEWER)[0] == 404


@pytest.mark.parametrize("kind", ["", "/crop", "/frame"])
@pytest.mark.parametrize(
    "passage_id", ["nothing", "01900000-0000-7000-8000-000000000000", "..%2f", "%00"]
)
def test_unknown_passage_is_not_found(server: ApiServer, passage_id: str, kind: str) -> None:
    assert ask(server, f"/api/v1/passages/{passage_id}{kind}", headers=VIEWER)[0] == 404
