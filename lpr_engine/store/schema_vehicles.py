"""Step 5: vehicles that can be searched and changed safely, and what people say of passages."""

from __future__ import annotations

_TAGS = """
CREATE TABLE passage_tags (
    passage_id TEXT NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (passage_id, tag)
) WITHOUT ROWID"""

_NOTES = """
CREATE TABLE passage_notes (
    passage_id TEXT PRIMARY KEY NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    note TEXT NOT NULL,
    noted_by TEXT NOT NULL,
    noted_at_ms INTEGER NOT NULL
) WITHOUT ROWID"""

# `read_body` is the last revision that the reader made, in the contract's JSON.
_CORRECTIONS = """
CREATE TABLE corrections (
    passage_id TEXT PRIMARY KEY NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    corrected_at_ms INTEGER NOT NULL,
    read_body TEXT NOT NULL
)"""

_FILL_HAYSTACK = """
UPDATE vehicles
SET haystack = lower(text || char(10) || label || char(10) || coalesce(owner, '') || char(10)
    || note)"""

VEHICLE_STATEMENTS = (
    "ALTER TABLE vehicles ADD COLUMN display TEXT",
    "ALTER TABLE vehicles ADD COLUMN haystack TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE vehicles ADD COLUMN revision INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE vehicles ADD COLUMN updated_at_ms INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE lists ADD COLUMN revision INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE lists ADD COLUMN updated_at_ms INTEGER NOT NULL DEFAULT 0",
    _FILL_HAYSTACK,
    "CREATE INDEX vehicles_by_text ON vehicles (text, id)",
    _TAGS,
    "CREATE INDEX passages_tagged ON passage_tags (tag, passage_id)",
    _NOTES,
    _CORRECTIONS,
    "CREATE INDEX corrections_newest ON corrections (corrected_at_ms, passage_id)",
)
