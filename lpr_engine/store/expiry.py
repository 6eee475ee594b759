"""The small steps of retention, each one transaction in the store's thread.

Files go after their rows: a power cut between the two leaves files that nobody refers to, which
the sweep finds, and never a passage that shows a picture which is not there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from lpr_engine.store.database import Database
from lpr_engine.store.failures import translated
from lpr_engine.store.media import MediaFolder
from lpr_engine.store.revisions import to_ms

BATCH = 200

_OLD_PASSAGES = """
SELECT id, crop, frame FROM passages
WHERE last_seen_ms < ? AND NOT EXISTS (SELECT 1 FROM outbox WHERE passage_id = passages.id)
ORDER BY last_seen_ms LIMIT ?"""

_UNUSED_PICTURES = """
SELECT path FROM media
WHERE leftover = 1
    AND NOT EXISTS (SELECT 1 FROM passages WHERE crop = media.path)
    AND NOT EXISTS (SELECT 1 FROM passages WHERE frame = media.path)
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE crop = media.path)
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE frame = media.path)
ORDER BY path LIMIT ?"""


class Expiry:
    """Jobs of the store's thread that remove a batch each and return how much they removed."""

    def __init__(self, media: MediaFolder, batch: int = BATCH) -> None:
        self._media = media
        self._batch = batch

    def old_pictures(self, database: Database, before: datetime) -> int:
        """Remove the oldest pictures that were kept before a time; their passages stay.

        Raises:
            StoreError: the database refused it.
        """
        rows = database.rows(
            "SELECT path FROM media WHERE kept_at_ms < ? ORDER BY kept_at_ms LIMIT ?",
            (to_ms(before), self._batch),
        )
        return self._remove(database, [row["path"] for row in rows])

    def excess_pictures(self, database: Database, max_bytes: int) -> int:
        """Remove the oldest pictures while all together are larger than allowed.

        Raises:
            StoreError: the database refused it.
        """
        total = database.rows("SELECT coalesce(sum(bytes), 0) AS total FROM media")[0]["total"]
        rows = database.rows(
            "SELECT path, bytes FROM media ORDER BY kept_at_ms, path LIMIT ?", (self._batch,)
        )
        chosen = []
        for row in rows:
            if total <= max_bytes:
                break
            chosen.append(row["path"])
            total -= row["bytes"]
        return self._remove(database, chosen)

    def old_passages(self, database: Database, before: datetime) -> int:
        """Remove the oldest passages last seen before a time that wait for no broker.

        Raises:
            StoreError: the database refused it.
        """
        rows = database.rows(_OLD_PASSAGES, (to_ms(before), self._batch))
        if not rows:
            return 0
        pictures = [path for row in rows for path in (row["crop"], row["frame"]) if path]
        with database.transaction() as connection:
            _delete(connection, "DELETE FROM passages WHERE id = ?", [row["id"] for row in rows])
            _delete(connection, "UPDATE media SET leftover = 1 WHERE path = ?", pictures)
        return len(rows)

    def unused_pictures(self, database: Database) -> int:
        """Remove pictures of earlier revisions and removed passages that nothing shows.

        Raises:
            StoreError: the database refused it.
        """
        rows = database.rows(_UNUSED_PICTURES, (self._batch,))
        return self._remove(database, [row["path"] for row in rows])

    def stray_files(self, database: Database, shard: str) -> int:
        """Remove files of one folder that a crash left without a row.

        Raises:
            StoreError: the database or the folder refused it.
        """
        folder = f"media/{shard}/"
        rows = database.rows(
            "SELECT path FROM media WHERE path >= ? AND path < ?", (folder, f"media/{shard}0")
        )
        known = {row["path"] for row in rows}
        with translated(Path(folder)):
            self._media.remove_unfinished(shard)
            names = [folder + file.name for file in self._media.files(shard)]
        return self._media.remove(name for name in names if name not in known)

    def adopt_files(self, database: Database, shard: str, now: datetime) -> int:
        """Take a lost database's pictures into the new one, so that they age like the rest.

        Raises:
            StoreError: the database or the folder refused it.
        """
        with translated(Path(shard)):
            found = [
                (f"media/{shard}/{file.name}", status.st_size, int(status.st_mtime * 1000))
                for file in self._media.files(shard)
                if (status := file.stat())
            ]
        with database.transaction() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO media (path, bytes, kept_at_ms) VALUES (?, ?, min(?, ?))",
                [(*facts, to_ms(now)) for facts in found],
            )
        return len(found)

    def _remove(self, database: Database, paths: Sequence[str]) -> int:
        if not paths:
            return 0
        with database.transaction() as connection:
            _delete(connection, "DELETE FROM media WHERE path = ?", paths)
        self._media.remove(paths)
        return len(paths)


def _delete(connection: sqlite3.Connection, sql: str, keys: Sequence[str]) -> None:
    connection.executemany(sql, [(key,) for key in keys])
