"""What searches need beside the passages: narrow facts in order of time, and texts apart.

`facts` holds one row for each passage, `number` is the sequence of its first revision. `spellings`
are the texts by which a passage is found: its own has rank 0, its alternatives follow. Texts that
no passage is spelled by any more are forgotten with the last one, since plates are personal data.
"""

from __future__ import annotations

from typing import Final

_FACTS = """
CREATE TABLE facts (
    first_seen_ms INTEGER NOT NULL,
    number INTEGER NOT NULL,
    passage_id TEXT NOT NULL UNIQUE REFERENCES passages (id) ON DELETE CASCADE,
    camera TEXT NOT NULL,
    stage TEXT NOT NULL,
    direction TEXT NOT NULL,
    zone TEXT,
    list_name TEXT,
    vehicle TEXT,
    confidence REAL NOT NULL,
    text INTEGER,
    PRIMARY KEY (first_seen_ms, number)
) WITHOUT ROWID"""

_TEXTS = """
CREATE TABLE texts (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    text TEXT NOT NULL UNIQUE
)"""

_SPELLINGS = """
CREATE TABLE spellings (
    seen_ms INTEGER NOT NULL,
    passage INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    text INTEGER NOT NULL,
    PRIMARY KEY (seen_ms, passage, rank)
) WITHOUT ROWID"""

_FACTS_REMOVED = """
CREATE TRIGGER facts_removed AFTER DELETE ON facts BEGIN
    DELETE FROM texts
    WHERE number IN (
            SELECT text FROM spellings
            WHERE seen_ms = OLD.first_seen_ms AND passage = OLD.number)
        AND NOT EXISTS (
            SELECT 1 FROM spellings AS other
            WHERE other.text = texts.number
                AND NOT (other.seen_ms = OLD.first_seen_ms AND other.passage = OLD.number));
    DELETE FROM spellings WHERE seen_ms = OLD.first_seen_ms AND passage = OLD.number;
END"""

_EARLIER_PASSAGES_ARE_DUE = """
INSERT INTO settings (key, value)
SELECT 'facts_due', '~' WHERE EXISTS (SELECT 1 FROM passages)"""

_INDEXES = """
CREATE INDEX facts_of_camera ON facts (camera, first_seen_ms, number);
CREATE INDEX facts_of_zone ON facts (zone, first_seen_ms, number) WHERE zone IS NOT NULL;
CREATE INDEX facts_of_list ON facts (list_name, first_seen_ms, number) WHERE list_name IS NOT NULL;
CREATE INDEX facts_of_vehicle ON facts (vehicle, first_seen_ms, number) WHERE vehicle IS NOT NULL;
CREATE INDEX facts_surest ON facts (confidence, first_seen_ms, number, text);
CREATE INDEX facts_of_text ON facts (text, first_seen_ms, number, direction, camera, confidence);
CREATE INDEX spellings_of_text ON spellings (text, seen_ms, passage, rank)"""

STATEMENTS: Final = (
    _FACTS,
    _TEXTS,
    _SPELLINGS,
    *_INDEXES.split(";"),
    _FACTS_REMOVED,
    # What the new tables do better.
    "DROP TABLE alternatives",
    "DROP INDEX passages_newest",
    "DROP INDEX passages_of_camera",
    "DROP INDEX passages_by_text",
    _EARLIER_PASSAGES_ARE_DUE,
)
