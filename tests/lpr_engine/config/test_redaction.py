import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.config.loading import load_configuration
from lpr_engine.config.redaction import masked_url, redacted
from lpr_engine.config.sections import ApiSection, CameraSection, Configuration, MqttSection

SECRET = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=6).filter(
    lambda text: text not in "rtsp://***@10.0.0.5:554/stream"
)


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("rtsp://10.0.0.5/stream", "rtsp://10.0.0.5/stream"),
        ("rtsp://user:word@10.0.0.5/stream", "rtsp://***@10.0.0.5/stream"),
        ("rtsp://user@10.0.0.5/stream", "rtsp://***@10.0.0.5/stream"),
        ("rtsp://user:p@ss/w?o#rd@10.0.0.5/s", "rtsp://***@10.0.0.5/s"),
        ("rtsp://user:two words@10.0.0.5/s", "rtsp://***@10.0.0.5/s"),
        ("user:word@10.0.0.5", "***@10.0.0.5"),
        ("http://h/video?user=joe&pwd=word&channel=1", "http://h/video?user=***&pwd=***&channel=1"),
        ("http://h/video?apiKey=abc_def&x=1", "http://h/video?apiKey=***&x=1"),
        ("rtsp://h/user=joe_password=word_channel=1", "rtsp://h/user=***_password=***_channel=1"),
        ("http://h/v?access_token=abc", "http://h/v?access_token=***"),
        ("/dev/video0", "/dev/video0"),
        ("0", "0"),
    ],
)
def test_credentials_of_a_url_are_masked(url: str, masked: str) -> None:
    assert masked_url(url) == masked


@given(SECRET)
def test_no_password_survives_in_a_url(secret: str) -> None:
    assert secret not in masked_url(f"rtsp://admin:{secret}@10.0.0.5:554/stream")


@pytest.mark.parametrize("sign", [":", "/", "@", "=", "_", "key=", "key_", "//", "://@", "a:"])
def test_masking_hostile_text_ends_soon(sign: str) -> None:
    assert len(masked_url(sign * 2000)) <= 4 * 2000 * len(sign)


def test_redacted_configuration_keeps_all_but_the_secrets() -> None:
    configuration = Configuration(
        mqtt=MqttSection(host="broker", username="joe", password="geheim"),
        cameras=(CameraSection("a", "rtsp://joe:geheim@h/1"), CameraSection("b", "/dev/video0")),
        api=ApiSection(token="geheim-geheim-geheim"),
    )
    text = json.dumps(redacted(configuration))
    assert "geheim" not in text
    assert "joe" not in text
    plain = json.loads(text)
    assert plain["mqtt"]["host"] == "broker"
    assert plain["mqtt"]["password"] == "***"
    assert plain["api"]["token"] == "***"
    assert [camera["source"] for camera in plain["cameras"]] == ["rtsp://***@h/1", "/dev/video0"]
    assert plain["storage"]["directory"] == "lpr-data"
    assert set(plain) == {field.name for field in dataclasses.fields(Configuration)}


def test_what_is_not_set_is_not_masked() -> None:
    plain = redacted(Configuration())
    assert plain["mqtt"]["password"] is None
    assert plain["api"]["token"] is None


def test_repr_of_a_loaded_configuration_shows_no_secret(write) -> None:
    write("pw: geheim-geheim-geheim\nsource: rtsp://joe:geheim@h/1", "secrets.yaml")
    path = write(
        "mqtt: {host: b, username: joe, password: !secret pw}\n"
        "api: {token: !secret pw}\n"
        "cameras: [{id: a, source: !secret source}]\n"
    )
    loaded = load_configuration(path, {})
    assert loaded.api.token == "geheim-geheim-geheim"
    assert type(loaded.mqtt.password) is str
    assert type(loaded.cameras[0].source) is str
    assert "geheim" not in repr(loaded)
