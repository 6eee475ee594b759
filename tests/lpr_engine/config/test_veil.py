import json
import string
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lpr_engine.config.veil import unveiled, veiled

EXAMPLE = Path(__file__).parents[3] / "docs" / "example.yaml"
FULL = """\
# The gate. rtsp://joe:geheim@10.0.0.9/old, password: geheim
engine: {id: gate, name: "Gate #1"}   # token = geheim
mqtt: {host: broker, username: joe, password: &pw geheim, pasword: 'ge heim', key_file: geheim.pem}
api:
  token: |   # geheim
    geheim

cameras:
  - id: drive   # the drive
    source: rtsp://joe:gehe@im@10.0.0.5:554/stream?channel=1
  - {id: yard, source: !secret yard_camera}
  - {id: lane, source: "http://h/v?user=joe&pwd=geh\\u00e9im&x=1", masks: ["0,0 1,1 1,0"]}
more: [geheim, *pw, {a: geheim}]
models:
"""


def shown(text: str, *, is_json: bool = False) -> str:
    masked = veiled(text, is_json=is_json)
    assert masked is not None
    return masked


def back(text: str, kept: str, *, is_json: bool = False) -> str:
    whole, problems = unveiled(text, kept, "lpr.yaml", is_json=is_json)
    assert problems == []
    return whole


def lost(text: str, kept: str) -> list[str]:
    return [str(problem) for problem in unveiled(text, kept, "lpr.yaml", is_json=False)[1]]


def test_no_secret_is_shown_wherever_it_hides() -> None:
    masked = shown(FULL)
    assert "geh" not in masked
    assert "joe" not in masked
    assert masked.count("\n") == FULL.count("\n") - 1


def test_all_else_is_shown_as_it_was_written() -> None:
    masked = shown(FULL)
    assert 'engine: {id: gate, name: "Gate #1"}' in masked
    assert 'source: "rtsp://***@10.0.0.5:554/stream?channel=1"' in masked
    assert "- {id: yard, source: !secret yard_camera}" in masked
    assert '"http://h/v?user=***&pwd=***&x=1", masks: ["0,0 1,1 1,0"]}' in masked
    assert 'password: &pw "***"' in masked
    assert yaml.safe_load(masked.replace("!secret ", ""))["api"] == {"token": "***"}


def test_example_is_shown_but_for_its_user() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    wanted = text.replace("username: lpr", 'username: "***"').replace("user:password@", "***@")
    assert shown(text) == wanted.replace("tls_key: privkey.pem", "tls_key: ***")


@pytest.mark.parametrize("text", [FULL, EXAMPLE.read_text(encoding="utf-8")], ids=["full", "own"])
def test_what_comes_back_as_it_was_shown_is_the_kept_text(text: str) -> None:
    assert back(shown(text), text) == text


def test_secrets_stay_beside_what_changes() -> None:
    edited = shown(FULL).replace("host: broker", "host: other").replace("10.0.0.5", "10.0.0.6")
    whole = back(edited.replace("id: lane", "id: path"), FULL)
    data = yaml.safe_load(whole.replace("!secret ", ""))
    assert data["mqtt"]["host"] == "other"
    assert data["mqtt"]["password"] == "geheim"
    assert [camera["source"] for camera in data["cameras"]] == [
        "rtsp://joe:gehe@im@10.0.0.6:554/stream?channel=1",
        "yard_camera",
        "http://h/v?user=joe&pwd=gehéim&x=1",
    ]
    assert data["more"] == ["geheim", "geheim", {"a": "geheim"}]
    assert "# The gate. rtsp://joe:geheim@10.0.0.9/old, password: geheim\n" in whole


def test_cameras_keep_their_secrets_in_another_order() -> None:
    kept = "cameras:\n- {id: a, source: rtsp://u:one@h/1}\n- {id: b, source: rtsp://u:two@h/1}\n"
    first, second = shown(kept).splitlines()[1:]
    assert yaml.safe_load(back(f"cameras:\n{second}\n{first}\n", kept))["cameras"] == [
        {"id": "b", "source": "rtsp://u:two@h/1"},
        {"id": "a", "source": "rtsp://u:one@h/1"},
    ]


def test_new_secret_takes_the_place_of_the_old() -> None:
    edited = shown(FULL).replace('token: "***"', "token: !secret api_token")
    assert "token: !secret api_token" in back(edited, FULL)


def test_reference_comes_back_as_a_reference_for_a_mask() -> None:
    kept = "mqtt:\n  password: !secret pw  # mine\n"
    assert back('mqtt:\n  password: "***"\n', kept) == "mqtt:\n  password: !secret pw\n"
    options = '{"mqtt": {"password": "!secret pw"}}'
    masked = '{"mqtt": {"password": "***"}}'
    assert back(masked, options, is_json=True) == options


def test_default_of_a_variable_is_masked_for_a_secret_key_alone() -> None:
    kept = "mqtt: {password: !env PW geheim, host: !env HOST broker, username: !env NAME}\n"
    masked = shown(kept)
    assert masked == (
        'mqtt: {password: !env "PW ***", host: !env HOST broker, username: !env NAME}\n'
    )
    assert back(masked + "# more\n", kept) == kept + "# more\n"


def test_json_is_masked_and_comes_back() -> None:
    options = {
        "mqtt": {"password": "geheim", "username": "", "port": 1883},
        "api": {"token": 123456},
        "cameras": [
            {"id": "a", "source": "rtsp://u:\U0001f697@h/1"},
            {"id": "b", "name": "\U0001f697"},
        ],
    }
    text = json.dumps(options, indent="\t")
    masked = json.loads(shown(text, is_json=True))
    assert masked["mqtt"] == {"password": "***", "username": "***", "port": 1883}
    assert masked["api"] == {"token": "***"}
    assert [camera.get("source") for camera in masked["cameras"]] == ["rtsp://***@h/1", None]
    masked["mqtt"]["port"] = 8883
    options["mqtt"]["port"] = 8883
    assert json.loads(back(json.dumps(masked), text, is_json=True)) == options


@pytest.mark.parametrize(
    "edited",
    [
        'mqtt: {password: "***"}',
        'api: {token: "***"}',
        "cameras: [{id: b, source: 'rtsp://***@h/1'}, {id: a, source: 'rtsp://***@h/1'}]",
        "cameras: [{id: a, source: 'rtsp://***@h/1?pwd=***'}]",
    ],
)
def test_mask_without_a_kept_secret_is_told_with_its_place(edited: str) -> None:
    kept = "mqtt: {host: b}\ncameras: [{id: a, source: rtsp://u:w@h/1}]\n"
    (problem,) = lost(edited, kept)
    assert problem.startswith("lpr.yaml:1:")
    assert "is masked" in problem


def test_stars_in_a_name_are_no_mask() -> None:
    text = 'engine: {name: "***"}\n'
    assert back(text, "engine: {name: Gate}\n") == text


@pytest.mark.parametrize("broken", ["mqtt: {", "a: *b", "", "\t- x"])
def test_text_that_breaks_its_syntax_is_not_shown_and_comes_back_as_it_is(broken: str) -> None:
    assert veiled(broken, is_json=False) is None
    assert back(broken, FULL) == broken


def test_a_broken_kept_text_gives_no_secret() -> None:
    assert lost('mqtt: {password: "***"}', "mqtt: {password: geheim")


@pytest.mark.parametrize(
    "text",
    [
        "geheim",
        "- geheim",
        "mqtt: geheim",
        "mqtt: [geheim]",
        "mqtt: {host: {password: geheim}}",
        "cameras: geheim",
        "cameras: {source: geheim}",
        "cameras: [geheim]",
        "cameras: [{zones: {a: geheim}, source: {a: geheim}}]",
        "cameras: [{zones: [{nam: geheim}]}]",
        "mqtt: {password:geheim}",
        "mqtt: {password: {a: [geheim]}}",
        "mqtt: {? [geheim] : 1}",
        "mqtt: {host: joe:geheim@broker}",
        "mqtt: {host: !geheim x, password: !!str geheim}".replace("!geheim", "!x"),
        "engine: {name: 'see rtsp://joe:geheim@h'}",
        "x: &a {password: geheim}\nmqtt: {<<: *a}",
        "mqtt:\n  password: >-\n    geheim\n    geheim\n  host: b",
        "mqtt:\n  password: geheim\n    geheim\n  host: b",
        "mqtt: {host: b} # mqtt_password=geheim",
    ],
)
def test_misplaced_secrets_are_masked_too(text: str) -> None:
    masked = veiled(text, is_json=False)
    assert masked is None or "geheim" not in masked


SECRET = st.text(st.sampled_from(string.printable + "äß\U0001f697\x85\u2028"), min_size=1)


@given(SECRET, st.booleans())
def test_any_password_is_masked_and_comes_back(password: str, is_json: bool) -> None:
    data = {"mqtt": {"password": f"geheim{password}", "host": "broker"}}
    text = json.dumps(data) if is_json else yaml.safe_dump(data, allow_unicode=True)
    masked = veiled(text, is_json=is_json)
    if masked is None:
        return
    assert "geheim" not in masked
    whole = back(masked.replace("broker", "other"), text, is_json=is_json)
    read = json.loads if is_json else yaml.safe_load
    kept = read(text)
    kept["mqtt"]["host"] = "other"
    assert read(whole) == kept
