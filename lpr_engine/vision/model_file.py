"""Model files on disk: there, not empty, and what they should be."""

from __future__ import annotations

import hashlib
from pathlib import Path

from lpr_engine.model.errors import ModelError

_BLOCK_BYTES = 1 << 20


def usable_file(path: Path, remedy: str = "check the path in the configuration") -> Path:
    """The path itself, once it is sure that there is something to load.

    Raises:
        ModelError: the file is missing, empty or cannot be read; the message ends with `remedy`.
    """
    if not path.is_file():
        raise ModelError(f"{path}: model file is missing; {remedy}")
    try:
        with path.open("rb") as file:
            is_empty = not file.read(1)
    except OSError as err:
        raise ModelError(f"{path}: model file cannot be read ({err.strerror}); {remedy}") from err
    if is_empty:
        raise ModelError(f"{path}: model file is empty; {remedy}")
    return path


def sha256_of(path: Path) -> str:
    """The file's SHA-256, in lower-case hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
