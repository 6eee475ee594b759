import dataclasses

import pytest

from lpr_engine.config.secrecy import is_open
from lpr_engine.config.sections import CameraSection, Configuration, is_secret_field


def secret_names(kind: type) -> set[str]:
    return {field.name for field in dataclasses.fields(kind) if is_secret_field(field)}


def test_secrets_are_the_keys_that_representations_leave_out() -> None:
    found = {
        f"{section.name}.{name}"
        for section in dataclasses.fields(Configuration)
        if section.name != "cameras"
        for name in secret_names(type(getattr(Configuration(), section.name)))
    }
    assert {"mqtt.username", "mqtt.password", "mqtt.key_file", "api.token"} <= found
    assert secret_names(CameraSection) == set()


@pytest.mark.parametrize(
    "path",
    [
        ("mqtt", "host"),
        ("tracking", "countries", 0),
        ("cameras", "drive", "source"),
        ("cameras", "drive", "zones", 0),
        ("cameras", "drive", "zones", 0, "name"),
        ("cameras", "drive", "zones", 0, "area", 1, 0),
        ("cameras", 0, "masks", 0, 1, 0),
    ],
)
def test_known_keys_are_open(path: tuple[str | int, ...]) -> None:
    assert is_open(path)


@pytest.mark.parametrize(
    "path",
    [
        (),
        ("mqtt",),
        ("cameras",),
        ("cameras", 0),
        ("cameras", "source"),
        ("mqtt", "password"),
        ("mqtt", "pasword"),
        ("mqtt", "host", "password"),
        ("nothing", "host"),
        ("cameras", "drive", "password"),
        ("cameras", "drive", "source", "password"),
        ("cameras", "drive", "zones", "password"),
        ("cameras", "drive", "zones", 0, "password"),
        ("cameras", "drive", "zones", 0, "area", "password"),
    ],
)
def test_all_else_may_be_a_secret(path: tuple[str | int, ...]) -> None:
    assert not is_open(path)
