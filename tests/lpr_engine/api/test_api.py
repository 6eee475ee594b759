"""The HTTP door over a real store: what it answers, and whom it turns away."""

from __future__ import annotations

import dataclasses
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uuid6

from lpr_engine.api.health import HealthRoutes
from lpr_engine.api.hosts import is_loopback
from lpr_engine.api.metrics import Metrics
from lpr_engine.api.passages import PassageRoutes
from lpr_engine.api.route import RouteGroup
from lpr_engine.api.server import ApiServer
from lpr_engine.config.sections import ApiSection, StorageSection
from lpr_engine.model.errors import ApiError
from lpr_engine.model.figures import EngineFigures, HostFigures
from lpr_engine.model.passage import Passage
from lpr_engine.model.search import PassagePage
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.api.serving import WHO, ask, ask_json, raw, serving
from tests.lpr_engine.pipeline.scripted import START, update

TOKEN = "a-token-of-decent-length"
VIEWER = {WHO: "viewer"}
AS_VIEWER = f"{WHO}: viewer\r\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PassageStore]:
    store = PassageStore(StorageSection(directory=tmp_path / "data")).open()
    yield store
    store.close()


@pytest.fixture
def problems() -> list[str]:
    return []


@pytest.fixture
def server(store: PassageStore, tmp_path: Path, problems: list[str]) -> Iterator[ApiServer]:
    with serving(groups(store, tmp_path / "data" / "media", problems)) as server:
        yield server


def groups(store: PassageStore, media: Path, problems: list[str]) -> list[RouteGroup]:
    def figures() -> EngineFigures:
        return EngineFigures(
            START,
            1.0,
            HostFigures(1, 1, 1, 1),
            0,
            problems=tuple(problems),
            notices=("MQTT: no answer",),
        )

    return [HealthRoutes("drive", "1.2.3", figures, Metrics()), PassageRoutes(store.search, media)]


def keep(store: PassageStore, text: str, camera: str = "gate") -> Passage:
    one = update(camera, text=text)
    return store.commit(
        dataclasses.replace(one, passage=dataclasses.replace(one.passage, id=str(uuid6.uuid7())))
    )


def test_alive_and_ready(server: ApiServer, problems: list[str]) -> None:
    assert ask_json(server, "/healthz") == (200, {"status": "ok", "version": "1.2.3"})
    assert ask_json(server, "/readyz") == (200, {"ready": True})
    problems.append("the disk is full")
    assert ask_json(server, "/readyz") == (503, {"ready": False})
    assert ask_json(server, "/readyz", headers=VIEWER) == (
        503,
        {"ready": False, "problems": ["the disk is full"], "notices": ["MQTT: no answer"]},
    )


def test_passages_come_newest_first_in_pages(server: ApiServer, store: PassageStore) -> None:
    kept = [keep(store, f"AB{number}") for number in range(7)]
    texts: list[str] = []
    path = "/api/v1/passages?limit=3"
    for _ in range(3):
        status, page = ask_json(server, path, headers=VIEWER)
        assert status == 200
        texts += [item["text"] for item in page["items"]]
        path = f"/api/v1/passages?limit=3&cursor={page['next_cursor']}"
    assert page["next_cursor"] is None
    assert texts == [one.text for one in reversed(kept)]


def test_one_passage_and_its_pictures(server: ApiServer, store: PassageStore) -> None:
    kept = keep(store, "LS15EBC")
    status, found = ask_json(server, f"/api/v1/passages/{kept.id}", headers=VIEWER)
    assert (status, found["text"], found["id"]) == (200, "LS15EBC", kept.id)
    for path in (found["crop"], found["frame"]):
        status, picture = ask(server, f"/api/v1/{path}", headers=VIEWER)
        assert status == 200
        assert picture[:2] == b"\xff\xd8"


def test_filters(server: ApiServer, store: PassageStore) -> None:
    keep(store, "AA1", "gate")
    keep(store, "BB2", "yard")
    _, page = ask_json(server, "/api/v1/passages?camera=yard&stage=final", headers=VIEWER)
    assert [item["text"] for item in page["items"]] == ["BB2"]
    assert ask_json(server, "/api/v1/passages?stage=preview", headers=VIEWER)[1]["items"] == []


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/passages?limit=0", 400, "request_invalid"),
        ("/api/v1/passages?limit=501", 400, "request_invalid"),
        ("/api/v1/passages?limit=9999999999", 400, "request_invalid"),
        ("/api/v1/passages?limit=%D9%A1", 400, "request_invalid"),
        ("/api/v1/passages?cursor=%00'%20OR%201", 400, "request_invalid"),
        ("/api/v1/passages?cursor='%20OR%201", 400, "cursor_invalid"),
        ("/api/v1/passages?camera=%2e%2e%2f", 400, "request_invalid"),
        ("/api/v1/passages?stage=done", 400, "request_invalid"),
        ("/api/v1/passages/nothing", 404, "not_found"),
        ("/api/v1/passages/01900000-0000-7000-8000-000000000000", 404, "not_found"),
        ("/api/v1/media/../lpr.sqlite3", 404, "not_found"),
        ("/api/v1/media/%2e%2e%2flpr.sqlite3", 404, "not_found"),
        ("/api/v1/media/ab/" + "a" * 64 + ".jpg", 404, "not_found"),
        ("/", 404, "not_found"),
    ],
)
def test_bad_requests_say_what_is_wrong(
    server: ApiServer, path: str, status: int, code: str
) -> None:
    got, problem = ask_json(server, path, headers=VIEWER)
    assert (got, problem["code"], problem["status"]) == (status, code, status)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_what_may_not_be_done_is_told_with_what_may(server: ApiServer, method: str) -> None:
    answer = raw(server, f"{method} /api/v1/passages HTTP/1.1\r\nHost: localhost\r\n")
    assert answer.startswith("HTTP/1.1 405")
    assert "allow: get,head" in answer.lower()
    assert '"code": "method_not_allowed"' in answer
    assert "application/problem+json" in answer


def test_head_is_answered_like_get_without_the_body(server: ApiServer) -> None:
    answer = raw(server, "HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n")
    assert answer.startswith("HTTP/1.1 200")
    assert answer.endswith("\r\n\r\n")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("Host: LOCALHOST:8099", 200),
        ("Host: localhost.", 200),
        ("Host: localhost.:8099", 200),
        ("Host: [::1]:8099", 200),
        ("Host: 127.0.0.1", 200),
        ("Host: 127.0.0.1.evil.example", 403),
        ("Host: evil.example:127.0.0.1", 403),
        ("Host: ", 200),
        ("X-No: host", 200),
    ],
)
def test_odd_host_names(server: ApiServer, host: str, status: int) -> None:
    assert raw(server, f"GET /healthz HTTP/1.0\r\n{host}\r\n").split()[1] == str(status)


def test_oversized_headers_and_garbage_end_in_an_error_and_not_in_the_server(
    server: ApiServer,
) -> None:
    assert raw(server, f"GET /healthz HTTP/1.1\r\nX: {'a' * 100_000}\r\n").split()[1] == "400"
    assert raw(server, "\x16\x03\x01 not http").split()[1] == "400"
    assert ask_json(server, "/healthz")[0] == 200


def test_a_defect_shows_nothing_of_itself(tmp_path: Path, store: PassageStore) -> None:
    def explode() -> EngineFigures:
        raise ZeroDivisionError("a secret of the inside")

    with serving([HealthRoutes("drive", "1", explode, Metrics())]) as server:
        status, body = ask(server, "/readyz")
    assert (status, json.loads(body)["code"]) == (500, "internal_error")
    assert b"secret" not in body


def test_a_store_that_hangs_is_told_and_blocks_nobody_else(
    tmp_path: Path, store: PassageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()

    class HangingSearch:
        def find(self, *_: object) -> PassagePage:
            released.wait()
            return PassagePage((), None)

        def get(self, _: str) -> None:
            return None

    monkeypatch.setattr("lpr_engine.api.asking._ANSWER_S", 0.1)
    figures = EngineFigures(START, 1.0, HostFigures(1, 1, 1, 1), 0)
    hanging = [
        HealthRoutes("drive", "1", lambda: figures, Metrics()),
        PassageRoutes(HangingSearch(), tmp_path),
    ]
    with serving(hanging) as server:
        try:
            status, problem = ask_json(server, "/api/v1/passages", headers=VIEWER)
            assert (status, problem["code"]) == (503, "timed_out")
            assert ask_json(server, "/healthz")[0] == 200
        finally:
            released.set()


def test_pictures_may_be_kept_by_browsers_and_lists_may_not(
    server: ApiServer, store: PassageStore
) -> None:
    kept = keep(store, "LS15EBC")
    picture = raw(server, f"HEAD /api/v1/{kept.crop} HTTP/1.1\r\nHost: localhost\r\n{AS_VIEWER}")
    assert "immutable" in picture
    assert "no-store" not in picture
    assert "no-store" in raw(
        server, f"HEAD /api/v1/passages HTTP/1.1\r\nHost: localhost\r\n{AS_VIEWER}"
    )


def test_foreign_host_names_are_turned_away(server: ApiServer) -> None:
    for host, status in (("evil.example", 403), ("localhost:8099", 200)):
        assert ask(server, "/api/v1/passages", headers={"Host": host, **VIEWER})[0] == status


@pytest.mark.parametrize(
    ("host", "port"), [("no.such.host.invalid", 0), ("127.0.0.1", 70_000), ("a" * 70, 0)]
)
def test_places_that_cannot_be_listened_on_are_named(host: str, port: int) -> None:
    section = ApiSection(host=host, port=port, token=TOKEN)
    with pytest.raises(ApiError, match=f"cannot listen on {host}:{port}"), serving([], section):
        pass


def test_addresses_of_version_6_are_bracketed() -> None:
    with serving([], ApiSection(host="::1", port=0)) as server:
        assert server.url == f"http://[::1]:{server.port}"


def test_port_in_use_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = pytest.raises(ApiError, match=rf"127\.0\.0\.1:{port}.*[Ii]n use")
        with refused, serving([], ApiSection(port=port)):
            pass


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),  # noqa: S104 - what is tested
        ("192.168.1.5", False),
        ("localhost.evil.example", False),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
