"""Keeping revisions: pictures first, then one transaction for all the rest."""

from __future__ import annotations

from dataclasses import replace

from lpr_engine.model.clock import Clock
from lpr_engine.model.passage import Passage, PassageUpdate, Stage
from lpr_engine.store.database import Database
from lpr_engine.store.evidence import EvidenceKeeper
from lpr_engine.store.media import MediaFolder
from lpr_engine.store.problems import ProblemBoard
from lpr_engine.store.revisions import (
    Revision,
    check_succession,
    is_repetition,
    read_passage,
    to_ms,
    write_picture,
    write_revision,
    write_row,
)
from lpr_engine.store.thread import DISK_FULL

_ORPHANS_AT_ONCE = 200


class Archive:
    """Jobs of the store's thread that add revisions."""

    def __init__(
        self, evidence: EvidenceKeeper, media: MediaFolder, clock: Clock, problems: ProblemBoard
    ) -> None:
        self._evidence = evidence
        self._media = media
        self._clock = clock
        self._problems = problems
        self._sequence_before = 0

    def begin(self, database: Database) -> None:
        """Note where the run begins: what was kept before cannot be continued.

        Raises:
            StoreError: the database refused it.
        """
        row = database.row("SELECT coalesce(max(sequence), 0) AS last FROM passages")
        self._sequence_before = 0 if row is None else row["last"]

    def commit(self, database: Database, update: PassageUpdate) -> Passage:
        """Keep a revision; the kept one handed in again is answered, not kept twice.

        Raises:
            DiskFullError: no space is left; nothing of the revision was kept.
            RevisionError: it may not follow the one that is kept.
            StoreError: the database or the media folder refused it.
        """
        stored = find_passage(database, update.passage.id)
        if stored is not None and is_repetition(stored, update.passage):
            return stored
        check_succession(stored, update.passage)
        pictures = self._evidence.keep(update)
        revision = Revision(update.passage, update.new_readings, self._clock.now())
        try:
            with database.transaction() as connection:
                kept = write_revision(connection, revision, pictures)
        except BaseException:
            self._evidence.discard(pictures)
            raise
        self._evidence.remember(update, pictures)
        self._problems.end(DISK_FULL)
        return kept

    def keep_picture(self, database: Database, content: bytes, suffix: str) -> str:
        """Keep a picture that belongs to no passage; it ages like all others.

        Raises:
            DiskFullError: no space is left; nothing was kept.
            StoreError: the database or the media folder refused it.
        """
        picture = self._media.put(content, suffix)
        try:
            with database.transaction() as connection:
                write_picture(connection, picture, to_ms(self._clock.now()))
        except BaseException:
            if picture.is_new:
                self._media.remove([picture.path])
            raise
        return picture.path

    def close_orphans(self, database: Database, after_id: str = "") -> list[Passage]:
        """Give previews of earlier runs the final revision that a crash took, some at a time.

        `after_id` is the last id of the batch before; the last batch is empty.

        Raises:
            StoreError: the database refused it.
        """
        rows = database.rows(
            "SELECT sequence, crop, frame, body FROM passages"
            " WHERE stage = 'preview' AND id > ? AND sequence <= ? ORDER BY id LIMIT ?",
            (after_id, self._sequence_before, _ORPHANS_AT_ONCE),
        )
        previews = [passage for row in rows if (passage := read_passage(row)) is not None]
        queued_at_ms = to_ms(self._clock.now())
        with database.transaction() as connection:
            return [
                write_row(connection, _finished(preview), (), queued_at_ms) for preview in previews
            ]


def find_passage(database: Database, passage_id: str) -> Passage | None:
    """The kept revision of a passage.

    Raises:
        StoreError: the database refused it.
    """
    row = database.row(
        "SELECT sequence, crop, frame, body FROM passages WHERE id = ?", (passage_id,)
    )
    return None if row is None else read_passage(row)


def _finished(preview: Passage) -> Passage:
    return replace(preview, revision=preview.revision + 1, stage=Stage.FINAL)
