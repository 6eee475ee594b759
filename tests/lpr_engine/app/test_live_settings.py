"""What a running engine takes over of a changed file, and what it leaves for the restart."""

from __future__ import annotations

import dataclasses
import json
import logging
import re
import socket
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from lpr_engine.app.engine import Engine
from lpr_engine.app.live_settings import LIVE_KEYS, with_live_values
from lpr_engine.cli.run import configured_by
from lpr_engine.config.entries import entries
from lpr_engine.config.sections import CameraSection, Configuration
from lpr_engine.model.figures import CameraHealth
from tests.lpr_engine.api.serving import ADMIN, ScriptedEntrance
from tests.lpr_engine.pipeline.scripted import wait_for

PAGE = Path(__file__).parents[3] / "docs" / "configuration.md"
TEXT = """\
engine: {log_level: info}
mqtt: {host: 127.0.0.1, port: BROKER}
api: {port: DOOR}
cameras:
  - {id: still, source: still.png, repeat: true, fps: 5}
  - {id: gone, source: gone.mp4, repeat: true}
  - {id: off, source: still.png, repeat: true, enabled: false}
models: {confidence: 0.35}
retention: {passages_days: 90}
"""


@dataclass
class House:
    """A running engine and its file."""

    engine: Engine
    file: Path

    def change(self, old: str, new: str) -> dict[str, Any]:
        text = self.file.read_text(encoding="utf-8")
        assert old in text
        return self.apply(text.replace(old, new))

    def apply(self, text: str) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - http
            f"{self.engine.api_url}/api/v1/config",
            data=json.dumps({"text": text}).encode(),
            headers={**ADMIN, "If-Match": "*", "Content-Type": "application/json"},
            method="PUT",
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - http
            return dict(json.load(answer))

    def camera(self, name: str) -> Any:
        return next(one for one in self.engine.figures().cameras if one.camera == name)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    cv2.imwrite(str(folder / "still.png"), np.full((72, 128, 3), 90, np.uint8))
    level = logging.getLogger("lpr_engine").level
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        file = folder / "home.yaml"
        text = TEXT.replace("BROKER", str(taken.getsockname()[1]))
        file.write_text(text.replace("DOOR", str(free_port())), encoding="utf-8")
        configuration, source = configured_by(file)
        engine = Engine(configuration, entrance=ScriptedEntrance(), source=source)
        engine.start()
        try:
            yield House(engine, file)
        finally:
            engine.stop()
            logging.getLogger("lpr_engine").setLevel(level)


def test_page_names_the_keys_that_change_without_a_restart() -> None:
    part = PAGE.read_text(encoding="utf-8").partition("## Changing it while the engine runs")[2]
    listed = re.findall(r"`([a-z_]+(?:\[\])?\.[a-z_*]+)`", part.partition("\n## ")[0])
    assert sorted(listed) == sorted(LIVE_KEYS)


def test_every_live_key_is_one() -> None:
    camera = CameraSection(id="a", source="b")
    known = {entry.form for entry in entries(Configuration(cameras=(camera,)))}
    assert known >= LIVE_KEYS


def test_live_values_are_taken_and_all_others_left() -> None:
    camera = CameraSection(id="a", source="one", name="A")
    running = Configuration(cameras=(camera,))
    wanted = dataclasses.replace(
        running,
        mqtt=dataclasses.replace(running.mqtt, host="broker"),
        retention=dataclasses.replace(running.retention, passages_days=7),
        cameras=(
            CameraSection(id="b", source="x"),
            dataclasses.replace(camera, source="two", name="B"),
        ),
    )
    merged = with_live_values(running, wanted)
    assert merged.mqtt.host is None
    assert merged.retention.passages_days == 7
    assert merged.cameras == (dataclasses.replace(camera, source="two"),)


def test_log_level(house: House) -> None:
    plan = house.change("log_level: info", "log_level: debug")
    assert (plan["changes"][0]["live"], plan["restart_needed"]) == (True, [])
    assert logging.getLogger("lpr_engine").level == logging.DEBUG
    house.change("log_level: debug", "log_level: info")
    assert logging.getLogger("lpr_engine").level == logging.INFO


def test_confidence_of_every_camera(house: House) -> None:
    house.change("confidence: 0.35", "confidence: 0.6")
    assert {one.confidence for one in house.engine.figures().cameras} == {0.6}


def test_switch_of_a_camera(house: House) -> None:
    assert house.camera("off").health is CameraHealth.DISABLED
    house.change("enabled: false", "enabled: true")
    assert wait_for(lambda: house.camera("off").frames_decoded > 0)
    house.change("enabled: true", "enabled: false")
    assert house.camera("off").health is CameraHealth.DISABLED


def test_source_of_a_camera(house: House) -> None:
    assert wait_for(lambda: house.camera("gone").health is CameraHealth.REFUSED)
    house.change("gone.mp4", "still.png")
    assert wait_for(lambda: house.camera("gone").frames_decoded > 0)


def test_view_and_rules_of_tracking(house: House) -> None:
    plan = house.change("fps: 5}", 'fps: 5, country: DE, zones: ["Gate: 0,0 1,0 1,0.5"]}')
    assert plan["restart_needed"] == []
    tracker = house.engine._trackers["still"]
    assert [zone.name for zone in tracker._ordered.camera.zones] == ["Gate"]
    assert tracker._ordered.grammar.countries == ("DE",)
    plan = house.apply(
        house.file.read_text(encoding="utf-8") + "tracking: {min_readings: 3, countries: [FR]}\n"
    )
    assert plan["restart_needed"] == []
    assert tracker._ordered.tracking.min_readings == 3
    assert tracker._ordered.grammar.countries == ("DE",)
    assert house.engine._trackers["gone"]._ordered.grammar.countries == ("FR",)
    assert house.engine._rules._thresholds.readings == 3


def test_retention_storage_and_backups(house: House) -> None:
    house.apply(
        house.file.read_text(encoding="utf-8").replace("passages_days: 90", "passages_days: 7")
        + "storage: {picture_format: webp}\nbackup: {every: week}\n"
    )
    assert house.engine._store._retention._section.passages_days == 7
    assert house.engine._store._evidence._storage.picture_format == "webp"
    assert house.engine._backups.next_at() is not None


def test_what_waits_for_the_restart_is_named(house: House) -> None:
    plan = house.change("host: 127.0.0.1", "host: 127.0.0.2")
    assert plan["restart_needed"] == ["mqtt.host"]
    plan = house.change("id: off", "id: out")
    assert plan["restart_needed"] == ["mqtt.host", "cameras[off]", "cameras[out]"]
    assert {one.camera for one in house.engine.figures().cameras} == {"still", "gone", "off"}
