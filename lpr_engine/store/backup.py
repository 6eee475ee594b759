"""A copy of the database in one file, taken while the store goes on working."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from lpr_engine.store.failures import translated
from lpr_engine.store.folder import sync_directory


def back_up(source: Path, target: Path) -> None:
    """Copy a database as it is at one instant; the writer goes on meanwhile.

    `target` is whole or as it was before. Pictures are not in it: their files never change once
    written, so that any copying of the folder `media` after this one is good.

    Raises:
        DiskFullError: there is no space for the copy.
        StoreError: the database cannot be read, or the copy cannot be written.
    """
    temporary = target.with_name(target.name + ".part")
    with translated(target):
        temporary.unlink(missing_ok=True)
        try:
            _copy(source, temporary)
            temporary.replace(target)
            sync_directory(target.parent)
        finally:
            temporary.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    uri = f"{source.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(uri, uri=True)) as reader,
        closing(sqlite3.connect(target)) as copy,
    ):
        reader.backup(copy)
        # One file that needs no log beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
    with target.open("rb") as file:
        os.fsync(file.fileno())
