"""Health as the contract tells it, and metrics as Prometheus reads them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from lpr_engine.api.health import HealthRoutes
from lpr_engine.api.metrics import FiguresCollector, Metrics
from lpr_engine.api.server import ApiServer
from lpr_engine.api.table import RouteTable
from lpr_engine.config.sections import ApiSection
from lpr_engine.model.figures import (
    CameraFigures,
    CameraHealth,
    EngineFigures,
    HostFigures,
    StageTiming,
)
from tests.lpr_engine.api.serving import WHO, ScriptedEntrance, ask, ask_json
from tests.lpr_engine.pipeline.scripted import START, update

CONTRACT = Path(__file__).parents[2] / "contract"
FIGURES = EngineFigures(
    START,
    86_400.4,
    HostFigures(41.5, 63.2, 512.3, 20_480.0, temperature_c=58.5),
    2,
    (
        CameraFigures("gate", CameraHealth.STREAMING, 9.9, 3, 86_012, 12, 1,
                      last_frame_at=START - timedelta(seconds=1)),
        CameraFigures("yard", CameraHealth.RECONNECTING, 0, 0, 0, 0, 4, last_error="x"),
    ),
    (StageTiming("detect", 1200, 21.5, 34.25),),
    ("no space left in /data",),
    ("camera yard: reconnecting",),
    backlog_depth=5,
    revisions_lost=7,
)  # fmt: skip


@pytest.fixture
def metrics() -> Metrics:
    metrics = Metrics()
    metrics.show(FiguresCollector(lambda: FIGURES, "1.2.3"))
    return metrics


@pytest.fixture
def server(metrics: Metrics) -> Iterator[ApiServer]:
    group = HealthRoutes("drive", "1.2.3", lambda: FIGURES, metrics)
    server = ApiServer(ApiSection(port=0), RouteTable([group]), ScriptedEntrance(), metrics)
    server.start()
    yield server
    server.stop()


def samples(server: ApiServer, **headers: str) -> dict[tuple[str, frozenset[Any]], float]:
    status, text = ask(server, "/metrics", headers={WHO: "key:metrics", **headers})
    assert status == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def test_health_has_the_form_of_the_contract_s_example(server: ApiServer) -> None:
    status, health = ask_json(server, "/api/v1/health", headers={WHO: "viewer"})
    example = json.loads((CONTRACT / "health.json").read_text())
    assert status == 200
    assert set(health) == set(example)
    assert health["host"] == example["host"]
    assert set(health["cameras"][0]) == set(example["cameras"][0])
    assert health["stages"] == [example["stages"][0]]


def test_reasons_are_for_whom_may_look(server: ApiServer) -> None:
    assert ask_json(server, "/readyz") == (503, {"ready": False})
    assert ask_json(server, "/readyz", headers={WHO: "key:metrics"}) == (503, {"ready": False})
    _, told = ask_json(server, "/readyz", headers={WHO: "key:read"})
    assert told["problems"] == ["no space left in /data"]


def test_metrics_show_what_is_and_count_what_happens(server: ApiServer, metrics: Metrics) -> None:
    metrics.observe("detect", 21.5)
    metrics.observe("detect", 700)
    passage = dataclasses.replace(update("gate").passage)
    metrics.passage_committed(passage, update("gate"))
    ask(server, "/healthz")
    ask(server, "/made/up/by/somebody")
    found = samples(server)
    gate = frozenset({("camera", "gate")})
    assert found["lpr_outbox_depth", frozenset()] == 2
    assert found["lpr_backlog_depth", frozenset()] == 5
    assert found["lpr_revisions_lost_total", frozenset()] == 7
    assert found["lpr_ready", frozenset()] == 0
    assert found["lpr_problems", frozenset()] == 1
    assert found["lpr_host_cpu_ratio", frozenset()] == pytest.approx(0.415)
    assert found["lpr_host_temperature_celsius", frozenset()] == 58.5
    assert ("lpr_host_power_watts", frozenset()) not in found
    assert found["lpr_camera_up", gate] == 1
    assert found["lpr_camera_up", frozenset({("camera", "yard")})] == 0
    assert found["lpr_camera_frames_dropped_total", gate] == 3
    assert found["lpr_passages_total", gate | {("stage", "final")}] == 1
    detect = frozenset({("stage", "detect")})
    assert found["lpr_stage_seconds_count", detect] == 2
    assert found["lpr_stage_seconds_bucket", detect | {("le", "0.025")}] == 1
    asked = frozenset({("method", "GET"), ("route", "/healthz"), ("status", "200")})
    assert found["lpr_http_request_seconds_count", asked] == 1
    assert not [key for key in found if "made" in str(key)]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", b"# HELP lpr_ready"),
        ("application/openmetrics-text; version=1.0.0", b"# EOF"),
        ("text/plain; version=x.y.z; escaping=\xe9", b"# HELP lpr_ready"),
        ("application/openmetrics-text; version=" + "9" * 1000, b"# EOF"),
    ],
)
def test_formats_and_odd_wishes_for_one(server: ApiServer, accept: str, kind: bytes) -> None:
    status, text = ask(server, "/metrics", headers={WHO: "admin", "Accept": accept})
    assert status == 200
    assert kind in text


def test_two_engines_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.observe("detect", 1)
    assert b'lpr_stage_seconds_count{stage="detect"} 1.0' in one.text("")[0]
    assert b"detect" not in other.text("")[0]
