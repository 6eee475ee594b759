"""A training's settings as a YAML file; what a run folder keeps, another run can start from."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from lpr_engine.training.detection.errors import DetectorSettingsError
from lpr_engine.training.detection.settings import DetectorTraining, Recipe, Schedule

SHIPPED_SETTINGS = Path(__file__).with_name("shipped.yaml")
"""Those of the detector that comes with the engine."""

_PATHS = ("data", "run", "start_weights")
_SECTIONS = {"recipe": Recipe, "schedule": Schedule}


def read_settings(path: Path) -> dict[str, Any]:
    """Return the arguments for `DetectorTraining` that a settings file gives, sections built.

    Raises:
        DetectorSettingsError: the file is unreadable, or a setting is unknown or out of range.
    """
    try:
        read = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as err:
        raise DetectorSettingsError(f"{path}: cannot be read: {err}") from err
    known = {field.name: field.default for field in dataclasses.fields(DetectorTraining)}
    values = _checked(path, "", {} if read is None else read, known)
    for name, section in _SECTIONS.items():
        if name in values:
            values[name] = _section(path, name, values[name], section)
    return {name: Path(value) if name in _PATHS else value for name, value in values.items()}


def write_settings(training: DetectorTraining, path: Path) -> None:
    """Write the settings so that `read_settings` gives them back."""
    path.write_text(yaml.safe_dump(training.described(), sort_keys=False), "utf-8")


def _section(path: Path, name: str, read: object, section: type[Any]) -> Any:
    known = {field.name: field.default for field in dataclasses.fields(section)}
    values = _checked(path, f"{name}.", read, known)
    try:
        return section(**{key: _tupled(value) for key, value in values.items()})
    except DetectorSettingsError as err:
        raise DetectorSettingsError(f"{path}: {name}.{err}") from err
    except (TypeError, ValueError, AttributeError) as err:
        raise DetectorSettingsError(f"{path}: {name}: a value has the wrong form: {err}") from err


def _tupled(value: object) -> object:
    if isinstance(value, dict):
        return {key: _tupled(part) for key, part in value.items()}
    return tuple(value) if isinstance(value, list) else value


def _checked(path: Path, prefix: str, read: object, known: Mapping[str, object]) -> dict[str, Any]:
    """Return the mapping once every name is known and every number where a number belongs."""
    if not isinstance(read, dict):
        raise DetectorSettingsError(f"{path}: {prefix or 'the file'} must be a mapping of settings")
    for name, value in read.items():
        if name not in known:
            raise DetectorSettingsError(f"{path}: unknown setting {prefix}{name}")
        _check_kind(path, f"{prefix}{name}", value, known[name])
    return dict(read)


def _check_kind(path: Path, name: str, value: object, default: object) -> None:
    if isinstance(default, bool):
        fits, wanted = isinstance(value, bool), "true or false"
    elif isinstance(default, int):
        fits, wanted = isinstance(value, int) and not isinstance(value, bool), "a whole number"
    elif isinstance(default, float):
        fits, wanted = isinstance(value, (int, float)) and not isinstance(value, bool), "a number"
    else:
        return
    if not fits:
        raise DetectorSettingsError(f"{path}: {name}: must be {wanted}, not {value!r}")
