"""What people say of passages beside the text: tags and a note."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from lpr_engine.model.clock import Clock
from lpr_engine.model.passage_actions import MOST_TAGS, Note, Remarks, Tag, TagPage
from lpr_engine.model.vehicle_errors import PassageUnknownError, TooManyTagsError
from lpr_engine.store.corrections import CORRECTED_COLUMNS, read_corrected
from lpr_engine.store.database import Database, Row
from lpr_engine.store.place import cursor_of, place_of
from lpr_engine.store.reader import Reader
from lpr_engine.store.revisions import from_ms, to_ms
from lpr_engine.store.thread import StoreThread

MAX_PAGE = 500


class RemarkRepository:
    """Implements `PassageRemarks`."""

    def __init__(self, thread: StoreThread, reader: Reader, clock: Clock) -> None:
        self._thread = thread
        self._reader = reader
        self._clock = clock

    def of(self, passage_id: str) -> Remarks:
        """What was said of a passage.

        Raises:
            PassageUnknownError: there is no such passage.
            StoreError: the store refused it.
        """
        return self._reader.ask(lambda database: _remarks(database, passage_id))

    def tag(self, passage_id: str, name: str) -> Remarks:
        """Give a passage a tag, if it has it not yet.

        Raises:
            PassageUnknownError: there is no such passage.
            TooManyTagsError: it has as many as it may have.
            StoreError: the store refused it.
        """
        return self._change(passage_id, lambda connection: _tag(connection, passage_id, name))

    def untag(self, passage_id: str, name: str) -> Remarks:
        """Take a tag away, if it is there.

        Raises:
            PassageUnknownError: there is no such passage.
            StoreError: the store refused it.
        """

        def untag(connection: sqlite3.Connection) -> None:
            connection.execute(
                "DELETE FROM passage_tags WHERE passage_id = ? AND tag = ?", (passage_id, name)
            )

        return self._change(passage_id, untag)

    def note(self, passage_id: str, text: str, noted_by: str) -> Remarks:
        """Replace a passage's note; an empty one is none.

        Raises:
            PassageUnknownError: there is no such passage.
            StoreError: the store refused it.
        """
        note = Note(text, noted_by, self._clock.now())
        return self._change(passage_id, lambda connection: _note(connection, passage_id, note))

    def tags(self, limit: int, cursor: str | None = None) -> TagPage:
        """All tags that passages have, by name.

        Raises:
            CursorError: the cursor is not one of ours.
            StoreError: the store refused it.
        """
        limit = min(max(1, limit), MAX_PAGE)
        after = "" if cursor is None else place_of(cursor, 1)[0]
        found = self._reader.all(
            lambda row: Tag(row["tag"], row["passages"]),
            "SELECT tag, count(*) AS passages FROM passage_tags WHERE tag > ?"
            " GROUP BY tag ORDER BY tag LIMIT ?",
            (after, limit + 1),
        )
        page = found[:limit]
        return TagPage(page, cursor_of(page[-1].name) if len(found) > limit else None)

    def _change(self, passage_id: str, change: Callable[[sqlite3.Connection], None]) -> Remarks:
        def job(database: Database) -> Remarks:
            with database.transaction() as connection:
                _check_known(database, passage_id)
                change(connection)
                return _remarks(database, passage_id)

        return self._thread.call(job)


def _check_known(database: Database, passage_id: str) -> None:
    if database.row("SELECT 1 FROM passages WHERE id = ?", (passage_id,)) is None:
        raise PassageUnknownError(f"there is no passage {passage_id!r}")


def _remarks(database: Database, passage_id: str) -> Remarks:
    _check_known(database, passage_id)
    tags = database.rows(
        "SELECT tag FROM passage_tags WHERE passage_id = ? ORDER BY tag", (passage_id,)
    )
    note = database.row("SELECT * FROM passage_notes WHERE passage_id = ?", (passage_id,))
    corrected = database.row(
        # Columns are fixed words of this room, the value is bound.
        f"SELECT {CORRECTED_COLUMNS} FROM corrections"  # noqa: S608
        " JOIN passages ON passages.id = corrections.passage_id WHERE passage_id = ?",
        (passage_id,),
    )
    return Remarks(
        tags=tuple(row["tag"] for row in tags),
        note=None if note is None else _read_note(note),
        corrected=None if corrected is None else read_corrected(corrected),
    )


def _read_note(row: Row) -> Note:
    return Note(row["note"], row["noted_by"], from_ms(row["noted_at_ms"]))


def _tag(connection: sqlite3.Connection, passage_id: str, name: str) -> None:
    connection.execute(
        "INSERT OR IGNORE INTO passage_tags (passage_id, tag) VALUES (?, ?)", (passage_id, name)
    )
    count = connection.execute(
        "SELECT count(*) FROM passage_tags WHERE passage_id = ?", (passage_id,)
    ).fetchone()[0]
    if count > MOST_TAGS:
        raise TooManyTagsError(f"passage {passage_id!r} has {MOST_TAGS} tags already")


def _note(connection: sqlite3.Connection, passage_id: str, note: Note) -> None:
    connection.execute("DELETE FROM passage_notes WHERE passage_id = ?", (passage_id,))
    if note.text:
        connection.execute(
            "INSERT INTO passage_notes (passage_id, note, noted_by, noted_at_ms)"
            " VALUES (?, ?, ?, ?)",
            (passage_id, note.text, note.noted_by, to_ms(note.noted_at)),
        )
