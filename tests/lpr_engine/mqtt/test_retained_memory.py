import json

import pytest

from lpr_engine.mqtt.retained_memory import RetainedMemory


def test_topics_survive_a_restart(tmp_path):
    RetainedMemory(tmp_path).remember(["a/b", "c"])
    memory = RetainedMemory(tmp_path)
    assert memory.topics == {"a/b", "c"}
    memory.forget(["c", "never known"])
    assert RetainedMemory(tmp_path).topics == {"a/b"}


def test_nothing_half_written_is_left(tmp_path):
    RetainedMemory(tmp_path).remember(["a"])
    assert [path.name for path in tmp_path.iterdir()] == ["mqtt-retained.json"]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"topics": 5}', '{"topics": [1]}', '{"topics": ["a/#"]}', "\x00"],
)
def test_damaged_file_is_told_and_survived(tmp_path, caplog, text):
    (tmp_path / "mqtt-retained.json").write_text(text)
    memory = RetainedMemory(tmp_path)
    assert memory.topics == frozenset()
    assert "mqtt-retained.json" in caplog.text
    memory.remember(["a"])
    assert json.loads((tmp_path / "mqtt-retained.json").read_text())["topics"] == ["a"]


def test_unwritable_place_is_told_and_survived(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    memory = RetainedMemory(tmp_path / "file")
    memory.remember(["a"])
    assert memory.topics == {"a"}
    assert "cannot be remembered" in caplog.text
