import pytest

from lpr_engine.config.loading import check_configuration, load_configuration

USER = "mqtt: {host: broker, username: lpr, password: !secret mqtt_password}\n"


def test_secrets_are_text_as_written_whatever_yaml_takes_them_for(write) -> None:
    for text in ("0123", "12345", "true", "~", "2026-01-31", "1:30", "' spaced '"):
        write(f"mqtt_password: {text}\n", "secrets.yaml")
        assert load_configuration(write(USER), {}).mqtt.password == text.strip("'")


def test_secret_may_stand_for_a_number_or_a_flag(write) -> None:
    write("port: 8883\ntls: on\nfps: 2.5\n", "secrets.yaml")
    loaded = load_configuration(
        write(
            "mqtt: {host: b, port: !secret port, tls: !secret tls}\n"
            "cameras: [{id: a, source: rtsp://h/1, fps: !secret fps}]\n"
        ),
        {},
    )
    assert (loaded.mqtt.port, loaded.mqtt.tls, loaded.cameras[0].fps) == (8883, True, 2.5)


def test_options_of_the_add_on_may_name_secrets_too(write) -> None:
    write("pw: geheim", "secrets.yaml")
    options = '{"mqtt": {"host": "b", "username": "!env USER_NAME u", "password": "!secret pw"}}'
    mqtt = load_configuration(write(options, "options.json"), {}).mqtt
    assert (mqtt.username, mqtt.password) == ("u", "geheim")


@pytest.mark.parametrize(
    ("secrets", "told"),
    [
        (None, ["there is no such file", "the secret `mqtt_password` is not in"]),
        ("", ["the file is empty", "the secret `mqtt_password` is not in"]),
        ("- a", ["there are no names", "the secret `mqtt_password` is not in"]),
        ("mqtt_pasword: geheim", ["the secret `mqtt_password` is not in"]),
        ("mqtt_password: [geheim]", ["no single value", "the secret `mqtt_password` is not in"]),
        ("mqtt_password: geheim\nmqtt_password: geheim", ["a second time"]),
        ("mqtt_password: 'geheim", ["never closed", "the secret `mqtt_password` is not in"]),
        ('mqtt_password: "ge\\nheim"', ["line break"]),
    ],
)
def test_missing_or_malformed_secret_is_told_where_it_is_named(
    write, secrets: str | None, told: list[str]
) -> None:
    if secrets is not None:
        write(secrets, "secrets.yaml")
    path = write(USER)
    problems = check_configuration(path, {})
    assert len(problems) == len(told)
    for words in told:
        assert [problem for problem in problems if words in problem.what], words
    for problem in problems:
        assert "geheim" not in str(problem)
        if problem.file == str(path):
            assert (problem.line, problem.key) == (1, "mqtt.password")


def test_missing_secret_has_a_hint_at_the_nearest_name(write) -> None:
    write("mqtt_pasword: geheim", "secrets.yaml")
    (problem,) = check_configuration(write(USER), {})
    assert problem.suggestion == "did you mean `mqtt_pasword`?"


def test_broken_secrets_file_is_no_matter_while_nobody_asks_for_it(write) -> None:
    write("a: [", "secrets.yaml")
    assert check_configuration(write("mqtt: {}"), {}) == []


@pytest.mark.parametrize(
    ("tag", "environment", "value"),
    [
        ("!env BROKER", {"BROKER": "a"}, "a"),
        ("!env BROKER fallback", {"BROKER": "a"}, "a"),
        ("!env BROKER fallback", {}, "fallback"),
        ("!env BROKER fallback", {"BROKER": ""}, "fallback"),
        ("!env  BROKER   fallback ", {}, "fallback"),
    ],
)
def test_environment_variable_with_a_default(write, tag, environment, value) -> None:
    assert load_configuration(write(f"mqtt: {{host: {tag}}}"), environment).mqtt.host == value


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("!env BROKER", "the environment variable `BROKER` is not set"),
        ("!env", "`!env` names no variable"),
        ("!secret", "the secret `?...` is not in"),
        ("!secret [a]", "this tag is unknown"),
    ],
)
def test_missing_variable_is_told_with_its_line(write, tag: str, words: str) -> None:
    write("a: b", "secrets.yaml")
    (problem,) = check_configuration(write(f"mqtt:\n  host: {tag}\n"), {"BROKERS": "x"})
    assert words in problem.what
    assert (problem.line, problem.column, problem.key) == (2, 9, "mqtt.host")


@pytest.mark.parametrize(
    "text",
    [
        "mqtt: {host: b, port: !secret s}",
        "mqtt: {host: !secret s}",
        "mqtt: {discovery_prefix: !secret s}",
        "mqtt: {tls: !secret s}",
        "engine: {id: !secret s}",
        "engine: {log_level: !secret s}",
        "engine: {name: !secret s}",
        "cameras: [{id: !secret s, source: a.mp4}]",
        "cameras: [{id: a, source: !secret s}]",
        "cameras: [{id: a, source: a.mp4, country: !secret s}]",
        "cameras: [{id: a, source: a.mp4, direction_line: !secret s}]",
        "cameras: [{id: a, source: a.mp4, rotate: !secret s}]",
        "cameras: [{id: a, source: a.mp4, zones: [!secret s]}]",
        "cameras: !secret s",
        "models: {plate_config: !secret s}",
        "models: {provider: !secret s}",
        "storage: {directory: !secret s}",
        "api: {host: !secret s, token: !secret s}",
        "tracking: {countries: !secret s}",
        "retention: {passages_days: !secret s}",
    ],
)
@pytest.mark.parametrize("value", ["rtps://u:Geheim-9@h", "Geheim-9\\u202e", "-999999999"])
def test_no_message_shows_a_secret(write, text: str, value: str) -> None:
    write(f'lone: x\ns: "{value}"', "secrets.yaml")
    problems = check_configuration(write(text), {})
    for problem in problems:
        assert "geheim" not in str(problem).lower()
        assert "geheim" not in repr(problem).lower()
        assert "9999" not in str(problem)
