import dataclasses
import json
import os
import typing
from pathlib import Path

import pytest

from lpr_engine.config import schema, sections
from lpr_engine.config.loading import check_configuration, load_configuration
from lpr_engine.config.redaction import redacted
from lpr_engine.config.sections import BackupSection, Configuration, StorageSection
from lpr_engine.config.source import LOCAL_SCHEMES, NETWORK_SCHEMES
from lpr_engine.sources.address import parse_address
from lpr_engine.store.evidence import _FORMATS
from lpr_engine.vision.runtime import PROVIDERS


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    path = tmp_path / "some.pem"
    path.write_text("-----BEGIN-----")
    return path


def test_schema_has_exactly_the_keys_of_the_sections(write) -> None:
    hints = typing.get_type_hints(Configuration)
    for field in dataclasses.fields(Configuration):
        kind = sections.CameraSection if field.name == "cameras" else hints[field.name]
        expected = ", ".join(key.name for key in dataclasses.fields(kind))
        value = "[{unknown: 1}]" if field.name == "cameras" else "{unknown: 1}"
        problems = check_configuration(write(f"{field.name}: {value}"), {})
        (problem,) = [one for one in problems if one.key.endswith(".unknown")]
        assert problem.expected == f"one of {expected}"


def test_every_default_may_be_written_down(write, tmp_path: Path) -> None:
    plain = redacted(Configuration())
    plain = {
        name: {key: value for key, value in section.items() if value is not None}
        for name, section in plain.items()
        if name != "cameras"
    }
    loaded = load_configuration(write(json.dumps(plain), "options.json"), {})
    assert loaded == Configuration(
        storage=StorageSection(directory=tmp_path / "lpr-data"),
        backup=BackupSection(directory=tmp_path / "lpr-backups"),
    )


def test_schemes_are_those_that_sources_open() -> None:
    for scheme in NETWORK_SCHEMES + LOCAL_SCHEMES:
        address = {"v4l2": "v4l2:///dev/video0", "csi": "csi://0"}.get(scheme, f"{scheme}://h/s")
        assert parse_address(address)


def test_providers_and_formats_are_those_that_exist() -> None:
    assert set(schema.PROVIDERS) == {"auto", *PROVIDERS}
    assert set(schema.PICTURE_FORMATS) == set(_FORMATS)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mqtt: {host: b, tls: true, certificate_file: some.pem}", {"mqtt.key_file"}),
        ("mqtt: {host: b, tls: true, key_file: some.pem}", {"mqtt.certificate_file"}),
        ("mqtt: {host: b, tls: true, certificate_file: some.pem, key_file: some.pem}", set()),
        ("mqtt: {host: b, tls: true, certificate_file: some.pem, key_file: no}", {"mqtt.key_file"}),
        ("mqtt: {host: b, ca_file: some.pem}", {"mqtt.ca_file"}),
        ("mqtt: {host: b, tls_insecure: true}", {"mqtt.tls_insecure"}),
        ("mqtt: {host: b, tls: true, ca_file: .}", {"mqtt.ca_file"}),
        ("mqtt: {host: b, tls: true, ca_file: none.pem}", {"mqtt.ca_file"}),
        ("mqtt: {host: b, password: x}", {"mqtt.username"}),
        ("mqtt: {host: b, username: x}", set()),
        ("mqtt: {username: x, password: y}", {"mqtt.username", "mqtt.password"}),
        ("mqtt: {tls: true}", {"mqtt.tls"}),
        ("mqtt: {host: '', tls: true}", {"mqtt.tls"}),
        ("mqtt: {host: 'a b', tls: true}", {"mqtt.host"}),
        ("tracking: {lost_after_s: 200}", {"tracking.max_track_s"}),
        ("tracking: {lost_after_s: 200, max_track_s: 300}", set()),
        ("tracking: {lost_after_s: 200, max_track_s: x}", {"tracking.max_track_s"}),
        ("api: {host: 0.0.0.0}", set()),
        ("api: {tls_certificate: some.pem}", {"api.tls_key"}),
        ("api: {tls_key: some.pem}", {"api.tls_certificate"}),
        ("api: {tls_certificate: some.pem, tls_key: none.pem}", {"api.tls_key"}),
        ("api: {tls_certificate: some.pem, tls_key: some.pem}", set()),
        ("api: {host: 0.0.0.0, token: short}", {"api.token"}),
        ("api: {host: 0.0.0.0, token: 0123456789abcdef}", set()),
        ("api: {host: localhost}", set()),
        ("api: {host: 127.0.0.2}", set()),
        ("api: {host: '[::1]'}", set()),
        ("storage: {directory: some.pem}", {"storage.directory"}),
        ("storage: {directory: some.pem/data}", {"storage.directory"}),
        (f"storage: {{directory: {'x' * 300}}}", {"storage.directory"}),
        (f"models: {{plate_config: {'x' * 300}}}", {"models.plate_config"}),
        ("storage: {directory: not/yet/there}", set()),
        ("models: {plate_config: none.yaml}", {"models.plate_config"}),
        (
            "cameras: [{id: a, source: a.mp4}, {id: a, source: 5}]",
            {"cameras[1].id", "cameras[1].source"},
        ),
    ],
)
def test_keys_that_do_not_go_together_are_told(write, pem, text: str, told: set[str]) -> None:
    assert {problem.key for problem in check_configuration(write(text), {})} == told


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("mqtts://u:geheim@broker", "a URL stands here"),
        ("u:geheim@broker", "a user stands here"),
        ("broker:1883", "a port stands here"),
        ("'[::1]:1883'", "a port stands here"),
        ("bro ker", "this is no host"),
        ("-broker", "this is no host"),
        ("a..b", "this is no host"),
        ("bröker", "this is no host"),
    ],
)
def test_host_stands_alone(write, host: str, words: str) -> None:
    (problem,) = check_configuration(write(f"mqtt: {{host: {host}}}"), {})
    assert words in problem.what
    assert "geheim" not in str(problem)


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("broker", "broker"),
        ("a_b.local", "a_b.local"),
        ("10.0.0.5", "10.0.0.5"),
        ("'[::1]'", "::1"),
    ],
)
def test_host_is_kept(write, written: str, host: str) -> None:
    assert load_configuration(write(f"mqtt: {{host: {written}}}"), {}).mqtt.host == host


def test_pipe_in_place_of_a_file_is_told_without_waiting_for_it(write, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (problem,) = check_configuration(write("models: {plate_config: pipe}"), {})
    assert problem.what == "the file cannot be read: this is no file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_file_that_may_not_be_read_is_told(write, pem: Path) -> None:
    pem.chmod(0)
    (problem,) = check_configuration(write("mqtt: {host: b, tls: true, ca_file: some.pem}"), {})
    assert "permission denied" in problem.what
