import json
from pathlib import Path
from textwrap import dedent

import pytest

from lpr_engine.config.loading import check_configuration, load_configuration
from lpr_engine.config.problems import ConfigurationRefusedError, Problem
from lpr_engine.config.sections import (
    BackupSection,
    CameraSection,
    Configuration,
    MqttSection,
    StorageSection,
    Zone,
)
from lpr_engine.model.errors import ConfigError
from lpr_engine.model.geometry import DirectionLine, Polygon

FULL = """
engine:
  id: gate_house
  name: Torwächter
  log_level: DEBUG
mqtt:
  host: broker.local
  port: 8883
  username: lpr
  password: !secret mqtt_password
  tls: yes
cameras:
  - id: drive
    source: rtsp://user:word@10.0.0.5:554/stream?channel=1
    name: Auffahrt
    fps: 5
    rotate: 90
    zones:
      - name: Tor
        area: [[0, 0], [1, 0], [1, 0.5]]
    masks:
      - [[0, 0.9], [1, 0.9], [1, 1], [0, 1]]
    direction_line: [[0, 0.5], [1, 0.5]]
    country: no
  - {id: clip, source: clips/a.mp4, realtime: off, repeat: true}
  - {id: usb, source: "0"}
tracking:
  countries: [de, NO]
storage:
  directory: data
"""


def told(problems: list[Problem]) -> dict[str, str]:
    return {problem.key: problem.what for problem in problems}


def test_every_kind_of_value_arrives_in_its_section(write, tmp_path: Path) -> None:
    write("mqtt_password: 0123", "secrets.yaml")
    loaded = load_configuration(write(FULL), {})
    assert loaded.engine.id == "gate_house"
    assert loaded.engine.name == "Torwächter"
    assert loaded.engine.log_level == "debug"
    assert loaded.mqtt == MqttSection(
        host="broker.local", port=8883, username="lpr", password="0123", tls=True
    )
    drive, clip, usb = loaded.cameras
    assert drive == CameraSection(
        id="drive",
        source="rtsp://user:word@10.0.0.5:554/stream?channel=1",
        name="Auffahrt",
        fps=5.0,
        rotate=90,
        zones=(Zone("Tor", Polygon(((0, 0), (1, 0), (1, 0.5)))),),
        masks=(Polygon(((0, 0.9), (1, 0.9), (1, 1), (0, 1))),),
        direction_line=DirectionLine((0, 0.5), (1, 0.5)),
        country="NO",
    )
    assert (clip.source, clip.name) == (str(tmp_path / "clips/a.mp4"), "clip")
    assert (clip.realtime, clip.repeat) == (False, True)
    assert usb.source == "0"
    assert loaded.tracking.countries == ("DE", "NO")
    assert loaded.storage.directory == tmp_path / "data"


def test_json_options_are_the_same_structure(write) -> None:
    options = {
        "engine": {"name": "Gate \U0001f697"},
        "mqtt": {"host": "core-mosquitto", "username": "", "tls": False},
        "cameras": [
            {
                "id": "drive",
                "source": "rtsp://10.0.0.5/stream",
                "country": "",
                "zones": ["Tor: 0,0 1,0 1,0.5"],
                "masks": ["0,0 1,0 1,1"],
                "direction_line": "0,0.5 1,0.5",
            }
        ],
    }
    for text in (json.dumps(options), json.dumps(options, indent="\t")):
        loaded = load_configuration(write(text, "options.json"), {})
        assert loaded.engine.name == "Gate \U0001f697"
        assert loaded.mqtt == MqttSection(host="core-mosquitto")
        (camera,) = loaded.cameras
        assert camera.country is None
        assert camera.zones == (Zone("Tor", Polygon(((0, 0), (1, 0), (1, 0.5)))),)
        assert camera.masks == (Polygon(((0, 0), (1, 0), (1, 1))),)
        assert camera.direction_line == DirectionLine((0, 0.5), (1, 0.5))


@pytest.mark.parametrize("text", ["{}", "cameras:\nmqtt:\n", "cameras: []", "engine: {}"])
def test_what_is_left_out_has_its_default(write, tmp_path: Path, text: str) -> None:
    loaded = load_configuration(write(text), {})
    assert loaded == Configuration(
        storage=StorageSection(directory=tmp_path / "lpr-data"),
        backup=BackupSection(directory=tmp_path / "lpr-backups"),
    )


def test_all_mistakes_are_told_at_once_with_line_and_key(write) -> None:
    path = write(
        dedent("""\
        engine:
          id: My Gate
          nam: x
        mqtt:
          host: broker
          port: 70000
        cameras:
          - id: gate
            source: ""
            directon_line: [[0, 0], [1, 1]]
          - id: gate
            source: rtsp://10.0.0.5/a
            zones:
              - name: Tor
                area: [[0, 0], [1, 0], [0.5, 2]]
          - source: clips/a.mp4
        tracing: {}
        """)
    )
    problems = check_configuration(path, {})
    assert [(problem.line, problem.column, problem.key) for problem in problems] == [
        (2, 7, "engine.id"),
        (3, 3, "engine.nam"),
        (6, 9, "mqtt.port"),
        (9, 13, "cameras[0].source"),
        (10, 5, "cameras[0].directon_line"),
        (11, 9, "cameras[1].id"),
        (15, 38, "cameras[1].zones[0].area[2][1]"),
        (16, 5, "cameras[2].id"),
        (17, 1, "tracing"),
    ]
    hints = {problem.key: problem.suggestion for problem in problems}
    assert hints["engine.id"] == "`my_gate` would do"
    assert hints["engine.nam"] == "did you mean `name`?"
    assert hints["cameras[0].directon_line"] == "did you mean `direction_line`?"
    assert hints["tracing"] == "did you mean `tracking`?"
    assert {problem.file for problem in problems} == {str(path)}


def test_load_raises_one_error_that_names_all_mistakes(write) -> None:
    path = write("engine: {id: 'A B', nam: x}")
    with pytest.raises(ConfigurationRefusedError) as caught:
        load_configuration(path, {})
    assert isinstance(caught.value, ConfigError)
    assert caught.value.code == "config_invalid"
    assert caught.value.problems == tuple(check_configuration(path, {}))
    first, second = str(caught.value).splitlines()
    assert first == (
        f"{path}:1:14: engine.id: 'A B' is no id; expected 1 to 64 signs of a-z, 0-9 and _ "
        "(`a_b` would do)"
    )
    assert second == (
        f"{path}:1:21: engine.nam: the key `nam` is unknown; "
        "expected one of id, name, log_level (did you mean `name`?)"
    )


def test_relative_paths_start_at_the_file_not_at_the_working_directory(
    write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    write("x", "plate.yaml")
    path = write(
        "models: {detector: mine/a.onnx, reader: reader, plate_config: plate.yaml, cache_dir: c}\n"
        "storage: {directory: ../beside}\n"
    )
    monkeypatch.chdir(tmp_path / "elsewhere")
    loaded = load_configuration(path, {})
    assert loaded.models.detector == str(tmp_path / "mine/a.onnx")
    assert loaded.models.reader == "reader"
    assert loaded.models.plate_config == tmp_path / "plate.yaml"
    assert loaded.models.cache_dir == tmp_path / "c"
    assert loaded.storage.directory.resolve() == tmp_path.parent / "beside"


def test_anchors_and_merges_serve_cameras_that_are_alike(write) -> None:
    path = write(
        dedent("""\
        cameras:
          - &first {id: a, source: "rtsp://h/1", fps: 3, masks: &low ["0,0 1,0 1,1"]}
          - {<<: *first, id: b, fps: 4}
          - {id: c, source: "rtsp://h/3", masks: *low}
        """)
    )
    a, b, c = load_configuration(path, {}).cameras
    assert (b.source, b.fps, b.masks) == (a.source, 4.0, a.masks)
    assert c.masks == a.masks


def test_a_problem_of_a_file_is_the_only_one(write, tmp_path: Path) -> None:
    (problem,) = check_configuration(tmp_path / "absent.yaml", {"LPR_MQTT_PORT": "wrong"})
    assert problem.what == "there is no such file"
    (problem,) = check_configuration(tmp_path, {})
    assert problem.what == "this is no file"
