"""Cameras over a real pipeline: how they are, how it looks there now, and who may change them."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import uuid6
from jsonschema import Draft202012Validator

from lpr_engine.api.camera_desk import shows_now
from lpr_engine.api.schemas.cameras import CAMERA_STATE
from lpr_engine.model.figures import CameraFigures, CameraHealth
from tests.lpr_engine.api.live_house import (
    OPERATOR,
    VIEWER,
    EndlessSource,
    House,
    house,
    number_in,
)
from tests.lpr_engine.api.serving import ask, ask_json, raw
from tests.lpr_engine.pipeline.scripted import ScriptedSource, update, wait_for

GATE = "/api/v1/cameras/gate"
AS_VIEWER = "Host: localhost\r\nX-Who: viewer\r\n"


def wait_for_picture(built: House, camera: str = "gate") -> None:
    assert wait_for(lambda: built.feed.latest(camera) is not None)


def decoded(jpeg: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def test_all_cameras_on_one_page(tmp_path: Path) -> None:
    silent = lambda: ScriptedSource([], hangs=True)  # noqa: E731
    with house(tmp_path, {"gate": EndlessSource, "yard": silent}) as built:
        wait_for_picture(built)
        status, page = ask_json(built.server, "/api/v1/cameras", headers=VIEWER)
    assert (status, page["next_cursor"]) == (200, None)
    gate, yard = page["items"]
    assert (gate["id"], gate["name"], gate["health"]) == ("gate", "Gate", "streaming")
    assert gate["frames_decoded"] > 0
    assert (yard["id"], yard["name"], yard["last_frame_at"]) == ("yard", "yard", None)
    Draft202012Validator(CAMERA_STATE).validate(gate)
    assert "secret" not in json.dumps(page)


def test_one_camera_with_what_it_saw_last(tmp_path: Path) -> None:
    with house(tmp_path, {"gate": EndlessSource}) as built:
        assert ask_json(built.server, GATE, headers=VIEWER)[1]["last_passage"] is None
        one = update("gate", text="LS15EBC")
        named = dataclasses.replace(one.passage, id=str(uuid6.uuid7()))
        kept = built.store.commit(dataclasses.replace(one, passage=named))
        status, camera = ask_json(built.server, GATE, headers=VIEWER)
    assert status == 200
    assert (camera["last_passage"]["id"], camera["last_passage"]["text"]) == (kept.id, "LS15EBC")


def test_an_operator_switches_a_camera_and_sets_its_threshold(tmp_path: Path) -> None:
    with house(tmp_path, {"gate": EndlessSource}) as built:
        change = {"enabled": False, "confidence": 0.75}
        status, camera = ask_json(built.server, GATE, "PATCH", change, OPERATOR)
        assert (status, camera["enabled"], camera["confidence"]) == (200, False, 0.75)
        assert camera["health"] == "disabled"
        assert built.pipeline.confidence("gate") == 0.75
        status, camera = ask_json(built.server, GATE, "PATCH", {"enabled": True}, OPERATOR)
        assert (status, camera["enabled"], camera["confidence"]) == (200, True, 0.75)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"enabled": 1},
        {"enabled": None},
        {"confidence": 2},
        {"confidence": "1"},
        {"id": "x"},
        [],
        7,
    ],
)
def test_what_cannot_be_set_is_named_and_changes_nothing(tmp_path: Path, change: Any) -> None:
    with house(tmp_path, {"gate": EndlessSource}) as built:
        status, problem = ask_json(built.server, GATE, "PATCH", change, OPERATOR)
        assert (status, problem["code"]) == (400, "request_invalid")
        assert problem["errors"][0]["where"].startswith("body")
        assert built.pipeline.feeds["gate"].enabled
        assert built.pipeline.confidence("gate") == 0.5


@pytest.mark.parametrize(
    ("method", "path"), [("PATCH", GATE), ("POST", GATE + "/snapshot")], ids=["change", "snapshot"]
)
def test_a_viewer_changes_nothing(tmp_path: Path, method: str, path: str) -> None:
    with house(tmp_path, {"gate": EndlessSource}) as built:
        body = {"enabled": False} if method == "PATCH" else None
        assert ask_json(built.server, path, method, body, VIEWER)[0] == 403
        assert ask_json(built.server, path, method, body)[0] == 401
        assert built.pipeline.feeds["gate"].enabled


@pytest.mark.parametrize("path", ["", "/picture", "/snapshot"])
def test_a_camera_that_is_not_there_is_named(tmp_path: Path, path: str) -> None:
    method = "POST" if path == "/snapshot" else "GET"
    with house(tmp_path, {"gate": EndlessSource}) as built:
        url = f"/api/v1/cameras/nowhere{path}"
        status, problem = ask_json(built.server, url, method, headers=OPERATOR)
        assert (status, problem["code"]) == (404, "camera_unknown")
        assert "nowhere" in problem["detail"]
        assert (
            ask_json(built.server, "/api/v1/cameras/%2e%2e" + path, method, None, OPERATOR)[0]
            == 404
        )


def test_the_picture_is_the_newest_frame_with_its_boxes_or_without(tmp_path: Path) -> None:
    with house(tmp_path, {"gate": EndlessSource}) as built:
        wait_for_picture(built)
        status, plain = ask(built.server, GATE + "/picture?annotated=false", headers=VIEWER)
        assert status == 200
        first = number_in(decoded(plain))
        assert wait_for(lambda: built.feed.latest("gate").shown.frame.number > first)
        _, annotated = ask(built.server, GATE + "/picture?quality=95", headers=VIEWER)
        assert number_in(decoded(annotated)) > first
        _, small = ask(built.server, GATE + "/picture?width=64", headers=VIEWER)
        assert decoded(small).shape == (36, 64, 3)
    assert [form.annotated for _, form in built.painter.painted] == [False, True, True]
    assert np.ptp(decoded(annotated)[:40]) > 100 > np.ptp(decoded(plain)[:40])


def test_a_picture_that_is_held_already_is_not_sent_again(tmp_path: Path) -> None:
    one = [frame for frame, _ in zip(EndlessSource().frames(), range(1), strict=False)]
    with house(tmp_path, {"gate": lambda: ScriptedSource(one, hangs=True)}) as built:
        wait_for_picture(built)
        first = raw(built.server, f"GET {GATE}/picture HTTP/1.1\r\n{AS_VIEWER}")
        tag = first.partition("Etag: ")[2].partition("\r\n")[0]
        assert "Cache-Control: private, no-cache" in first
        assert "X-Taken-At: 2026-01-01T00:00:00.000Z" in first
        held = f"GET {GATE}/picture HTTP/1.1\r\n{AS_VIEWER}If-None-Match: {tag}\r\n"
        assert raw(built.server, held).startswith("HTTP/1.1 304")
        other = f"GET {GATE}/picture?width=64 HTTP/1.1\r\n{AS_VIEWER}If-None-Match: {tag}\r\n"
        assert raw(built.server, other).startswith("HTTP/1.1 200")
        assert len(built.painter.painted) == 2


def test_a_camera_that_shows_nothing_now_shows_no_old_picture(tmp_path: Path) -> None:
    silent = lambda: ScriptedSource([], hangs=True)  # noqa: E731
    with house(tmp_path, {"gate": EndlessSource, "yard": silent}) as built:
        wait_for_picture(built)
        ask_json(built.server, GATE, "PATCH", {"enabled": False}, OPERATOR)
        for camera in ("gate", "yard"):
            path = f"/api/v1/cameras/{camera}"
            status, problem = ask_json(built.server, path + "/picture", headers=VIEWER)
            assert (status, problem["code"]) == (409, "camera_silent")
            status, problem = ask_json(built.server, path + "/snapshot", "POST", headers=OPERATOR)
            assert (status, problem["code"]) == (409, "camera_silent")


@pytest.mark.parametrize(
    ("health", "enabled", "age_s", "shows"),
    [
        (CameraHealth.STREAMING, True, 9.0, True),
        (CameraHealth.STREAMING, True, 11.0, False),
        (CameraHealth.RECONNECTING, True, 11.0, False),
        (CameraHealth.ENDED, True, 3600.0, True),
        (CameraHealth.DISABLED, False, 1.0, False),
    ],
)
def test_how_old_a_picture_may_be(
    health: CameraHealth, enabled: bool, age_s: float, shows: bool
) -> None:
    camera = CameraFigures("gate", health, 0, 0, 0, 0, 0, enabled=enabled)
    assert shows_now(camera, age_s) is shows


def test_a_snapshot_is_kept_and_can_be_fetched(tmp_path: Path) -> None:
    with house(tmp_path, {"gate": EndlessSource}) as built:
        wait_for_picture(built)
        status, kept = ask_json(built.server, GATE + "/snapshot", "POST", headers=OPERATOR)
        assert (status, kept["camera"]) == (201, "gate")
        status, picture = ask(built.server, f"/api/v1/{kept['media']}", headers=VIEWER)
    assert status == 200
    assert decoded(picture).shape == (72, 128, 3)
