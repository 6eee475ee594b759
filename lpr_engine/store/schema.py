"""The tables, as numbered steps that only ever grow at the end.

Times are milliseconds since 1970, UTC. `body` is a revision in the contract's JSON: the truth;
the columns beside it are what searches need.
"""

from __future__ import annotations

from dataclasses import dataclass

from lpr_engine.store import schema_search
from lpr_engine.store.schema_access import STATEMENTS as ACCESS
from lpr_engine.store.schema_events import STATEMENTS as EVENTS
from lpr_engine.store.schema_vehicles import VEHICLE_STATEMENTS


@dataclass(frozen=True, slots=True)
class Migration:
    """One step; its statements and its version row are one transaction."""

    version: int
    statements: tuple[str, ...]


_MEDIA = """
CREATE TABLE media (
    path TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL,
    kept_at_ms INTEGER NOT NULL,
    leftover INTEGER NOT NULL DEFAULT 0
)"""

_PASSAGES = """
CREATE TABLE passages (
    id TEXT PRIMARY KEY NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    stage TEXT NOT NULL CHECK (stage IN ('preview', 'final')),
    camera TEXT NOT NULL,
    text TEXT NOT NULL,
    confidence REAL NOT NULL,
    first_seen_ms INTEGER NOT NULL,
    last_seen_ms INTEGER NOT NULL,
    direction TEXT NOT NULL,
    zone TEXT,
    region TEXT,
    list_name TEXT,
    vehicle TEXT,
    corrected_by TEXT,
    sequence INTEGER NOT NULL,
    crop TEXT REFERENCES media (path) ON DELETE SET NULL,
    frame TEXT REFERENCES media (path) ON DELETE SET NULL,
    body TEXT NOT NULL
)"""

_READINGS = """
CREATE TABLE readings (
    number INTEGER PRIMARY KEY,
    passage_id TEXT NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    taken_at_ms INTEGER NOT NULL,
    text TEXT NOT NULL,
    confidence REAL NOT NULL,
    quality REAL NOT NULL,
    x0 REAL NOT NULL,
    y0 REAL NOT NULL,
    x1 REAL NOT NULL,
    y1 REAL NOT NULL
)"""

_ALTERNATIVES = """
CREATE TABLE alternatives (
    passage_id TEXT NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    rank INTEGER NOT NULL,
    text TEXT NOT NULL,
    confidence REAL NOT NULL,
    PRIMARY KEY (passage_id, rank)
) WITHOUT ROWID"""

_OUTBOX = """
CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id TEXT NOT NULL REFERENCES passages (id) ON DELETE RESTRICT,
    queued_at_ms INTEGER NOT NULL,
    attempted INTEGER NOT NULL DEFAULT 0,
    unreadable INTEGER NOT NULL DEFAULT 0,
    crop TEXT REFERENCES media (path) ON DELETE SET NULL,
    frame TEXT REFERENCES media (path) ON DELETE SET NULL,
    body TEXT NOT NULL
)"""

_LISTS = """
CREATE TABLE lists (
    name TEXT PRIMARY KEY NOT NULL,
    meaning TEXT NOT NULL
)"""

_VEHICLES = """
CREATE TABLE vehicles (
    id TEXT PRIMARY KEY NOT NULL,
    text TEXT NOT NULL,
    label TEXT NOT NULL,
    owner TEXT,
    note TEXT NOT NULL,
    cameras TEXT,
    valid_from TEXT,
    valid_until TEXT,
    weekdays TEXT,
    from_time TEXT,
    until_time TEXT
)"""

_VEHICLE_LISTS = """
CREATE TABLE vehicle_lists (
    vehicle_id TEXT NOT NULL REFERENCES vehicles (id) ON DELETE CASCADE,
    list_name TEXT NOT NULL REFERENCES lists (name) ON DELETE CASCADE,
    PRIMARY KEY (vehicle_id, list_name)
) WITHOUT ROWID"""

_STANDARD_LISTS = """
INSERT INTO lists (name, meaning)
VALUES ('allow', 'allow'), ('watch', 'watch'), ('block', 'block'), ('ignore', 'ignore')"""

MIGRATIONS = (
    Migration(
        1,
        (
            _MEDIA,
            "CREATE INDEX media_by_age ON media (kept_at_ms)",
            "CREATE INDEX media_left_over ON media (path) WHERE leftover = 1",
            _PASSAGES,
            "CREATE INDEX passages_newest ON passages (first_seen_ms, id)",
            "CREATE INDEX passages_of_camera ON passages (camera, first_seen_ms, id)",
            "CREATE INDEX passages_finals ON passages (camera, last_seen_ms) WHERE stage = 'final'",
            "CREATE INDEX passages_previews ON passages (id) WHERE stage = 'preview'",
            "CREATE INDEX passages_by_age ON passages (last_seen_ms)",
            "CREATE INDEX passages_by_text ON passages (text)",
            "CREATE INDEX passages_by_crop ON passages (crop) WHERE crop IS NOT NULL",
            "CREATE INDEX passages_by_frame ON passages (frame) WHERE frame IS NOT NULL",
            _READINGS,
            "CREATE INDEX readings_of_passage ON readings (passage_id, taken_at_ms)",
            _ALTERNATIVES,
            "CREATE INDEX alternatives_by_text ON alternatives (text)",
            _OUTBOX,
            "CREATE INDEX outbox_of_passage ON outbox (passage_id)",
            "CREATE INDEX outbox_by_crop ON outbox (crop) WHERE crop IS NOT NULL",
            "CREATE INDEX outbox_by_frame ON outbox (frame) WHERE frame IS NOT NULL",
            "CREATE TABLE settings (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)",
        ),
    ),
    Migration(
        2,
        (
            _LISTS,
            _VEHICLES,
            _VEHICLE_LISTS,
            "CREATE INDEX vehicles_on_list ON vehicle_lists (list_name)",
            _STANDARD_LISTS,
        ),
    ),
    Migration(3, schema_search.STATEMENTS),
    Migration(4, ACCESS),
    Migration(5, VEHICLE_STATEMENTS),
    Migration(6, EVENTS),
)
