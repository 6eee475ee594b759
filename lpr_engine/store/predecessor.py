"""What a database takes over from the one whose place it took: its pictures and its count."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from lpr_engine.store.backup.restoring import set_aside
from lpr_engine.store.damage import moved_aside
from lpr_engine.store.database import Database
from lpr_engine.store.expiry import Expiry
from lpr_engine.store.media import MediaFolder
from lpr_engine.store.settings import read_setting, write_setting

_LOGGER = logging.getLogger(__name__)

# Far from where JSON's numbers are no longer exact: beyond is no counter of ours, but damage.
_MOST_SEQUENCES = 2**50
# What only the damaged file's write-ahead log may have known.
_SEQUENCE_MARGIN = 10_000


def take_over(database: Database, media: MediaFolder, now: datetime) -> None:
    """Succeed every database that was damaged, or that a restore replaced, once.

    Its pictures become rows, so that they age like all others instead of being swept, and the
    sequence goes on beyond its last one: receivers find gaps by it, and there is one.

    Raises:
        StoreError: the database or the folder refused it; the next start tries again.
    """
    folder = database.path.parent
    damaged, replaced = moved_aside(database.path), set_aside(folder)
    for aside in (*damaged, *replaced):
        key = f"succeeded {aside.relative_to(folder)}"
        if read_setting(database, key) is not None:
            continue
        expiry = Expiry(media)
        for shard in media.shards():
            expiry.adopt_files(database, shard, now)
        with database.transaction() as connection:
            _raise_sequence(connection, _last_sequence(aside, is_damaged=aside in damaged))
            write_setting(connection, key, "yes")


def _last_sequence(aside: Path, *, is_damaged: bool) -> int:
    """A number that the other outbox never gave out, if it can still be told; else 0.

    A damaged one is read as immutable, since SQLite would tidy away the write-ahead log.
    """
    uri = f"{aside.resolve().as_uri()}?{'immutable=1' if is_damaged else 'mode=ro'}"
    query = "SELECT max(seq) FROM sqlite_sequence WHERE name = 'outbox'"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            last = connection.execute(query).fetchone()[0]
    except (sqlite3.Error, UnicodeDecodeError) as err:
        _LOGGER.warning("%s does not tell its last sequence: %s", aside.name, err)
        return 0
    is_plausible = isinstance(last, int) and 0 < last < _MOST_SEQUENCES
    return last + _SEQUENCE_MARGIN if is_plausible else 0


def _raise_sequence(connection: sqlite3.Connection, last: int) -> None:
    query = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'outbox'"
    if connection.execute(query).fetchone()[0] >= last:
        return
    connection.execute("DELETE FROM sqlite_sequence WHERE name = 'outbox'")
    connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', ?)", (last,))
