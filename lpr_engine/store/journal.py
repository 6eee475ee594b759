"""Passages by the number of their newest revision: for those who were away for a while."""

from __future__ import annotations

from pathlib import Path

from lpr_engine.model.events import JournalPage
from lpr_engine.model.passage import Passage
from lpr_engine.store.database import Row
from lpr_engine.store.reader import Reader
from lpr_engine.store.revisions import read_passage

_LAST = "SELECT coalesce(max(seq), 0) AS last FROM sqlite_sequence WHERE name = 'outbox'"
_SINCE = """
SELECT sequence, crop, frame, body FROM passages
WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?"""


class StoreJournal:
    """Implements `PassageJournal` over a store's folder, beside the thread that writes."""

    def __init__(self, directory: Path) -> None:
        """Open the database for reading.

        Raises:
            StoreError: there is none, or it cannot be read.
        """
        self._reader = Reader(directory)

    def last_sequence(self) -> int:
        """The number of the newest revision; 0 before the first.

        Raises:
            StoreError: the store cannot be read.
        """
        return self._reader.first(lambda row: int(row["last"]), _LAST) or 0

    def since(self, sequence: int, limit: int) -> JournalPage:
        """The oldest revisions, so many at most, whose numbers are higher than that.

        What is committed meanwhile has a higher number than the last one asked for before, so
        nothing up to `until` can come later.

        Raises:
            StoreError: the store cannot be read.
        """
        last = self.last_sequence()
        found = self._reader.all(_numbered, _SINCE, (sequence, last, limit))
        until = last if len(found) < limit else found[-1][0]
        return JournalPage(tuple(one for _, one in found if one is not None), until)

    def close(self) -> None:
        """Close the connection; whoever asks after it gets a StoreError."""
        self._reader.close()


def _numbered(row: Row) -> tuple[int, Passage | None]:
    return int(row["sequence"]), read_passage(row)
