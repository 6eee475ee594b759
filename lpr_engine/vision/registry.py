"""Models by name: bundled with the package, or downloaded on request into a cache."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from lpr_engine.model.errors import ModelError
from lpr_engine.vision.catalogue import (
    CATALOGUE_NAME,
    FileRole,
    ModelEntry,
    ModelFile,
    ModelKind,
    read_catalogue,
    write_catalogue,
)
from lpr_engine.vision.download import Patience, Progress, Wanted, fetch
from lpr_engine.vision.model_file import sha256_of, usable_file

BUNDLED_DIRECTORY = Path(__file__).parent / "weights"


class ModelState(Enum):
    """What is there of a model's files."""

    READY = "ready"
    NOT_DOWNLOADED = "not downloaded"
    MISSING = "missing"
    CORRUPT = "corrupt"


@dataclass(frozen=True, slots=True)
class ModelPaths:
    """A model's files on disk; a detector has no plate config."""

    weights: Path
    plate_config: Path | None = None


class ModelRegistry:
    """The catalogue of models and where their files lie."""

    def __init__(
        self, cache_dir: Path | None = None, bundled_dir: Path = BUNDLED_DIRECTORY
    ) -> None:
        """Read the catalogue.

        Raises:
            ModelError: the catalogue is missing or malformed.
        """
        self._bundled_dir = bundled_dir
        self._cache_dir = cache_dir or default_cache_dir()
        self._entries = {
            entry.name: entry for entry in read_catalogue(bundled_dir / CATALOGUE_NAME)
        }

    def models(self) -> list[tuple[ModelEntry, ModelState]]:
        """Every model of the catalogue and what is there of it."""
        return [(entry, self.verify(entry.name)) for entry in self._entries.values()]

    def entry(self, name: str) -> ModelEntry:
        """One model's entry.

        Raises:
            ModelError: there is no such model; the message names those that there are.
        """
        if name not in self._entries:
            raise ModelError(f"unknown model {name!r}; known are {', '.join(self._entries)}")
        return self._entries[name]

    def verify(self, name: str) -> ModelState:
        """Compare a model's files with their checksums.

        Raises:
            ModelError: there is no such model.
        """
        entry = self.entry(name)
        paths = [(self._path(entry, file), file) for file in entry.files]
        if not all(path.is_file() for path, _ in paths):
            return ModelState.MISSING if entry.is_bundled else ModelState.NOT_DOWNLOADED
        is_right = all(_is_right(path, file) for path, file in paths)
        return ModelState.READY if is_right else ModelState.CORRUPT

    def download(
        self, name: str, progress: Progress | None = None, patience: Patience | None = None
    ) -> ModelPaths:
        """Fetch what is missing or corrupt of a model; a bundled one is only verified.

        Raises:
            ModelDownloadError: a file could not be fetched, or another file came.
            ModelError: there is no such model, or a bundled one is damaged.
        """
        entry = self.entry(name)
        for file in entry.files:
            path = self._path(entry, file)
            if file.url is not None and not (path.is_file() and _is_right(path, file)):
                wanted = Wanted(file.url, file.sha256, file.size_bytes)
                fetch(wanted, path, patience=patience, progress=progress)
        return self.paths(name, entry.kind)

    def paths(self, name: str, kind: ModelKind) -> ModelPaths:
        """Where a model's files lie, once they are sure to be the right ones.

        Raises:
            ModelError: no such model, of another kind, not downloaded, or damaged.
        """
        entry = self.entry(name)
        if entry.kind is not kind:
            raise ModelError(f"model {name!r} is a {entry.kind.value}, not a {kind.value}")
        found = {file.role: self._checked(entry, file) for file in entry.files}
        return ModelPaths(found[FileRole.WEIGHTS], found.get(FileRole.PLATE_CONFIG))

    def resolve(
        self, name_or_path: str, kind: ModelKind, plate_config: Path | None = None
    ) -> ModelPaths:
        """The files of a configured model: a name of the catalogue, or a path.

        A reader's plate config lies beside its weights (same name, `.yaml`) unless it is given.

        Raises:
            ModelError: there is no such model or file, or a file is damaged.
        """
        if name_or_path in self._entries:
            known = self.paths(name_or_path, kind)
            return replace(known, plate_config=plate_config) if plate_config else known
        path = Path(name_or_path).expanduser()
        if not path.suffix and len(path.parts) == 1:
            self.entry(name_or_path)
        usable_file(path)
        if kind is ModelKind.DETECTOR:
            return ModelPaths(path)
        config = plate_config or path.with_suffix(".yaml")
        return ModelPaths(path, usable_file(config, "name it as plate_config"))

    def _checked(self, entry: ModelEntry, file: ModelFile) -> Path:
        remedy = (
            "install the package again"
            if file.url is None
            else f"download it: lpr-engine models download {entry.name}"
        )
        path = usable_file(self._path(entry, file), remedy)
        if not _is_right(path, file):
            raise ModelError(f"{path}: model file is damaged (wrong checksum); {remedy}")
        return path

    def _path(self, entry: ModelEntry, file: ModelFile) -> Path:
        if file.url is None:
            return self._bundled_dir / file.name
        return self._cache_dir / entry.name / file.name


def default_cache_dir() -> Path:
    """Where downloads lie unless the configuration says otherwise (XDG base directories)."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "lpr-engine" / "models"


def update_bundled(bundled_dir: Path = BUNDLED_DIRECTORY) -> list[str]:
    """Write the checksums and sizes of bundled files into the catalogue; names what changed.

    Raises:
        ModelError: a bundled file is missing or empty.
    """
    path = bundled_dir / CATALOGUE_NAME
    entries = read_catalogue(path)
    updated = tuple(
        replace(entry, files=tuple(_measured(file, bundled_dir) for file in entry.files))
        for entry in entries
    )
    if updated != entries:
        write_catalogue(path, updated)
    return [
        file.name
        for old, new in zip(entries, updated, strict=True)
        for was, file in zip(old.files, new.files, strict=True)
        if was != file
    ]


def _measured(file: ModelFile, directory: Path) -> ModelFile:
    if file.url is not None:
        return file
    path = usable_file(directory / file.name)
    return replace(file, sha256=sha256_of(path), size_bytes=path.stat().st_size)


def _is_right(path: Path, file: ModelFile) -> bool:
    return path.stat().st_size == file.size_bytes and sha256_of(path) == file.sha256


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m lpr_engine.vision.registry [--update]`: check or renew the bundled checksums."""
    parser = argparse.ArgumentParser(description="Check the models that come with the package.")
    parser.add_argument("--update", action="store_true", help="write checksums of new weights")
    if parser.parse_args(arguments).update:
        changed = update_bundled()
        sys.stdout.write(f"updated: {', '.join(changed) or 'nothing'}\n")
        return 0
    states = {entry.name: state for entry, state in ModelRegistry().models() if entry.is_bundled}
    for name, state in states.items():
        sys.stdout.write(f"{name}: {state.value}\n")
    return int(any(state is not ModelState.READY for state in states.values()))


if __name__ == "__main__":
    raise SystemExit(main())
