"""A backup's file on its way in: it has its name, and so is listed, once all of it was checked."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from lpr_engine.store.backup.care import ARRIVING_PREFIX, UNFINISHED_PREFIX, Care
from lpr_engine.store.backup.shelf import BackupShelf, clear_abandoned
from lpr_engine.store.backup.unpacking import unpack
from lpr_engine.store.failures import translated
from lpr_engine.store.folder import create_private, prepare_directory, sync_directory

_MOST_TIMES: Final = 100
_ALWAYS_BYTES: Final = 256 * 1024 * 1024
"""A database of nothing but empty pages shrinks to a thousandth, a used one to a tenth or so."""


class Arrival:
    """One file, used by one thread at a time; `care` counts what comes and what it unpacks to."""

    def __init__(self, shelf: BackupShelf, name: str, care: Care) -> None:
        """Begin; what a crash left of earlier ones is removed.

        Raises:
            BackupTakenError: there is a file of that name already.
            StoreError: the folder cannot be made or written to.
        """
        self._shelf = shelf
        self._care = care
        self._target = shelf.untaken(name)
        directory = shelf.directory
        prepare_directory(directory)
        with translated(directory):
            clear_abandoned(directory)
            self._folder = Path(tempfile.mkdtemp(prefix=ARRIVING_PREFIX, dir=directory))
            # Held until it is settled or abandoned, so that no other engine takes it for a rest.
            self._descriptor: int | None = os.open(self._folder, os.O_RDONLY)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            # Under its own name, which messages about it then show.
            self._path = self._folder / name
            self._file = create_private(self._path)

    def write(self, piece: bytes) -> None:
        """Take the next piece.

        Raises:
            DiskFullError: there is no room for it.
            WorkEndedError: the engine stops.
            StoreError: the folder refuses it.
        """
        self._care.note(len(piece))
        with translated(self._path):
            self._file.write(piece)

    def settle(self) -> None:
        """Check all of it and give it its name; in any case nothing else is left of it.

        Raises:
            BackupRefusedError: it is no backup, is damaged, or unpacks to far more than it should.
            BackupTakenError: there is a file of that name by now.
            DiskFullError: there is no room to unpack it.
            WorkEndedError: the engine stops.
            StoreError: the folder refuses it.
        """
        try:
            with translated(self._path), self._file as file:
                file.flush()
                os.fsync(file.fileno())
                size_bytes = file.tell()
            self._care.allow(max(_ALWAYS_BYTES, _MOST_TIMES * size_bytes))
            self._check()
            target = self._shelf.untaken(self._target.name)
            with translated(target):
                self._path.replace(target)
                sync_directory(target.parent)
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Leave nothing of it; more than once is harmless."""
        with suppress(OSError):
            self._file.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _check(self) -> None:
        directory = self._shelf.directory
        with (
            translated(directory),
            tempfile.TemporaryDirectory(prefix=UNFINISHED_PREFIX, dir=directory) as folder,
        ):
            unpack(self._path, Path(folder), self._care, pictures=False)
