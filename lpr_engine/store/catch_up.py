"""Facts of passages that a release before kept without them, newest first, some at a time.

A database that grew large under an earlier release would take minutes; so its passages become
searchable while the engine already works. Each step is one transaction that notes how far it
came, so that a power cut costs nothing but the step.
"""

from __future__ import annotations

import time

from lpr_engine.store.database import Database
from lpr_engine.store.revisions import read_passage, write_facts
from lpr_engine.store.settings import read_setting, write_setting

BATCH = 50
_DUE = "facts_due"


def catch_up(database: Database, batch: int = BATCH) -> bool:
    """Take one step; false once none is left to take.

    Raises:
        StoreError: the database refused it; the next call tries again.
    """
    due = read_setting(database, _DUE)
    if due is None:
        return False
    rows = database.rows(
        "SELECT id, sequence, crop, frame, body FROM passages WHERE id < ?"
        " ORDER BY id DESC LIMIT ?",
        (due, batch),
    )
    with database.transaction() as connection:
        for row in rows:
            passage = read_passage(row)
            if passage is not None:
                write_facts(connection, passage)
        if rows:
            write_setting(connection, _DUE, rows[-1]["id"])
        else:
            connection.execute("DELETE FROM settings WHERE key = ?", (_DUE,))
    return bool(rows)


def catch_up_within(database: Database, seconds: float) -> bool:
    """Take steps for so long; false once none is left to take.

    Raises:
        StoreError: the database refused it; the next call tries again.
    """
    deadline_s = time.monotonic() + seconds
    while is_left := catch_up(database):
        if time.monotonic() > deadline_s:
            break
    return is_left
