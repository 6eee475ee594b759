"""A configuration key by key: what each holds, how it may be shown, and where it was written."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from lpr_engine.config.document import Data, Document
from lpr_engine.config.environment import PLACE_PREFIX
from lpr_engine.config.problems import KeyPath
from lpr_engine.config.redaction import MASK, shown_field
from lpr_engine.config.secrecy import CAMERAS
from lpr_engine.config.sections import CameraSection, Configuration
from lpr_engine.config.values import SecretText


class OriginKind(Enum):
    """From where a value comes."""

    FILE = "file"
    ENVIRONMENT = "environment"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was written: a line of the file, a variable, or nowhere."""

    kind: OriginKind
    line: int | None = None
    column: int | None = None
    variable: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One key, such as `mqtt.port` or `cameras[drive].fps`; `form` has no id: `cameras[].fps`."""

    name: str
    form: str
    path: KeyPath
    value: object
    shown: object


def entries(configuration: Configuration, hidden: frozenset[str] = frozenset()) -> list[Entry]:
    """Every key; the `hidden` ones are masked beside those that are secret by themselves."""
    return [
        dataclasses.replace(entry, shown=MASK) if entry.name in hidden else entry
        for entry in _entries(configuration)
    ]


def filled_by_secrets(document: Document, configuration: Configuration) -> frozenset[str]:
    """The names of the keys whose values `!secret` and `!env` bring in, wholly or in part."""
    paths = {_key_of(path) for path in _secrets(document.data, ()) if _is_in_file(document, path)}
    return frozenset(entry.name for entry in _entries(configuration) if entry.path in paths)


def origin(document: Document, path: KeyPath) -> Origin:
    """Where the value at a key comes from."""
    if not _holds(document.data, path):
        return Origin(OriginKind.DEFAULT)
    place = document.place(path, of_key=True)
    if place.file.startswith(PLACE_PREFIX):
        return Origin(OriginKind.ENVIRONMENT, variable=place.file.removeprefix(PLACE_PREFIX))
    return Origin(OriginKind.FILE, place.line, place.column)


def _entries(configuration: Configuration) -> Iterator[Entry]:
    for section in dataclasses.fields(configuration):
        if section.name != CAMERAS:
            yield from _of_section(getattr(configuration, section.name), section.name)
    for index, camera in enumerate(configuration.cameras):
        yield from _of_camera(camera, index)


def _of_section(section: Any, name: str) -> Iterator[Entry]:
    for key in dataclasses.fields(section):
        value, path = getattr(section, key.name), (name, key.name)
        full = f"{name}.{key.name}"
        yield Entry(full, full, path, value, shown_field(section, key))


def _of_camera(camera: CameraSection, index: int) -> Iterator[Entry]:
    for key in dataclasses.fields(camera):
        path = (CAMERAS, index, key.name)
        form = f"{CAMERAS}[].{key.name}"
        name = f"{CAMERAS}[{camera.id}].{key.name}"
        yield Entry(name, form, path, getattr(camera, key.name), shown_field(camera, key))


def _secrets(data: Data, path: KeyPath) -> Iterator[KeyPath]:
    if isinstance(data, SecretText):
        yield path
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _secrets(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _secrets(value, (*path, index))


def _key_of(path: KeyPath) -> KeyPath:
    return path[:3] if path[:1] == (CAMERAS,) else path[:2]


def _is_in_file(document: Document, path: KeyPath) -> bool:
    return not document.place(path).file.startswith(PLACE_PREFIX)


def _holds(data: Data, path: KeyPath) -> bool:
    for part in path:
        if isinstance(data, dict) and part in data:
            data = data[str(part)]
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return False
    return True
