import dataclasses
import logging

import pytest

from lpr_engine.config.environment import variables
from lpr_engine.config.loading import check_configuration, load_configuration
from lpr_engine.config.sections import Configuration


def test_every_key_but_a_cameras_has_a_variable() -> None:
    known = variables()
    assert known["LPR_MQTT_PASSWORD"] == ("mqtt", "password")
    assert known["LPR_ENGINE_LOG_LEVEL"] == ("engine", "log_level")
    expected = sum(
        len(dataclasses.fields(getattr(Configuration(), field.name)))
        for field in dataclasses.fields(Configuration)
        if field.name != "cameras"
    )
    assert len(known) == expected


def test_variables_go_over_the_file(write, tmp_path) -> None:
    environment = {
        "LPR_MQTT_HOST": "broker",
        "LPR_MQTT_PORT": "8883",
        "LPR_MQTT_USERNAME": "lpr",
        "LPR_MQTT_PASSWORD": "12345",
        "LPR_MQTT_TLS": "Yes",
        "LPR_MODELS_CONFIDENCE": "0.5",
        "LPR_TRACKING_COUNTRIES": "de, at,",
        "LPR_STORAGE_DIRECTORY": "data",
        "LPR_API_PORT": "",
        "HOME": "/root",
    }
    loaded = load_configuration(write("mqtt: {host: other, port: 1}\nmodels:\n"), environment)
    assert (loaded.mqtt.host, loaded.mqtt.port, loaded.mqtt.tls) == ("broker", 8883, True)
    assert loaded.mqtt.password == "12345"
    assert loaded.models.confidence == 0.5
    assert loaded.tracking.countries == ("DE", "AT")
    assert loaded.storage.directory == tmp_path / "data"
    assert loaded.api.port == 8099


def test_variable_mends_a_key_that_is_wrong_in_the_file(write) -> None:
    path = write("mqtt: {host: b, username: u, password: !secret gone}")
    assert check_configuration(path, {}) != []
    assert load_configuration(path, {"LPR_MQTT_PASSWORD": "x"}).mqtt.password == "x"


def test_mistake_in_a_variable_is_told_with_its_name_and_not_its_value(write) -> None:
    environment = {"LPR_MQTT_PORT": "geheim", "LPR_API_HOST": "u:geheim@h"}
    problems = check_configuration(write("{}"), environment)
    assert [(problem.file, problem.line, problem.key) for problem in problems] == [
        ("environment variable LPR_API_HOST", None, "api.host"),
        ("environment variable LPR_MQTT_PORT", None, "mqtt.port"),
    ]
    assert not [problem for problem in problems if "geheim" in str(problem)]


def test_unknown_variable_of_a_section_is_warned_of_without_its_value(
    write, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        load_configuration(write("{}"), {"LPR_MQTT_PASWORD": "geheim", "LPR_OTHER": "geheim"})
    (record,) = caplog.records
    assert "LPR_MQTT_PASWORD" in record.getMessage()
    assert "did you mean `LPR_MQTT_PASSWORD`?" in record.getMessage()
    assert "geheim" not in caplog.text


@pytest.mark.parametrize("text", ["mqtt: 5", "mqtt: [1]", "[]", "mqtt: !x {}"])
def test_variable_cannot_hide_a_section_that_is_wrong(write, text: str) -> None:
    assert check_configuration(write(text), {"LPR_MQTT_HOST": "b"}) != []
