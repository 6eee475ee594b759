from pathlib import Path

import pytest

from lpr_engine.config.difference import Difference, Seen, differences
from lpr_engine.config.entries import Origin, OriginKind, entries, filled_by_secrets, origin
from lpr_engine.config.loading import Loaded, load

TEXT = """\
engine: {name: !secret name}
mqtt: {host: broker, username: joe, password: geheim}
tracking: {countries: [DE, !env COUNTRY]}
cameras:
  - id: drive
    source: !secret drive
  - id: yard
    source: rtsp://joe:geheim@h/1
    fps: 5
"""
SECRETS = "name: Geheim\ndrive: rtsp://joe:geheim@h/2\n"
ENVIRONMENT = {"COUNTRY": "AT", "LPR_MQTT_PORT": "8883"}


@pytest.fixture
def loaded(write) -> Loaded:
    write(SECRETS, "secrets.yaml")
    return load(write(TEXT), ENVIRONMENT)


def seen(loaded: Loaded) -> Seen:
    configuration = loaded.checked()
    return Seen(configuration, filled_by_secrets(loaded.document, configuration))


def test_keys_that_secrets_fill_are_known_by_name(loaded: Loaded) -> None:
    assert seen(loaded).hidden == {"engine.name", "tracking.countries", "cameras[drive].source"}


def test_no_entry_shows_a_secret(loaded: Loaded) -> None:
    shown = {entry.name: entry.shown for entry in seen(loaded).entries()}
    assert shown["engine.name"] == "***"
    assert shown["mqtt.username"] == shown["mqtt.password"] == "***"
    assert shown["cameras[drive].source"] == "***"
    assert shown["cameras[yard].source"] == "rtsp://***@h/1"
    assert shown["mqtt.port"] == 8883
    assert "eheim" not in str(shown)


def test_entries_have_a_form_without_ids(loaded: Loaded) -> None:
    forms = {entry.name: entry.form for entry in entries(loaded.checked())}
    assert forms["cameras[yard].fps"] == "cameras[].fps"
    assert forms["mqtt.port"] == "mqtt.port"


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        (("mqtt", "host"), Origin(OriginKind.FILE, 2, 8)),
        (("mqtt", "port"), Origin(OriginKind.ENVIRONMENT, variable="LPR_MQTT_PORT")),
        (("mqtt", "tls"), Origin(OriginKind.DEFAULT)),
        (("storage", "directory"), Origin(OriginKind.DEFAULT)),
        (("cameras", 1, "fps"), Origin(OriginKind.FILE, 9, 5)),
        (("cameras", 0, "fps"), Origin(OriginKind.DEFAULT)),
        (("cameras", 7, "fps"), Origin(OriginKind.DEFAULT)),
    ],
)
def test_origin_of_a_value(loaded: Loaded, path: tuple[str | int, ...], wanted: Origin) -> None:
    assert origin(loaded.document, path) == wanted


def test_difference_is_told_key_by_key_without_secrets(loaded: Loaded, tmp_path: Path) -> None:
    text = TEXT.replace("geheim}", "geheimer}").replace("fps: 5", "fps: 6")
    text = text.replace("- id: drive", "- id: gate").replace("host: broker", "host: other")
    after = seen(load(tmp_path / "lpr.yaml", ENVIRONMENT, text))
    found = {one.name: one for one in differences(seen(loaded), after)}
    assert set(found) == {
        "mqtt.host", "mqtt.password", "cameras[yard].fps", "cameras[drive]", "cameras[gate]",
    }  # fmt: skip
    assert found["mqtt.host"] == Difference("mqtt.host", "mqtt.host", "broker", "other")
    assert (found["mqtt.password"].before, found["mqtt.password"].after) == ("***", "***")
    assert found["cameras[yard].fps"].form == "cameras[].fps"
    assert found["cameras[drive]"].after is None
    gate = found["cameras[gate]"].after
    assert isinstance(gate, dict)
    assert (gate["id"], gate["source"]) == ("gate", "***")


def test_the_same_twice_differs_in_nothing(loaded: Loaded) -> None:
    assert differences(seen(loaded), seen(loaded)) == ()
