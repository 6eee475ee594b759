"""The page docs/configuration.md and the example are held to the code."""

import dataclasses
import re
import typing
from pathlib import Path

import pytest
import yaml

from lpr_engine.config import schema, sections
from lpr_engine.config.loading import check_configuration, load_configuration
from lpr_engine.config.sections import Configuration

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "configuration.md").read_text(encoding="utf-8")
SECRETS = "mqtt_password: x\ndrive_camera: rtsp://u:p@10.0.0.5/s\napi_token: 0123456789abcdef\n"


def kind_of(section: str) -> type:
    hints = typing.get_type_hints(Configuration)
    return sections.CameraSection if section == "cameras" else hints[section]


def part(section: str) -> str:
    match = re.search(rf"^## {section}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert match, f"no section {section}"
    return match.group(1)


def rows(section: str) -> dict[str, list[str]]:
    lines = [line for line in part(section).splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0].strip("`"): row[1:] for row in cells}


SECTIONS = [field.name for field in dataclasses.fields(Configuration)]
KEYS = [(section, key) for section in SECTIONS for key in dataclasses.fields(kind_of(section))]


@pytest.mark.parametrize("section", SECTIONS)
def test_page_has_the_keys_of_the_section_in_their_order(section: str) -> None:
    assert list(rows(section)) == [key.name for key in dataclasses.fields(kind_of(section))]


@pytest.mark.parametrize(("section", "key"), KEYS, ids=lambda one: getattr(one, "name", one))
def test_page_tells_the_true_default(section: str, key: "dataclasses.Field[object]") -> None:
    kind, cell, _ = rows(section)[key.name]
    assert kind
    if key.default is dataclasses.MISSING:
        assert cell == "required"
    elif key.default is None:
        assert cell == "—"
    else:
        plain = yaml.safe_load(cell.strip("`"))
        default = str(key.default) if isinstance(key.default, Path) else key.default
        assert plain == (list(default) if isinstance(default, tuple) else default)


@pytest.mark.parametrize(
    ("section", "key", "words"),
    [
        ("engine", "log_level", schema.LOG_LEVELS),
        ("models", "provider", schema.PROVIDERS),
        ("storage", "picture_format", schema.PICTURE_FORMATS),
        ("backup", "every", schema.BACKUP_RHYTHMS),
    ],
)
def test_page_tells_the_choices(section: str, key: str, words: tuple[str, ...]) -> None:
    assert re.findall(r"`(\w+)`", rows(section)[key][0]) == list(words)


@pytest.mark.parametrize(("section", "key"), KEYS, ids=lambda one: getattr(one, "name", one))
def test_page_tells_the_true_range(write, section: str, key: "dataclasses.Field[object]") -> None:
    match = re.fullmatch(r"([\d.]+) to ([\d.]+)", rows(section)[key.name][0])
    hint = typing.get_type_hints(kind_of(section))[key.name]
    assert bool(match) == (hint in (int, float) and key.name != "rotate")
    if match is None:
        return
    for value, is_right in zip(
        (match[1], match[2], f"-{match[1]}" if float(match[1]) else "-1", f"{match[2]}9"),
        (True, True, False, False),
        strict=True,
    ):
        text = f"{{{key.name}: {value}}}"
        if section == "cameras":
            text = f"[{{id: a, source: a.mp4, {key.name}: {value}}}]"
        problems = check_configuration(write(f"{section}: {text}"), {})
        out = [problem for problem in problems if "out of range" in problem.what]
        assert bool(out) != is_right, value


BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_examples_of_the_page_are_right(write, block: str) -> None:
    write(SECRETS, "secrets.yaml")
    assert check_configuration(write(block), {}) == []


def test_every_section_of_the_page_has_an_example() -> None:
    assert [section for section in SECTIONS if "```yaml" not in part(section)] == []


def test_commented_example_is_right_and_shows_every_section(write) -> None:
    write(SECRETS, "secrets.yaml")
    text = (DOCS / "example.yaml").read_text(encoding="utf-8")
    loaded = load_configuration(write(text, "example.yaml"), {})
    assert [camera.id for camera in loaded.cameras] == ["drive", "rehearsal"]
    drive = loaded.cameras[0]
    assert drive.country == "NO"
    assert drive.direction_line is not None
    assert drive.direction_line.side(0.5, 0.9) > 0 > drive.direction_line.side(0.5, 0.1)
    assert [section for section in SECTIONS if f"\n{section}:" not in text] == []
