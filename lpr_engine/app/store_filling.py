"""A store's folder full of passages from the mill, written as the engine writes them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import TypeVar

from lpr_engine.app.passage_mill import LAST, PassageMill
from lpr_engine.model.passage import Passage, ReadingRecord
from lpr_engine.store.database import Database
from lpr_engine.store.evidence import Pictures
from lpr_engine.store.media import StoredPicture
from lpr_engine.store.opening import open_database
from lpr_engine.store.revisions import Revision, write_revision

T = TypeVar("T")

_AT_ONCE = 2000
_READINGS = 3
_PICTURES_LAST = timedelta(days=30)
_PICTURE_BYTES = 40_000


def fill(folder: Path, mill: PassageMill, tell: Callable[[int], None]) -> None:
    """Write all passages of a mill, with facts, readings and rows of pictures, all acknowledged.

    Raises:
        StoreError: the folder refuses it.
    """
    database = open_database(folder, LAST).database
    try:
        # What a power cut would cost here is only time.
        database.rows("PRAGMA synchronous = OFF")
        written = 0
        for some in _batches(mill.passages(), _AT_ONCE):
            _write(database, some)
            written += len(some)
            tell(written)
        database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        database.close()


def _write(database: Database, passages: list[Passage]) -> None:
    with database.transaction() as connection:
        for passage in passages:
            vote = ReadingRecord(passage.first_seen, passage.text, 0.9, 0.8, passage.box)
            revision = Revision(passage, (vote,) * _READINGS, passage.last_seen)
            write_revision(connection, revision, _pictures(passage))
        connection.execute("DELETE FROM outbox")


def _pictures(passage: Passage) -> Pictures:
    """Those of the last month, as retention would have it; no file is written."""
    if passage.first_seen < LAST - _PICTURES_LAST:
        return Pictures()
    return Pictures(_picture(f"crop {passage.id}"), _picture(f"frame {passage.id}"))


def _picture(name: str) -> StoredPicture:
    digest = hashlib.sha256(name.encode()).hexdigest()
    return StoredPicture(f"media/{digest[:2]}/{digest}.jpg", _PICTURE_BYTES, is_new=True)


def _batches(values: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(values, size)):
        yield batch
