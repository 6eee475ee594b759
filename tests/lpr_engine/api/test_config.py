"""The configuration through the door, over a real file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lpr_engine.api.config import ConfigRoutes
from lpr_engine.api.server import ApiServer
from lpr_engine.app.configuring import ConfigDesk
from lpr_engine.config.desk import ConfigurationSource
from lpr_engine.config.loading import load
from lpr_engine.config.sections import Configuration
from tests.lpr_engine.api.serving import ADMIN, WHO, ask_json, serving

TEXT = """\
# The gate.
mqtt: {host: broker, username: joe, password: geheim}
retention: {passages_days: 90}
"""
CONFIG, VALIDATE = "/api/v1/config", "/api/v1/config/validate"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "home.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def server(file: Path) -> Iterator[ApiServer]:
    desk = ConfigDesk(load(file, {}).checked(), ConfigurationSource(file, {}), lambda *_: None)
    with serving([ConfigRoutes(desk)]) as server:
        yield server


def put(
    server: ApiServer, text: str, version: str | None = "*", query: str = ""
) -> tuple[int, Any]:
    tag = version if version in ("*", None) else f'"{version}"'
    headers = {**ADMIN, **({"If-Match": tag} if tag else {})}
    return ask_json(server, CONFIG + query, "PUT", {"text": text}, headers)


def test_configuration_is_read_without_its_secrets(server: ApiServer, file: Path) -> None:
    status, config = ask_json(server, CONFIG, headers=ADMIN)
    assert status == 200
    assert "geheim" not in json.dumps(config)
    assert "joe" not in json.dumps(config)
    assert config["values"]["mqtt"]["host"] == "broker"
    assert config["text"].startswith("# The gate.\n")
    assert config["origins"]["mqtt.host"] == {
        "from": "file", "line": 2, "column": 8, "variable": None,
    }  # fmt: skip
    assert config["origins"]["mqtt.port"]["from"] == "default"
    assert config["path"] == str(file)
    assert config["mistakes"] == config["restart_needed"] == []


def test_what_was_read_and_changed_is_written(server: ApiServer, file: Path) -> None:
    _, config = ask_json(server, CONFIG, headers=ADMIN)
    status, plan = put(server, config["text"].replace("90", "14"), config["version"])
    assert status == 200
    assert file.read_text(encoding="utf-8") == TEXT.replace("90", "14")
    assert plan["written"] is True
    assert plan["changes"] == [
        {"key": "retention.passages_days", "before": 90, "after": 14, "live": True}
    ]
    assert plan["version"] == ask_json(server, CONFIG, headers=ADMIN)[1]["version"]


def test_dry_run_and_validation_write_nothing(server: ApiServer, file: Path) -> None:
    text = TEXT.replace("host: broker", "host: other")
    for status, plan in (
        put(server, text, None, "?dry_run=true"),
        ask_json(server, VALIDATE, "POST", {"text": text}, ADMIN),
    ):
        assert status == 200
        assert (plan["written"], plan["restart_needed"]) == (False, ["mqtt.host"])
        assert "+mqtt: {host: other" in plan["text_difference"]
        assert "geheim" not in json.dumps(plan)
    assert file.read_text(encoding="utf-8") == TEXT


def test_every_mistake_is_told_with_its_place(server: ApiServer, file: Path) -> None:
    text = "retention: {passages_days: many}\nmqtt: {hots: geheim}\n"
    for status, problem in (
        put(server, text),
        ask_json(server, VALIDATE, "POST", {"text": text}, ADMIN),
    ):
        assert (status, problem["code"]) == (400, "config_invalid")
        assert problem["errors"] == [
            {
                "where": "retention.passages_days",
                "detail": "text stands here; expected a whole number from 0 to 36500",
                "line": 1,
                "column": 28,
            },
            {
                "where": "mqtt.hots",
                "detail": problem["errors"][1]["detail"],
                "line": 2,
                "column": 8,
            },
        ]
        assert "did you mean `host`?" in problem["errors"][1]["detail"]
        assert "geheim" not in json.dumps(problem)
    assert file.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("mqtt: {", "text"),
        ("", "text"),
        ("a: \x07", "text"),
        ("[]", "text"),
        ("mqtt: {host: !secret gone}", "mqtt.host"),
        ("&a [*a]", "text"),
        ("x: &a [1]\ny: &b [*a, *a]\nz: &c [*b, *b]\n", "x"),
        ("\u202e: 1", "?..."),
        ("'" * 100_000, "text"),
        ("[" * 10_000, "text"),
    ],
)
def test_hostile_texts_are_refused_with_a_place(server: ApiServer, text: str, where: str) -> None:
    status, problem = ask_json(server, VALIDATE, "POST", {"text": text}, ADMIN)
    assert (status, problem["code"]) == (400, "config_invalid")
    assert where in [error["where"] for error in problem["errors"]]


def test_who_changed_the_file_meanwhile_is_not_overwritten(server: ApiServer, file: Path) -> None:
    _, config = ask_json(server, CONFIG, headers=ADMIN)
    file.write_text(TEXT + "# mine\n", encoding="utf-8")
    status, problem = put(server, TEXT, config["version"])
    assert (status, problem["code"]) == (412, "config_changed")
    assert file.read_text(encoding="utf-8") == TEXT + "# mine\n"


@pytest.mark.parametrize(
    ("tag", "status", "code"),
    [
        (None, 428, "if_match_missing"),
        ('"one", "two"', 400, "request_invalid"),
        ('W/"one"', 400, "request_invalid"),
        ("nonsense", 428, "if_match_missing"),
    ],
)
def test_version_is_needed(server: ApiServer, tag: str | None, status: int, code: str) -> None:
    headers = {**ADMIN, **({"If-Match": tag} if tag else {})}
    got, problem = ask_json(server, CONFIG, "PUT", {"text": TEXT}, headers)
    assert (got, problem["code"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"text": 5}, 400),
        ({"text": "a: 1", "more": 1}, 400),
        ([], 400),
        (b"{", 400),
        ({"text": "#" * 300_000}, 413),
    ],
)
def test_bodies_of_another_form_are_refused(server: ApiServer, body: object, status: int) -> None:
    for method, path in (("PUT", CONFIG), ("POST", VALIDATE)):
        assert ask_json(server, path, method, body, {**ADMIN, "If-Match": "*"})[0] == status


@pytest.mark.parametrize("who", ["viewer", "operator", "key:metrics,read,operate"])
def test_only_admins_come_here(server: ApiServer, who: str) -> None:
    for method, path in (("GET", CONFIG), ("PUT", CONFIG), ("POST", VALIDATE)):
        body = None if method == "GET" else {"text": TEXT}
        assert ask_json(server, path, method, body, {WHO: who})[0] == 403


def test_engine_without_a_file_says_so() -> None:
    desk = ConfigDesk(Configuration(), None, lambda *_: None)
    with serving([ConfigRoutes(desk)]) as server:
        status, config = ask_json(server, CONFIG, headers=ADMIN)
        assert (status, config["text"], config["path"]) == (200, None, None)
        status, problem = put(server, TEXT)
        assert (status, problem["code"]) == (409, "config_without_file")


def test_file_that_cannot_be_written_is_told(
    server: ApiServer, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("os.fsync", refuse)
    status, problem = put(server, TEXT.replace("90", "14"))
    assert (status, problem["code"]) == (503, "config_file_failed")
    assert file.read_text(encoding="utf-8") == TEXT
