"""The engine writes and reads exactly the examples that all sides of the contract share."""

import dataclasses
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from lpr_engine.config.sections import CameraSection
from lpr_engine.model.contract import passage_from_json, passage_to_json
from lpr_engine.model.figures import (
    CameraFigures,
    CameraHealth,
    EngineFigures,
    HostFigures,
    StageTiming,
)
from lpr_engine.model.figures_contract import health_to_json
from lpr_engine.model.outbox import OutboxRow
from lpr_engine.mqtt.commands import Commands
from lpr_engine.mqtt.discovery import camera_discovery, engine_discovery
from lpr_engine.mqtt.identity import EngineIdentity
from lpr_engine.mqtt.messages import Incoming
from lpr_engine.mqtt.payloads import (
    announce_to_json,
    camera_state_to_json,
    event_to_json,
    row_to_json,
)
from lpr_engine.mqtt.topics import Topics

FOLDER = Path(__file__).parent
IDENTITY = EngineIdentity("drive", "Driveway", "0.1.0", "http://10.0.0.2:8099")
TOPICS = Topics("drive")
HOST = HostFigures(41.52, 63.21, 512.34, 20480.4, temperature_c=58.49)
BUSY_HOST = dataclasses.replace(HOST, gpu_percent=71.0, power_w=12.5)


def example(name):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def seen(moment):
    return datetime.fromisoformat(moment.replace("Z", "+00:00"))


def test_passage_is_read_and_written_without_loss():
    wanted = example("passage")
    assert passage_to_json(passage_from_json(wanted)) == wanted
    assert list(passage_to_json(passage_from_json(wanted))) == list(wanted)


def test_fresh_row_is_the_passage_example():
    wanted = example("passage")
    passage = passage_from_json(wanted)
    now = passage.last_seen + timedelta(seconds=10)
    assert row_to_json(OutboxRow(4711, passage, False, now), now) == wanted


def test_repeated_row_is_the_event_example():
    wanted = example("event")
    passage = passage_from_json(wanted)
    row = OutboxRow(4710, passage, True, passage.last_seen)
    assert event_to_json(row_to_json(row, passage.last_seen)) == wanted


@pytest.mark.parametrize("missing", ["id", "redelivered", "corrected_by", "verdict"])
def test_example_has_every_field_of_the_contract(missing):
    assert missing in example("passage")
    assert missing in example("event")


def test_camera_state():
    figures = CameraFigures("gate", CameraHealth.STREAMING, 9.94, 3, 86012, 12, 1, confidence=0.35)
    last = passage_from_json(example("passage"))
    assert camera_state_to_json(figures, last) == example("camera_state")


def test_camera_state_before_the_first_passage():
    error = "rtsp://***@10.0.0.5/stream: connection refused"
    figures = CameraFigures("gate", CameraHealth.RECONNECTING, 0.0, 0, 0, 0, 4, last_error=error)
    assert camera_state_to_json(figures, None) == example("camera_state_fresh")


def test_health():
    frame_at = datetime(2026, 5, 4, 7, 0, 1, 910000, timezone.utc)
    figures = EngineFigures(
        taken_at=datetime(2026, 5, 4, 7, 0, 2, tzinfo=timezone.utc),
        uptime_s=86400.2,
        host=HOST,
        outbox_depth=2,
        cameras=(
            CameraFigures(
                "gate", CameraHealth.STREAMING, 9.94, 3, 86012, 12, 1, last_frame_at=frame_at
            ),
            CameraFigures("yard", CameraHealth.RECONNECTING, 0.0, 0, 0, 0, 4),
        ),
        stages=(StageTiming("detect", 1200, 21.5, 34.251), StageTiming("read", 310, 4.1, 6.0)),
        problems=("no space left in /data",),
        notices=("camera yard: reconnecting",),
    )
    assert health_to_json("drive", figures) == example("health")


def test_announce():
    assert announce_to_json(IDENTITY) == example("announce")


class Obedient:
    def enable_camera(self, camera, enabled):
        pass

    def set_confidence(self, camera, value):
        pass

    def take_snapshot(self, camera):
        return f"/api/v1/media/{camera}.jpg"


@pytest.mark.parametrize("exchange", example("commands"), ids=lambda case: case["payload"]["id"])
def test_command_and_its_answer(exchange):
    commands = Commands(Obedient(), TOPICS, frozenset({"gate"}))
    request = Incoming(exchange["topic"], json.dumps(exchange["payload"]).encode())
    answered = commands.answer(request)
    assert answered == (f"lpr/drive/answer/{exchange['payload']['id']}", exchange["answer"])


def discovery_payload(name):
    if name == "discovery_engine":
        return engine_discovery(IDENTITY, TOPICS, HOST)
    if name == "discovery_engine_with_gpu":
        return engine_discovery(IDENTITY, TOPICS, BUSY_HOST)
    camera = CameraSection("gate", "rtsp://user:secret@10.0.0.5/stream", name="Gate")
    return camera_discovery(
        IDENTITY, TOPICS, camera, publish_crop=name != "discovery_camera_without_crop"
    )


@pytest.mark.parametrize(
    "name",
    [
        "discovery_engine",
        "discovery_engine_with_gpu",
        "discovery_camera",
        "discovery_camera_without_crop",
    ],
)
def test_discovery(name):
    assert discovery_payload(name) == example(name)


def test_no_source_url_in_discovery():
    assert "secret" not in json.dumps(discovery_payload("discovery_camera"))


def test_unique_ids_are_unique_over_all_devices():
    names = ("discovery_engine_with_gpu", "discovery_camera")
    found = [
        component["unique_id"]
        for name in names
        for component in discovery_payload(name)["components"].values()
    ]
    assert len(found) == len(set(found)) > 15
