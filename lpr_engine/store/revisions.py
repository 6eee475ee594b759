"""Revisions of passages as rows: reading them, and writing one with all that belongs to it."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from lpr_engine.model.contract import passage_from_json, passage_to_json
from lpr_engine.model.passage import Passage, ReadingRecord, Stage
from lpr_engine.store.database import Row
from lpr_engine.store.evidence import Pictures
from lpr_engine.store.facts import keep_facts
from lpr_engine.store.failures import RevisionError
from lpr_engine.store.media import StoredPicture

_LOGGER = logging.getLogger(__name__)

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)

_UPSERT_MEDIA = """
INSERT INTO media (path, bytes, kept_at_ms) VALUES (?, ?, ?)
ON CONFLICT (path) DO UPDATE SET
    leftover = 0, bytes = excluded.bytes, kept_at_ms = max(kept_at_ms, excluded.kept_at_ms)"""

_UPSERT_PASSAGE = """
INSERT INTO passages (id, revision, stage, camera, text, confidence, first_seen_ms, last_seen_ms,
    direction, zone, region, list_name, vehicle, corrected_by, sequence, crop, frame, body)
VALUES (:id, :revision, :stage, :camera, :text, :confidence, :first_seen_ms, :last_seen_ms,
    :direction, :zone, :region, :list_name, :vehicle, :corrected_by, :sequence, :crop, :frame,
    :body)
ON CONFLICT (id) DO UPDATE SET
    revision = excluded.revision, stage = excluded.stage, camera = excluded.camera,
    text = excluded.text, confidence = excluded.confidence,
    first_seen_ms = excluded.first_seen_ms, last_seen_ms = excluded.last_seen_ms,
    direction = excluded.direction, zone = excluded.zone, region = excluded.region,
    list_name = excluded.list_name, vehicle = excluded.vehicle,
    corrected_by = excluded.corrected_by, sequence = excluded.sequence,
    crop = excluded.crop, frame = excluded.frame, body = excluded.body"""

_INSERT_OUTBOX = """
INSERT INTO outbox (sequence, passage_id, queued_at_ms, crop, frame, body)
VALUES (:sequence, :id, :queued_at_ms, :crop, :frame, :body)"""


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision that is due to be kept, with what belongs to it."""

    passage: Passage
    readings: Sequence[ReadingRecord]
    queued_at: datetime


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(value: int) -> datetime:
    """Aware UTC."""
    return _EPOCH + value * _MILLISECOND


def read_passage(row: Row) -> Passage | None:
    """A row's passage; None, and a word in the log, when its body makes no sense.

    The columns `sequence`, `crop` and `frame` are newer than the body: pictures get removed.
    """
    try:
        passage = passage_from_json(json.loads(row["body"]))
    except (ValueError, KeyError, TypeError, AttributeError) as err:
        _LOGGER.warning("row %s of the store is unreadable: %r", row["sequence"], err)
        return None
    return replace(passage, sequence=row["sequence"], crop=row["crop"], frame=row["frame"])


def check_succession(stored: Passage | None, passage: Passage) -> None:
    """Refuse a revision that would take something back.

    Raises:
        RevisionError: it is no newer than the kept one, or would undo or repeat a final one.
    """
    if stored is None:
        return
    name = f"passage {passage.id} revision {passage.revision}"
    if passage.revision <= stored.revision:
        raise RevisionError(f"{name}: revision {stored.revision} is kept already")
    if stored.stage is not Stage.FINAL:
        return
    if passage.stage is not Stage.FINAL:
        raise RevisionError(f"{name}: a preview cannot follow the final revision")
    if passage.corrected_by is None:
        raise RevisionError(f"{name}: only a correction can follow the final revision")


def is_repetition(stored: Passage, passage: Passage) -> bool:
    """Whether a revision is the kept one, word for word, handed in again."""
    return _content(stored) == _content(passage)


def write_revision(
    connection: sqlite3.Connection, revision: Revision, pictures: Pictures
) -> Passage:
    """Within a transaction: pictures' rows, the passage, its facts, readings, outbox row."""
    queued_at_ms = to_ms(revision.queued_at)
    for picture in pictures.kept:
        write_picture(connection, picture, queued_at_ms)
    kept = replace(revision.passage, crop=_path(pictures.crop), frame=_path(pictures.frame))
    return write_row(connection, kept, revision.readings, queued_at_ms)


def write_picture(connection: sqlite3.Connection, picture: StoredPicture, now_ms: int) -> None:
    """Within a transaction: the row by which a picture's file is known, and ages."""
    connection.execute(_UPSERT_MEDIA, (picture.path, picture.size_bytes, now_ms))


def write_row(
    connection: sqlite3.Connection,
    passage: Passage,
    readings: Sequence[ReadingRecord],
    queued_at_ms: int,
) -> Passage:
    """Within a transaction: a revision whose pictures have their rows already."""
    kept = replace(passage, sequence=_next_sequence(connection))
    columns = _columns(kept)
    values = {**columns, "queued_at_ms": queued_at_ms, "body": _body(kept)}
    _flag_leftovers(connection, kept)
    connection.execute(_UPSERT_PASSAGE, values)
    connection.execute(_INSERT_OUTBOX, values)
    _write_votes(connection, kept, readings)
    keep_facts(connection, kept, columns)
    return kept


def write_facts(connection: sqlite3.Connection, passage: Passage) -> None:
    """Within a transaction: what a passage is found by, that an earlier release kept."""
    keep_facts(connection, passage, _columns(passage))


def _content(passage: Passage) -> str:
    bare = replace(passage, sequence=0, crop=None, frame=None)
    return json.dumps(passage_to_json(bare), sort_keys=True)


def _path(picture: StoredPicture | None) -> str | None:
    return None if picture is None else picture.path


def _next_sequence(connection: sqlite3.Connection) -> int:
    """SQLite's own counter, which a rollback sets back: no gaps, no number twice."""
    query = "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'outbox'"
    return int(connection.execute(query).fetchone()[0])


def _columns(passage: Passage) -> dict[str, object]:
    return {
        "id": passage.id,
        "revision": passage.revision,
        "stage": passage.stage.value,
        "camera": passage.camera,
        "text": passage.text,
        "confidence": passage.confidence,
        "first_seen_ms": to_ms(passage.first_seen),
        "last_seen_ms": to_ms(passage.last_seen),
        "direction": passage.direction.value,
        "zone": passage.zone,
        "region": passage.region,
        "list_name": passage.verdict.list_name,
        "vehicle": passage.verdict.vehicle,
        "corrected_by": passage.corrected_by,
        "sequence": passage.sequence,
        "crop": passage.crop,
        "frame": passage.frame,
    }


def _body(passage: Passage) -> str:
    return json.dumps(passage_to_json(passage), allow_nan=False, separators=(",", ":"))


def _flag_leftovers(connection: sqlite3.Connection, passage: Passage) -> None:
    """Pictures that only the revision before shows are left over for retention."""
    connection.execute(
        "UPDATE media SET leftover = 1 WHERE path IN"
        " (SELECT crop FROM passages WHERE id = :id UNION"
        " SELECT frame FROM passages WHERE id = :id)"
        " AND path IS NOT :crop AND path IS NOT :frame",
        {"id": passage.id, "crop": passage.crop, "frame": passage.frame},
    )


def _write_votes(
    connection: sqlite3.Connection, passage: Passage, readings: Sequence[ReadingRecord]
) -> None:
    connection.executemany(
        "INSERT INTO readings (passage_id, taken_at_ms, text, confidence, quality, x0, y0, x1, y1)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                passage.id,
                to_ms(vote.taken_at),
                vote.text,
                vote.confidence,
                vote.quality,
                *vote.box.as_tuple(),
            )
            for vote in readings
        ],
    )
