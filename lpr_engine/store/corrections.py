"""What people put right: a later revision of a final one, with what was read kept beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from lpr_engine.model.contract import passage_from_json
from lpr_engine.model.errors import CursorError
from lpr_engine.model.passage import Passage, Stage, Verdict
from lpr_engine.model.passage_actions import CorrectedPassage, Correction, CorrectionPage
from lpr_engine.model.vehicle_errors import (
    ChangedMeanwhileError,
    PassageUnfinishedError,
    PassageUnknownError,
)
from lpr_engine.store.database import Database, Row
from lpr_engine.store.place import cursor_of, place_of
from lpr_engine.store.reader import Reader
from lpr_engine.store.revisions import from_ms, read_passage, to_ms, write_row

MAX_PAGE = 500

_NOTE_WHAT_WAS_READ = """
INSERT INTO corrections (passage_id, corrected_at_ms, read_body)
SELECT id, :now_ms, body FROM passages WHERE id = :id
ON CONFLICT (passage_id) DO UPDATE SET corrected_at_ms = excluded.corrected_at_ms"""

CORRECTED_COLUMNS = (
    "passages.sequence, passages.crop, passages.frame, passages.body,"
    " corrections.corrected_at_ms, corrections.read_body, corrections.passage_id"
)


class Corrections:
    """Implements `CorrectionBook`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def page(
        self, limit: int, cursor: str | None = None, since: datetime | None = None
    ) -> CorrectionPage:
        """Corrected passages, last corrected first.

        Raises:
            CursorError: the cursor is not one of ours.
            StoreError: the store cannot be read.
        """
        limit = min(max(1, limit), MAX_PAGE)
        conditions, values = _conditions(cursor, since)
        rows = self._reader.all(
            lambda row: row,
            # Conditions and columns are fixed words of this module, values are bound.
            f"SELECT {CORRECTED_COLUMNS} FROM corrections"  # noqa: S608
            f" JOIN passages ON passages.id = corrections.passage_id WHERE {conditions}"
            " ORDER BY corrections.corrected_at_ms DESC, corrections.passage_id DESC LIMIT ?",
            (*values, limit + 1),
        )
        page = rows[:limit]
        found = tuple(one for row in page if (one := read_corrected(row)) is not None)
        return CorrectionPage(found, _cursor(page[-1]) if len(rows) > limit else None)


def keep_correction(
    database: Database, correction: Correction, verdict: Verdict, now_ms: int
) -> Passage:
    """Keep a correction; one that says again what is kept already changes nothing.

    Raises:
        PassageUnknownError: there is no such passage.
        PassageUnfinishedError: it is not final yet.
        ChangedMeanwhileError: it has another revision than was seen.
        StoreError: the database refused it.
    """
    with database.transaction() as connection:
        stored = finished_passage(database, correction.passage_id, correction.seen)
        if _says_the_same(stored, correction):
            return stored
        connection.execute(_NOTE_WHAT_WAS_READ, {"id": stored.id, "now_ms": now_ms})
        return write_row(connection, _corrected(stored, correction, verdict), (), now_ms)


def finished_passage(database: Database, passage_id: str, seen: int | None) -> Passage:
    """A final passage, for whoever wants to change what they have seen of it.

    Raises:
        PassageUnknownError: there is no such passage.
        PassageUnfinishedError: it is not final yet.
        ChangedMeanwhileError: it has another revision than was seen.
        StoreError: the database refused it.
    """
    row = database.row(
        "SELECT sequence, crop, frame, body FROM passages WHERE id = ?", (passage_id,)
    )
    stored = None if row is None else read_passage(row)
    if stored is None:
        raise PassageUnknownError(f"there is no passage {passage_id!r}")
    if stored.stage is not Stage.FINAL:
        raise PassageUnfinishedError(f"the vehicle of passage {passage_id!r} is still in sight")
    if seen is not None and stored.revision != seen:
        raise ChangedMeanwhileError(f"passage {passage_id!r} is at revision {stored.revision}")
    return stored


def read_corrected(row: Row) -> CorrectedPassage | None:
    """A row of `CORRECTED_COLUMNS`; None when a body makes no sense."""
    passage = read_passage(row)
    if passage is None:
        return None
    try:
        read = passage_from_json(json.loads(row["read_body"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    # The pictures are those of now: some may have been removed.
    read = replace(read, crop=passage.crop, frame=passage.frame)
    return CorrectedPassage(passage, read, from_ms(row["corrected_at_ms"]))


def _says_the_same(stored: Passage, correction: Correction) -> bool:
    return stored.corrected_by is not None and (stored.text, stored.display) == (
        correction.text,
        correction.display,
    )


def _corrected(stored: Passage, correction: Correction, verdict: Verdict) -> Passage:
    """What the vote held possible besides is over: a person has said what it is."""
    return replace(
        stored,
        revision=stored.revision + 1,
        text=correction.text,
        display=correction.display,
        confidence=1.0,
        characters=tuple((sign, 1.0) for sign in correction.text),
        alternatives=(),
        verdict=verdict,
        corrected_by=correction.corrected_by,
    )


def _conditions(cursor: str | None, since: datetime | None) -> tuple[str, list[object]]:
    conditions, values = ["1"], list[object]()
    if since is not None:
        conditions.append("corrections.corrected_at_ms >= ?")
        values.append(to_ms(since))
    if cursor is not None:
        conditions.append("(corrections.corrected_at_ms, corrections.passage_id) < (?, ?)")
        values += _place(cursor)
    return " AND ".join(conditions), values


def _cursor(row: Row) -> str:
    return cursor_of(str(row["corrected_at_ms"]), row["passage_id"])


def _place(cursor: str) -> tuple[int, str]:
    moment_ms, passage_id = place_of(cursor, 2)
    if not (moment_ms.removeprefix("-").isdecimal() and len(moment_ms) <= 17):
        raise CursorError("not a cursor that a page handed out")
    return int(moment_ms), passage_id
