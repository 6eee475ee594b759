"""The list of known models: what `weights/models.yaml` says, read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import voluptuous as vol
import yaml

from lpr_engine.model.errors import ModelError

CATALOGUE_NAME = "models.yaml"


class ModelKind(Enum):
    """What a model is for."""

    DETECTOR = "detector"
    READER = "reader"


class FileRole(Enum):
    """What a file is of its model."""

    WEIGHTS = "weights"
    PLATE_CONFIG = "plate_config"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model; `url` None means that it comes with the package."""

    role: FileRole
    name: str
    sha256: str
    size_bytes: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model of the catalogue."""

    name: str
    kind: ModelKind
    licence: str
    description: str
    origin: str
    files: tuple[ModelFile, ...]

    @property
    def is_bundled(self) -> bool:
        """Whether it comes with the package, so that nothing is ever downloaded."""
        return all(file.url is None for file in self.files)

    @property
    def size_bytes(self) -> int:
        """Size of all its files."""
        return sum(file.size_bytes for file in self.files)


_SHA256 = vol.Match(r"^[0-9a-f]{64}$", msg="expected a SHA-256 in lower-case hexadecimal")
_FILE = vol.Schema(
    {
        vol.Required("role"): vol.Coerce(FileRole),
        vol.Required("name"): vol.All(str, vol.Match(r"^[A-Za-z0-9._-]+$")),
        vol.Required("sha256"): vol.All(str, _SHA256),
        vol.Required("size_bytes"): vol.All(int, vol.Range(min=1)),
        vol.Optional("url"): vol.All(str, vol.Match(r"^https?://")),
    }
)
_ENTRY = vol.Schema(
    {
        vol.Required("name"): vol.All(str, vol.Match(r"^[a-z0-9-]+$")),
        vol.Required("kind"): vol.Coerce(ModelKind),
        vol.Required("licence"): str,
        vol.Required("description"): str,
        vol.Required("origin"): str,
        vol.Required("files"): vol.All([_FILE], vol.Length(min=1)),
    }
)
_CATALOGUE = vol.Schema({vol.Required("models"): [_ENTRY]})


def read_catalogue(path: Path) -> tuple[ModelEntry, ...]:
    """All entries, in the file's order.

    Raises:
        ModelError: the catalogue is missing or malformed; the message names what and where.
    """
    try:
        content = _CATALOGUE(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as err:
        raise ModelError(f"{path}: model catalogue cannot be read: {err.strerror}") from err
    except (yaml.YAMLError, vol.Invalid) as err:
        raise ModelError(f"{path}: model catalogue is malformed: {err}") from err
    entries = tuple(_entry(data) for data in content["models"])
    names = [entry.name for entry in entries]
    if len(set(names)) != len(names):
        raise ModelError(f"{path}: model catalogue names a model twice")
    return entries


def _entry(data: dict[str, Any]) -> ModelEntry:
    files = tuple(ModelFile(**file) for file in data["files"])
    return ModelEntry(**{**data, "files": files})


def write_catalogue(path: Path, entries: tuple[ModelEntry, ...]) -> None:
    """Write the entries so that `read_catalogue` reads the same."""
    content = {"models": [_plain_entry(entry) for entry in entries]}
    path.write_text(
        "# Checksums and sizes of bundled files: python -m lpr_engine.vision.registry --update\n"
        + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=96),
        encoding="utf-8",
    )


def _plain_entry(entry: ModelEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "kind": entry.kind.value,
        "licence": entry.licence,
        "description": entry.description,
        "origin": entry.origin,
        "files": [_plain_file(file) for file in entry.files],
    }


def _plain_file(file: ModelFile) -> dict[str, Any]:
    plain: dict[str, Any] = {"role": file.role.value, "name": file.name}
    if file.url is not None:
        plain["url"] = file.url
    return plain | {"sha256": file.sha256, "size_bytes": file.size_bytes}
