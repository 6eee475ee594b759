"""The configuration's file on disk: read as one state, exchanged whole, the ones before kept."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from lpr_engine.config.problems import Place, Problem
from lpr_engine.config.reading import MAX_BYTES, decoded
from lpr_engine.model.errors import ConfigError

PREVIOUS_KEPT = 5
_KEY = secrets.token_bytes(32)


class ConfigFileError(ConfigError):
    """The configuration's file cannot be read or written."""

    code = "config_file_failed"


@dataclass(frozen=True, slots=True)
class FileState:
    """What a file holds at one time; `text` is None where that is no text."""

    content: bytes
    text: str | None

    @property
    def version(self) -> str:
        """A mark of the content, good until this process ends.

        A plain hash would let somebody who sees the masked text try out passwords.
        """
        return hmac.new(_KEY, self.content, hashlib.sha256).hexdigest()


def read_state(path: Path) -> FileState:
    """What a file holds now.

    Raises:
        ConfigFileError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as err:
        raise _failed(path, "read", err) from err
    text = decoded(content, Place(str(path)))
    return FileState(content, None if isinstance(text, Problem) else text)


def exchange(path: Path, before: FileState, content: bytes) -> None:
    """Write a new content, whole or not at all; `before` is kept as `<name>.1`, older ones go on.

    The file keeps its mode and, where that is allowed, its owner. A link stays one.

    Raises:
        ConfigFileError: the folder refuses it; the file is as it was.
    """
    try:
        target = path.resolve(strict=True)
        status = target.stat()
        _make_place_for_previous(target)
        _write(previous(target, 1), before.content, status)
        _write(target, content, status)
    except OSError as err:
        raise _failed(path, "written", err) from err


def previous(path: Path, number: int) -> Path:
    """Where the content before is kept, 1 for the last."""
    return path.with_name(f"{path.name}.{number}")


def _make_place_for_previous(target: Path) -> None:
    for number in range(PREVIOUS_KEPT - 1, 0, -1):
        older = previous(target, number)
        if older.exists():
            older.replace(previous(target, number + 1))


def _write(target: Path, content: bytes, status: os.stat_result) -> None:
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with contextlib.suppress(PermissionError):
                os.fchown(file.fileno(), status.st_uid, status.st_gid)
            os.fchmod(file.fileno(), status.st_mode & 0o777)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync(target.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _failed(path: Path, what: str, err: OSError) -> ConfigFileError:
    return ConfigFileError(f"{path}: the file cannot be {what}: {err.strerror or err}")
