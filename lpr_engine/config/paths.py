"""Paths in a configuration: relative ones start at the folder of the file, `~` at home."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lpr_engine.config.rules import Rule, text
from lpr_engine.config.values import RefusedError

_plain = text("a path")


def any_path(base: Path) -> Rule:
    """A path that need not exist yet, made absolute."""
    return lambda value: _absolute(_plain(value), base)


def readable_file(base: Path) -> Rule:
    """The path of a file that exists and may be read, made absolute."""

    def rule(value: Any) -> Path:
        path = _absolute(_plain(value), base)
        failed = _failure(path)
        if failed:
            raise RefusedError(f"the file cannot be read: {failed}", "a readable file")
        return path

    return rule


def _failure(path: Path) -> str | None:
    try:
        if path.exists() and not path.is_file():
            return "this is no file"
        with path.open("rb"):
            return None
    except OSError as err:
        return (err.strerror or "unknown reason").lower()


def folder(base: Path) -> Rule:
    """The path of a folder, which is made later if it does not exist."""

    def rule(value: Any) -> Path:
        path = _absolute(_plain(value), base)
        try:
            nearest = next(one for one in (path, *path.parents) if one.exists())
            failed = None if nearest.is_dir() else "a file stands here"
        except OSError as err:
            failed = f"the folder cannot be used: {(err.strerror or 'unknown reason').lower()}"
        if failed:
            raise RefusedError(failed, "a folder, or a path where one can be made")
        return path

    return rule


def model_name(base: Path) -> Rule:
    """A model's name in the registry as it is, or the path of its weights made absolute."""

    def rule(value: Any) -> str:
        written: str = text("a model's name or path")(value)
        is_name = not Path(written).suffix and len(Path(written).parts) == 1
        return written if is_name else str(_absolute(written, base))

    return rule


def _absolute(written: str, base: Path) -> Path:
    try:
        return base / Path(written).expanduser()
    except RuntimeError:
        failed = "the home folder of `~` is unknown"
    raise RefusedError(failed, "the whole path")
