import dataclasses
import json
import math
import typing
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lpr_engine.config import sections
from lpr_engine.config.loading import check_configuration, load_configuration
from lpr_engine.config.problems import ConfigurationRefusedError

CAMERA = {"id": "a", "source": "rtsp://h/s"}
ZONE = {"name": "z", "area": [[0, 0], [1, 0], [1, 1]]}
VALUES = {
    "nothing": None,
    "flag": True,
    "whole": 7,
    "negative": -1,
    "huge": 10**300,
    "fraction": 0.5,
    "infinite": math.inf,
    "nan": math.nan,
    "empty_text": "",
    "text": "hello",
    "hostile_text": "\u202eevil\n\x07+#/",
    "long_text": "x" * 3_000,
    "list": [],
    "list_of_numbers": [1, 2],
    "list_of_nothing": [None, None],
    "deep_list": [[[["x"]]]],
    "keys": {},
    "wrong_keys": {"a": 1},
}


OPEN = {("cameras", "name"): {type(None)}}
"""What a key takes beyond its field's type: a camera without a name is called by its id."""


def accepted(hint: Any) -> set[type]:
    """The plain types that may stand in YAML for a field of a section."""
    if typing.get_origin(hint) is tuple:
        return {list}
    kinds = set(typing.get_args(hint)) or {hint}
    if kinds & {sections.Polygon, sections.DirectionLine}:
        kinds |= {list, str}
    if Path in kinds:
        kinds |= {str}
    if type(None) in kinds:
        kinds |= {str}
    return kinds | ({int} if float in kinds else set())


def keys() -> list[tuple[str, str, set[type]]]:
    every = [(field.name, field.type) for field in dataclasses.fields(sections.Configuration)]
    hints = typing.get_type_hints(sections.Configuration)
    found = []
    for section, _ in every:
        kind = sections.CameraSection if section == "cameras" else hints[section]
        for key, hint in typing.get_type_hints(kind).items():
            found.append((section, key, accepted(hint) | OPEN.get((section, key), set())))
    return found


def document(section: str, key: str, value: object) -> tuple[dict[str, Any], str]:
    if section == "cameras":
        return {section: [{**CAMERA, key: value}]}, f"cameras[0].{key}"
    return {section: {key: value}}, f"{section}.{key}"


@pytest.mark.parametrize("form", ["lpr.yaml", "options.json"])
@pytest.mark.parametrize(
    ("section", "key", "kinds"), keys(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_wrong_type_in_any_key_is_told_at_that_key(
    write, form: str, section: str, key: str, kinds: set[type]
) -> None:
    for name, value in VALUES.items():
        data, path = document(section, key, value)
        text = yaml.safe_dump(data) if form == "lpr.yaml" else json.dumps(data)
        problems = check_configuration(write(text, form), {})
        at_key = [problem for problem in problems if problem.key.startswith(path)]
        if type(value) not in kinds:
            assert at_key, f"{name} in {path} was accepted"
        for problem in problems:
            assert problem.line is not None
            assert "\u202e" not in str(problem)
            assert "\n" not in str(problem)
            assert len(str(problem)) < 600


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize(
    "section", [field.name for field in dataclasses.fields(sections.Configuration)]
)
def test_wrong_type_for_a_whole_section_is_told(write, section: str, value: object) -> None:
    problems = check_configuration(write(yaml.safe_dump({section: value})), {})
    empty = value is None or value == ([] if section == "cameras" else {})
    assert bool(problems) != empty
    assert all(problem.key.startswith(section) for problem in problems)


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_wrong_type_for_the_whole_file_is_told(write, value: object) -> None:
    problems = check_configuration(write(yaml.safe_dump(value)), {})
    assert bool(problems) == (value != {})


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
@pytest.mark.parametrize("key", ["name", "area"])
def test_wrong_type_in_a_zone_is_told(write, key: str, value: object) -> None:
    data = {"cameras": [{**CAMERA, "zones": [{**ZONE, key: value}]}]}
    problems = check_configuration(write(yaml.safe_dump(data)), {})
    is_right = key == "name" and value == "hello"
    assert [
        problem for problem in problems if problem.key.startswith(f"cameras[0].zones[0].{key}")
    ] or is_right


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
NAMES = st.sampled_from(sorted({name for _, key, _ in keys() for name in (key,)}))
SECTIONS = st.dictionaries(
    st.sampled_from([field.name for field in dataclasses.fields(sections.Configuration)]),
    st.dictionaries(NAMES, PLAIN, max_size=5)
    | st.lists(st.dictionaries(NAMES, PLAIN, max_size=5), max_size=3)
    | PLAIN,
    max_size=4,
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(data=SECTIONS)
def test_any_data_gives_a_configuration_or_problems_and_nothing_else(
    write, data: dict[str, Any]
) -> None:
    path = write(json.dumps(data), "options.json")
    problems = check_configuration(path, {})
    if problems:
        with pytest.raises(ConfigurationRefusedError):
            load_configuration(path, {})
    else:
        assert isinstance(load_configuration(path, {}), sections.Configuration)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(
    text=st.text(
        st.sampled_from("ab:-{}[]&*!<>|,'\"\\#%@` \n\t\r0.1\x00\x85\ufeff\ud83d~?="), max_size=40
    )
)
def test_any_text_gives_a_configuration_or_problems_and_nothing_else(write, text: str) -> None:
    content = text.encode("utf-8", "surrogatepass")
    for name in ("lpr.yaml", "options.json", "secrets.yaml"):
        path = write(content, name)
    for name in ("lpr.yaml", "options.json"):
        assert isinstance(check_configuration(path.with_name(name), {}), list)
    user = write("mqtt: {username: !secret a}", "user.yaml")
    assert isinstance(check_configuration(user, {}), list)
