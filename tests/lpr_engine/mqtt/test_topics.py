import pytest

from lpr_engine.config.sections import MqttSection
from lpr_engine.mqtt.topics import Topics, is_answer_id

TOPICS = Topics("drive")


def test_prefixes_come_from_the_configuration():
    section = MqttSection(topic_prefix="plates", discovery_prefix="ha")
    topics = Topics.of(section, "drive")
    assert topics.passage == "plates/drive/passage"
    assert topics.camera_discovery("gate") == "ha/device/lpr_drive_gate/config"
    assert topics.home_assistant_status == "ha/status"


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("lpr/drive/command/snapshot", "snapshot"),
        ("lpr/drive/command/", ""),
        ("lpr/drive/command/a/b", None),
        ("lpr/other/command/snapshot", None),
        ("x/lpr/drive/command/snapshot", None),
    ],
)
def test_command_of(topic, name):
    assert TOPICS.command_of(topic) == name


@pytest.mark.parametrize(
    ("topic", "found"),
    [
        ("lpr/drive/camera/gate/set/enabled", ("gate", "enabled")),
        ("lpr/drive/camera/gate/state", None),
        ("lpr/drive/camera/gate/set/a/b", None),
        ("x/lpr/drive/camera/gate/set/enabled", None),
        ("lpr/drive/command/set", None),
    ],
)
def test_setting_of(topic, found):
    assert TOPICS.setting_of(topic) == found


@pytest.mark.parametrize(
    ("text", "fits"), [("a-B_9", True), ("", False), ("a b", False), ("a\n", False), ("é", False)]
)
def test_answer_ids(text, fits):
    assert is_answer_id(text) is fits
