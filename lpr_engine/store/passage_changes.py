"""What people change of kept passages: their text, or that they are there at all."""

from __future__ import annotations

import logging

from lpr_engine.model.clock import Clock
from lpr_engine.model.passage import Passage, Verdict
from lpr_engine.model.passage_actions import Correction
from lpr_engine.store.corrections import finished_passage, keep_correction
from lpr_engine.store.database import Database
from lpr_engine.store.expiry import Expiry
from lpr_engine.store.revisions import to_ms
from lpr_engine.store.thread import StoreThread

_LOGGER = logging.getLogger(__name__)


class PassageChanges:
    """Implements `CorrectableArchive`."""

    def __init__(self, thread: StoreThread, clock: Clock, expiry: Expiry) -> None:
        self._thread = thread
        self._clock = clock
        self._expiry = expiry

    def correct(self, correction: Correction, verdict: Verdict) -> Passage:
        """Keep a correction of a final passage as its next revision; the same again is no news.

        Raises:
            PassageUnknownError: there is no such passage.
            PassageUnfinishedError: it is not final yet.
            ChangedMeanwhileError: it has another revision than was seen.
            StoreError: the store refused it.
        """
        now_ms = to_ms(self._clock.now())
        return self._thread.call(
            lambda database: keep_correction(database, correction, verdict, now_ms)
        )

    def remove(self, passage_id: str, seen: int | None = None) -> Passage:
        """Forget a passage, its readings, remarks and revisions that wait, then its pictures.

        Pictures that another passage shows stay. What waited in the outbox is never sent: its
        numbers are gaps in the sequence. What was sent cannot be called back.

        Raises:
            PassageUnknownError: there is no such passage.
            PassageUnfinishedError: it is not final yet, and would come back with its next revision.
            ChangedMeanwhileError: it has another revision than was seen.
            StoreError: the store refused it.
        """
        return self._thread.call(lambda database: self._remove(database, passage_id, seen))

    def _remove(self, database: Database, passage_id: str, seen: int | None) -> Passage:
        with database.transaction() as connection:
            passage = finished_passage(database, passage_id, seen)
            waiting = connection.execute(
                "DELETE FROM outbox WHERE passage_id = ?", (passage_id,)
            ).rowcount
            connection.execute("DELETE FROM passages WHERE id = ?", (passage_id,))
            connection.execute(
                "UPDATE media SET leftover = 1 WHERE path IN (?, ?)",
                (passage.crop, passage.frame),
            )
        _LOGGER.info("Passage %s was removed, %d revisions of it unsent", passage_id, waiting)
        while self._expiry.unused_pictures(database):
            pass
        return passage
