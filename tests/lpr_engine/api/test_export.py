"""Exports over real sockets: whole, safe to open, ended when nobody takes them."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
import socket
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
import uuid6

from lpr_engine.api import export
from lpr_engine.api.export import ExportRoutes
from lpr_engine.api.passages import PassageRoutes
from lpr_engine.api.server import ApiServer
from lpr_engine.config.sections import StorageSection
from lpr_engine.model.clock import SystemClock
from lpr_engine.model.errors import StoreError
from lpr_engine.model.kept import KeptPassage
from lpr_engine.model.passage import Passage
from lpr_engine.model.search import PassageFilter
from lpr_engine.store import search
from lpr_engine.store.media import MEDIA_NAME
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.api.serving import WHO, ask, ask_json, raw, serving
from tests.lpr_engine.pipeline.scripted import START, update, wait_for

VIEWER = {WHO: "viewer"}
PATH = "/api/v1/passages/export"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PassageStore]:
    with PassageStore(StorageSection(directory=tmp_path / "data")) as store:
        yield store


@pytest.fixture
def server(store: PassageStore, tmp_path: Path) -> Iterator[ApiServer]:
    media = tmp_path / "data" / MEDIA_NAME
    routes = [PassageRoutes(store.search, media), ExportRoutes(store.search, media, SystemClock())]
    with serving(routes) as server:
        yield server


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "WALK_STEP", 3)


def keep(store: PassageStore, text: str, minute: int = 0, camera: str = "gate") -> Passage:
    one = update(camera, text=text)
    seen = START + timedelta(minutes=minute)
    passage = dataclasses.replace(
        one.passage, id=str(uuid6.uuid7()), first_seen=seen, last_seen=seen
    )
    return store.commit(dataclasses.replace(one, passage=passage))


def exported(server: ApiServer, query: str = "") -> bytes:
    status, body = ask(server, f"{PATH}?{query}", headers=VIEWER)
    assert status == 200, body
    return body


def texts_of(body: bytes) -> list[str]:
    return [row["text"] for row in csv.DictReader(io.StringIO(body.decode(), newline=""))]


@pytest.mark.usefixtures("small_steps")
def test_every_format_holds_the_whole_search(server: ApiServer, store: PassageStore) -> None:
    kept = [keep(store, f"AB{number}", number) for number in range(7)]
    keep(store, "XX1")
    wanted = [one.text for one in reversed(kept)]
    query = "text=AB&match=prefix"

    assert texts_of(exported(server, query)) == wanted
    array = json.loads(exported(server, f"{query}&format=json"))
    lines = [json.loads(line) for line in exported(server, f"{query}&format=ndjson").splitlines()]
    assert [one["text"] for one in array] == wanted
    assert lines == array
    _, page = ask_json(server, f"/api/v1/passages/{kept[0].id}", headers=VIEWER)
    assert array[-1].items() <= page.items()


@pytest.mark.parametrize(
    ("query", "kind", "name"),
    [
        ("", "text/csv; charset=utf-8", "passages.csv"),
        ("format=json", "application/json; charset=utf-8", "passages.json"),
        ("format=ndjson", "application/x-ndjson; charset=utf-8", "passages.ndjson"),
        ("pictures=true", "application/zip", "passages.zip"),
    ],
)
def test_answer_says_what_it_is(server: ApiServer, query: str, kind: str, name: str) -> None:
    answer = raw(server, f"GET {PATH}?{query} HTTP/1.1\r\nHost: localhost\r\nX-Who: viewer\r\n")

    assert answer.startswith("HTTP/1.1 200")
    assert f"Content-Type: {kind}\r\n" in answer
    assert f'Content-Disposition: attachment; filename="{name}"' in answer
    assert "no-store" in answer


@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize("form", ["csv", "json", "ndjson"])
def test_archive_holds_text_and_pictures(
    server: ApiServer, store: PassageStore, tmp_path: Path, form: str
) -> None:
    kept = [
        keep(store, text, number) for number, text in enumerate(("AB1", "../../ü", "AB3", "AB4"))
    ]
    (tmp_path / "data" / str(kept[0].frame)).unlink()

    with zipfile.ZipFile(io.BytesIO(exported(server, f"pictures=true&format={form}"))) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        text = archive.read(f"passages.{form}")
        pictures = {name: archive.read(name) for name in names if name.startswith("pictures/")}

    assert text == exported(server, f"format={form}")
    # All of them show the same picture, one file of which was taken away.
    assert len(pictures) == len(kept)
    assert all(name.endswith("_crop.jpg") for name in pictures)
    assert all(re.fullmatch(r"pictures/[A-Za-z0-9_.-]+", name) for name in pictures)
    assert sorted(name.split("_")[3] for name in pictures) == sorted(one.id for one in kept)
    assert set(pictures.values()) == {(tmp_path / "data" / str(kept[0].crop)).read_bytes()}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("match=regex&text=(", "search_invalid"),
        ("match=fuzzy&text=--", "search_invalid"),
        ("format=xls", "request_invalid"),
        ("limit=5", "request_invalid"),
        ("pictures=1", "request_invalid"),
    ],
)
def test_mistakes_are_told_before_anything_is_sent(
    server: ApiServer, query: str, code: str
) -> None:
    status, problem = ask_json(server, f"{PATH}?{query}", headers=VIEWER)

    assert (status, problem["code"]) == (400, code)


@pytest.mark.usefixtures("small_steps")
def test_export_is_what_was_kept_when_it_began(store: PassageStore) -> None:
    kept = [keep(store, f"AB{number}", number) for number in range(8)]
    walk = store.search.walk(PassageFilter())
    found = list(next(walk))
    keep(store, "LATE", -1)
    keep(store, "NEW", 99)
    for step in walk:
        found += step

    assert [one.as_json()["id"] for one in found] == [one.id for one in reversed(kept)]


@pytest.mark.usefixtures("small_steps")
def test_commits_go_on_while_an_export_is_taken_slowly(
    server: ApiServer, store: PassageStore
) -> None:
    kept = [keep(store, f"AB{number}", number) for number in range(30)]
    with open_export(server) as stream:
        for number in range(20):
            keep(store, f"NEW{number}", 100)
        body = b"".join(iter(lambda: stream.recv(100), b""))

    assert all(one.text.encode() in body for one in kept)


def open_export(server: ApiServer, query: str = "") -> socket.socket:
    stream = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    head = f"GET {PATH}?{query} HTTP/1.1\r\nHost: localhost\r\nX-Who: viewer\r\n"
    stream.sendall(f"{head}Connection: close\r\n\r\n".encode())
    return stream


class EndlessSearch:
    """A store that never comes to an end; counts the steps that were taken of it."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.steps = 0
        self.walking = threading.Event()
        self._fails_at = fails_at

    def walk(self, _: PassageFilter) -> Iterator[tuple[KeptPassage, ...]]:
        self.walking.set()
        try:
            while True:
                self.steps += 1
                if self.steps == self._fails_at:
                    raise StoreError("the disk is gone")
                yield (KeptPassage('{"crop":null,"frame":null}', 1, None, None),) * 1000
        finally:
            self.walking.clear()


def serving_export_of(endless: EndlessSearch, folder: Path) -> AbstractContextManager[ApiServer]:
    return serving([ExportRoutes(endless, folder, SystemClock())])  # type: ignore[arg-type]


@pytest.mark.parametrize("query", ["format=ndjson", "format=ndjson&pictures=true"])
def test_client_that_goes_away_ends_its_export(tmp_path: Path, query: str) -> None:
    endless = EndlessSearch()
    with serving_export_of(endless, tmp_path) as server:
        stream = open_export(server, query)
        assert wait_for(lambda: endless.steps > 3)
        stream.close()

        assert wait_for(lambda: not endless.walking.is_set())


def test_client_that_takes_nothing_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_TAKEN_WITHIN_S", 0.2)
    endless = EndlessSearch()
    with serving_export_of(endless, tmp_path) as server, open_export(server, "format=ndjson"):
        assert wait_for(lambda: endless.steps > 3)
        assert wait_for(lambda: not endless.walking.is_set())


def test_export_that_breaks_off_is_plainly_unfinished(tmp_path: Path) -> None:
    failing = EndlessSearch(fails_at=5)
    with serving_export_of(failing, tmp_path) as server:
        stream = open_export(server, "format=json")
        body = b""
        with stream, suppress(ConnectionResetError):
            while chunk := stream.recv(65536):
                body += chunk

    assert not body.endswith(b"0\r\n\r\n")


def test_third_export_at_once_is_sent_away(tmp_path: Path) -> None:
    endless = EndlessSearch()
    with serving_export_of(endless, tmp_path) as server:
        streams = [open_export(server, "format=ndjson") for _ in range(2)]
        assert [stream.recv(12) for stream in streams] == [b"HTTP/1.1 200"] * 2
        status, problem = ask_json(server, PATH, headers=VIEWER)
        for stream in streams:
            stream.close()

        assert (status, problem["code"]) == (429, "too_many_exports")
        assert wait_for(lambda: not endless.walking.is_set())


def test_server_that_stops_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    endless = EndlessSearch()
    with serving_export_of(endless, tmp_path) as server:
        stream = open_export(server, "format=ndjson&pictures=true")
        assert wait_for(lambda: endless.steps > 30)
        begun_s = time.monotonic()
        server.stop()
        assert time.monotonic() - begun_s < 5
        stream.close()

    assert list((tmp_path / "temporary").iterdir()) == []
