"""Whatever is asked gets a clear answer, and nothing asked can break anything."""

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.model.errors import LprError, SourceError
from lpr_engine.mqtt.commands import Commands
from lpr_engine.mqtt.messages import LARGEST_COMMAND, Incoming
from lpr_engine.mqtt.topics import Topics

TOPICS = Topics("test")


class Recorder:
    def __init__(self):
        self.calls = []
        self.refusal = None

    def enable_camera(self, camera, enabled):
        self._note("enable_camera", camera, enabled)

    def set_confidence(self, camera, value):
        self._note("set_confidence", camera, value)

    def take_snapshot(self, camera):
        self._note("take_snapshot", camera)

    def _note(self, *call):
        if self.refusal is not None:
            raise self.refusal
        self.calls.append(call)


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture
def commands(recorder):
    return Commands(recorder, TOPICS, frozenset({"gate"}))


def request(name, payload, **fields):
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return Incoming(f"lpr/test/command/{name}", raw, **fields)


def setting(camera, thing, text):
    return Incoming(f"lpr/test/camera/{camera}/set/{thing}", text)


GOOD = {"id": "a", "camera": "gate"}


@pytest.mark.parametrize(
    ("name", "payload", "code", "words"),
    [
        ("camera_enable", b"", "command_invalid", "not JSON"),
        ("camera_enable", b"{", "command_invalid", "not JSON"),
        ("camera_enable", b"\xff\xfe", "command_invalid", "not JSON"),
        ("camera_enable", b"[" * 60_000, "command_invalid", "not JSON"),
        ("camera_enable", b"9" * 5_000, "command_invalid", ""),
        ("camera_enable", [1], "command_invalid", "expected a JSON object, got list"),
        ("camera_enable", None, "command_invalid", "got NoneType"),
        ("camera_enable", {"id": "a"}, "command_invalid", "camera: required"),
        ("camera_enable", GOOD, "command_invalid", "enabled: required"),
        ("camera_enable", {**GOOD, "enabled": 1}, "command_invalid", "expected true or false"),
        ("camera_enable", {**GOOD, "enabled": "on"}, "command_invalid", "enabled: expected"),
        ("camera_enable", {**GOOD, "enabled": None}, "command_invalid", "enabled: expected"),
        ("camera_enable", {**GOOD, "enabled": True, "x": 1}, "command_invalid", "x: "),
        ("camera_enable", {**GOOD, "camera": 7, "enabled": True}, "command_invalid", "camera"),
        ("confidence", {**GOOD, "value": True}, "command_invalid", "value: expected a number"),
        ("confidence", {**GOOD, "value": "0.5"}, "command_invalid", "value: expected a number"),
        ("confidence", {**GOOD, "value": -0.1}, "command_invalid", "from 0 to 1"),
        ("confidence", {**GOOD, "value": 1.01}, "command_invalid", "from 0 to 1"),
        ("confidence", b'{"camera": "gate", "value": NaN}', "command_invalid", "from 0 to 1"),
        ("confidence", b'{"camera": "gate", "value": Infinity}', "command_invalid", "0 to 1"),
        ("confidence", {**GOOD, "value": 10**400}, "command_invalid", "from 0 to 1"),
        ("snapshot", {"camera": "attic"}, "camera_unknown", "no camera attic"),
        ("snapshot", {"camera": ""}, "camera_unknown", "no camera"),
        ("snapshot", {"camera": "gate/../x"}, "camera_unknown", "gate/../x"),
        ("snapshot", {"camera": "\n\x1b[31m" * 500}, "camera_unknown", "\\n\\x1b"),
        ("snapshot", {"camera": "gate", "id": 7}, "command_invalid", "id: expected"),
        ("snapshot", {"camera": "gate", "id": "a/b"}, "command_invalid", "id: expected"),
        ("snapshot", {"camera": "gate", "id": "#"}, "command_invalid", "id: expected"),
        ("snapshot", {"camera": "gate", "id": "x" * 65}, "command_invalid", "id: expected"),
        ("reboot", {}, "command_unknown", "no command reboot"),
        ("__class__", {}, "command_unknown", "no command"),
        ("snapshot", b" " * (LARGEST_COMMAND + 1), "command_too_large", "at most 65536"),
    ],
)
def test_bad_request_is_refused_in_words(commands, recorder, name, payload, code, words):
    target, answer = commands.answer(request(name, payload, response_topic="them/answers"))

    assert target == "them/answers"
    assert not answer["ok"]
    assert answer["error"]["code"] == code
    assert words in answer["error"]["message"]
    assert len(json.dumps(answer)) < 1000
    assert recorder.calls == []


def test_largest_allowed_command_is_looked_at(commands, recorder):
    payload = json.dumps({"camera": "gate"}).encode()
    commands.answer(request("snapshot", payload.ljust(LARGEST_COMMAND)))
    assert recorder.calls == [("take_snapshot", "gate")]


def test_command_of_an_overflow_is_told_to_come_again(commands, recorder):
    asked = request("snapshot", GOOD, response_topic="them/answers", overflow=True)
    _, answer = commands.answer(asked)
    assert answer["error"]["code"] == "command_busy"
    assert recorder.calls == []


def test_what_the_engine_cannot_do_keeps_its_own_code(commands, recorder):
    recorder.refusal = SourceError("camera gate has no picture")
    _, answer = commands.answer(request("snapshot", GOOD))
    assert answer["error"] == {"code": "source_failed", "message": "camera gate has no picture"}
    assert issubclass(SourceError, LprError)


def test_response_topic_wins_over_the_id(commands):
    target, answer = commands.answer(request("snapshot", GOOD, response_topic="them/answers"))
    assert target == "them/answers"
    assert answer["id"] == "a"


def test_without_id_and_response_topic_there_is_no_answer(commands, recorder):
    assert commands.answer(request("snapshot", {"camera": "gate"})) is None
    assert recorder.calls == [("take_snapshot", "gate")]


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "#",
        "a/+/b",
        "$SYS/broker",
        "lpr/test/passage",
        "lpr/test/status",
        "lpr/test/command/snapshot",
        "homeassistant/device/lpr_test/config",
    ],
)
def test_answers_do_not_go_where_others_believe_us(commands, recorder, caplog, topic):
    assert commands.answer(request("snapshot", GOOD, response_topic=topic)) is None
    assert "not a place for answers" in caplog.text


def test_answer_topic_of_ours_is_a_fine_response_topic(commands):
    target, _ = commands.answer(request("snapshot", GOOD, response_topic="lpr/test/answer/x/y"))
    assert target == "lpr/test/answer/x/y"


@pytest.mark.parametrize(
    ("thing", "text", "call"),
    [
        ("enabled", b"ON", ("enable_camera", "gate", True)),
        ("enabled", b"OFF", ("enable_camera", "gate", False)),
        ("confidence", b"0.25", ("set_confidence", "gate", 0.25)),
        ("confidence", b"1", ("set_confidence", "gate", 1.0)),
        ("snapshot", b"PRESS", ("take_snapshot", "gate")),
        ("snapshot", b"", ("take_snapshot", "gate")),
    ],
)
def test_entities_set_things(commands, recorder, thing, text, call):
    assert commands.answer(setting("gate", thing, text)) is None
    assert recorder.calls == [call]


@pytest.mark.parametrize(
    ("camera", "thing", "text", "words"),
    [
        ("gate", "enabled", b"on", "expected ON or OFF"),
        ("gate", "enabled", b"\xff", "expected ON or OFF"),
        ("gate", "confidence", b"nan", "from 0 to 1"),
        ("gate", "confidence", b"high", "expected a number"),
        ("gate", "confidence", b"2", "from 0 to 1"),
        ("gate", "colour", b"red", "no setting colour"),
        ("attic", "enabled", b"ON", "no camera attic"),
        ("gate", "enabled", b"x" * (LARGEST_COMMAND + 1), "at most"),
    ],
)
def test_wrong_settings_are_logged(commands, recorder, caplog, camera, thing, text, words):
    assert commands.answer(setting(camera, thing, text)) is None
    assert words in caplog.text
    assert recorder.calls == []


@given(name=st.text(max_size=30), payload=st.binary(max_size=300))
def test_any_bytes_on_any_topic_are_survived(name, payload):
    logging.getLogger("lpr_engine.mqtt.commands").disabled = True
    recorder = Recorder()
    commands = Commands(recorder, TOPICS, frozenset({"gate"}))
    for topic in (f"lpr/test/command/{name}", f"lpr/test/camera/{name}/set/{name}", name):
        answered = commands.answer(Incoming(topic, payload, "them", b""))
        assert answered is None or not answered[1]["ok"]
    logging.getLogger("lpr_engine.mqtt.commands").disabled = False
    assert recorder.calls == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(
    name=st.sampled_from(["camera_enable", "confidence", "snapshot"]),
    payload=st.dictionaries(
        st.sampled_from(["id", "camera", "enabled", "value"]), json_values | st.just("gate")
    ),
)
def test_any_json_is_answered(name, payload):
    commands = Commands(Recorder(), TOPICS, frozenset({"gate"}))
    _, answer = commands.answer(request(name, payload, response_topic="them"))
    json.dumps(answer, allow_nan=False)
    assert answer["ok"] or answer["error"]["code"] in {"command_invalid", "camera_unknown"}
