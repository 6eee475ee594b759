"""Long work that leaves the disk room for passages, can be ended, and tells how far it is."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Final

from lpr_engine.model.backup import BackupRefusedError
from lpr_engine.model.errors import DiskFullError, StoreError
from lpr_engine.store.failures import translated

SPARE_BYTES: Final = 64 * 1024 * 1024
UNFINISHED_PREFIX: Final = ".making-"
"""How folders of work at hand are named; while nobody is at work, one is a crash's."""
ARRIVING_PREFIX: Final = ".arriving-"
"""How folders of what is on its way in are named; one that nobody has locked is a crash's."""

_LOOK_EVERY_BYTES = 8 * 1024 * 1024


class WorkEndedError(StoreError):
    """The engine stops, and with it what it was at."""

    code = "work_ended"


class Care:
    """Watches over one piece of work that writes into a folder; `end` may come from any thread."""

    def __init__(self, directory: Path, spare_bytes: int = SPARE_BYTES) -> None:
        self._directory = directory
        self._spare_bytes = spare_bytes
        self._ended = threading.Event()
        self._unlooked_bytes = 0
        self._most_bytes: int | None = None
        self.done_bytes = 0

    def expect(self, size_bytes: int) -> None:
        """Make sure of room for so much.

        Raises:
            DiskFullError: there is less, after what is to be left.
            StoreError: the folder cannot be asked.
        """
        with translated(self._directory):
            free_bytes = shutil.disk_usage(self._directory).free
        lacking = size_bytes + self._spare_bytes - free_bytes
        if lacking > 0:
            raise DiskFullError(
                f"{self._directory}: no space left for this: {_mb(size_bytes)} MB and"
                f" {_mb(self._spare_bytes)} MB to spare are needed, {_mb(free_bytes)} MB are free"
            )

    def allow(self, size_bytes: int) -> None:
        """Let no more than so much go through from now on."""
        self._most_bytes = self.done_bytes + size_bytes

    def note(self, size_bytes: int) -> None:
        """So much went through.

        Raises:
            WorkEndedError: the work is to end.
            DiskFullError: it took what is to be left.
            BackupRefusedError: it is more than is allowed.
        """
        if self._ended.is_set():
            raise WorkEndedError("the engine stops")
        self.done_bytes += size_bytes
        if self._most_bytes is not None and self.done_bytes > self._most_bytes:
            raise BackupRefusedError("it unpacks to far more than a backup of its size")
        self._unlooked_bytes += size_bytes
        if self._unlooked_bytes >= _LOOK_EVERY_BYTES:
            self._unlooked_bytes = 0
            self.expect(0)

    def end(self) -> None:
        """Have the work end soon."""
        self._ended.set()


def _mb(size_bytes: int) -> int:
    return -(-size_bytes // 1_000_000)
