"""The store's folder: made, claimed for one process, its names made to survive a power cut."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import BinaryIO

from lpr_engine.model.errors import StoreError
from lpr_engine.store.failures import translated

_LOCK_NAME = "lpr.lock"


def prepare_directory(directory: Path) -> None:
    """Make the folder if only it is missing.

    Raises:
        StoreError: its parent is missing, or it is not a folder.
    """
    with translated(directory):
        try:
            directory.mkdir(exist_ok=True)
        except FileNotFoundError as err:
            raise StoreError(f"{directory}: the folder above it does not exist") from err
        except FileExistsError as err:
            raise StoreError(f"{directory}: this is a file, a folder is needed") from err


def claim_directory(directory: Path) -> int:
    """Take the folder for this process alone; the kernel gives it back when the process dies.

    Two writers would sweep away each other's pictures. Returns the descriptor to close.

    Raises:
        StoreError: another process has it, or the folder cannot be written to.
    """
    path = directory / _LOCK_NAME
    with translated(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as err:
            os.close(descriptor)
            if isinstance(err, BlockingIOError):
                raise StoreError(f"{directory}: another engine uses this folder") from err
            raise
    return descriptor


def create_private(path: Path) -> BinaryIO:
    """A new file, to be written, that only its owner may read.

    Raises:
        OSError: it is there already, or the folder refuses it.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def sync_directory(directory: Path) -> None:
    """Make names that were created or changed in a folder survive a power cut.

    Raises:
        OSError: the folder cannot be synchronised.
    """
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
