"""A whole engine over files: what it says of itself, snapshots, and the end."""

from __future__ import annotations

import dataclasses
import json
import shutil
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from lpr_engine.app.engine import Engine
from lpr_engine.app.sample import SAMPLE_CLIP, sample_configuration
from lpr_engine.app.switchboard import Switchboard
from lpr_engine.config.sections import ApiSection, CameraSection, Configuration, MqttSection
from lpr_engine.model.errors import ApiError, CameraSilentError, CameraUnknownError, StoreError
from lpr_engine.model.figures import CameraHealth
from lpr_engine.model.passage import Passage, PassageUpdate, Stage
from tests.lpr_engine.pipeline.scripted import wait_for

TOKEN = "a-token-of-decent-length"


@pytest.fixture
def still(tmp_path: Path) -> Path:
    path = tmp_path / "still.png"
    cv2.imwrite(str(path), np.full((72, 128, 3), 90, np.uint8))
    return path


@pytest.fixture
def dead_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture
def configuration(tmp_path: Path, still: Path, dead_port: int) -> Configuration:
    cameras = (
        CameraSection(id="still", source=str(still), repeat=True, fps=20),
        CameraSection(id="gone", source=str(tmp_path / "gone.mp4")),
        CameraSection(id="off", source=str(still), enabled=False),
    )
    plain = sample_configuration(tmp_path / "data", SAMPLE_CLIP, port=0)
    broker = MqttSection(host="127.0.0.1", port=dead_port)
    api = ApiSection(port=0, token=TOKEN)
    return dataclasses.replace(plain, cameras=cameras, mqtt=broker, api=api)


def ask(engine: Engine, path: str) -> bytes:
    """What the door answers to the holder of the configured token."""
    url = f"{engine.api_url}/{path}"
    request = urllib.request.Request(url)  # noqa: S310 - http
    request.add_header("Authorization", f"Bearer {TOKEN}")
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - http
        return bytes(answer.read())


def readiness(engine: Engine) -> dict[str, Any]:
    return dict(json.loads(ask(engine, "readyz")))


def test_what_is_amiss_is_told_without_being_unready(configuration: Configuration) -> None:
    engine = Engine(configuration)
    engine.start()
    try:
        assert wait_for(lambda: len(engine.figures().notices) == 2)
        ready = readiness(engine)
        cameras = {one.camera: one for one in engine.figures().cameras}
    finally:
        engine.stop()
    assert ready["ready"] is True
    camera, mqtt = ready["notices"]
    assert "camera gone is refused" in camera
    assert "gone.mp4" in camera
    assert mqtt.startswith("MQTT: broker 127.0.0.1")
    assert cameras["off"].health is CameraHealth.DISABLED
    assert cameras["off"].last_frame_at is None


def test_snapshots_show_now_or_nothing(configuration: Configuration) -> None:
    engine = Engine(configuration)
    engine.start()
    try:
        board = Switchboard(engine._pipeline, engine._store)
        assert wait_for(lambda: engine.figures().cameras[0].frames_decoded > 0)
        path = board.take_snapshot("still")
        assert path is not None
        assert ask(engine, f"api/v1/{path}")[:2] == b"\xff\xd8"
        board.enable_camera("still", enabled=False)
        for camera in ("still", "gone", "off"):
            with pytest.raises(CameraSilentError, match=camera):
                board.take_snapshot(camera)
        with pytest.raises(CameraUnknownError, match="nowhere"):
            board.take_snapshot("nowhere")
    finally:
        engine.stop()


def test_stopping_in_the_middle_of_a_passage_makes_it_final(tmp_path: Path) -> None:
    heard: list[Passage] = []

    class Ear:
        def passage_committed(self, passage: Passage, _update: PassageUpdate) -> None:
            heard.append(passage)

    engine = Engine(sample_configuration(tmp_path / "data", port=0), [Ear()])
    engine.start()
    assert wait_for(lambda: bool(heard), 60)
    assert heard[-1].stage is Stage.PREVIEW
    engine.stop()
    engine.stop()
    assert {one.id for one in heard if one.stage is Stage.FINAL} == {one.id for one in heard}


def test_a_start_that_fails_gives_everything_back(
    configuration: Configuration, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        api = dataclasses.replace(configuration.api, port=taken.getsockname()[1])
        with pytest.raises(ApiError, match="cannot listen"):
            Engine(dataclasses.replace(configuration, api=api)).start()
    engine = Engine(configuration)
    engine.start()
    with pytest.raises(StoreError, match="another engine"):
        Engine(configuration).start()
    engine.stop()
    shutil.rmtree(tmp_path / "data")
