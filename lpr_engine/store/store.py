"""The store as the rest of the house sees it: one object, safe to call from any thread."""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType

from lpr_engine.config.sections import RetentionSection, StorageSection
from lpr_engine.model.clock import Clock, SystemClock
from lpr_engine.model.errors import StoreError
from lpr_engine.model.events import ExpiryListener
from lpr_engine.model.outbox import OutboxRow
from lpr_engine.model.passage import Passage, PassageUpdate
from lpr_engine.store import outbox
from lpr_engine.store.access import AccessStore
from lpr_engine.store.analytics import PassageAnalytics
from lpr_engine.store.archive import Archive
from lpr_engine.store.backup.database_copy import back_up
from lpr_engine.store.backup.restoring import put_back
from lpr_engine.store.books import Books, open_books
from lpr_engine.store.catch_up import catch_up, catch_up_within
from lpr_engine.store.checkpoints import Checkpoints
from lpr_engine.store.database import Database
from lpr_engine.store.evidence import EvidenceKeeper
from lpr_engine.store.expiry import Expiry
from lpr_engine.store.failures import translated
from lpr_engine.store.folder import claim_directory, prepare_directory
from lpr_engine.store.journal import StoreJournal
from lpr_engine.store.media import MediaFolder
from lpr_engine.store.opening import DATABASE_NAME, open_database
from lpr_engine.store.predecessor import take_over
from lpr_engine.store.problems import ProblemBoard
from lpr_engine.store.retention import Retention, RetentionReport
from lpr_engine.store.search import PassageSearch
from lpr_engine.store.thread import DISK_FULL, StoreThread
from lpr_engine.store.trusted_time import TrustedTime

_LOGGER = logging.getLogger(__name__)

_CATCH_UP_S = 2.0
_BETWEEN_STEPS_S = 0.01
_ENOUGH_FREE_BYTES = 16 * 1024 * 1024


class PassageStore:
    """PassageArchive and Outbox over one folder; `search` and the like read beside them."""

    search: PassageSearch
    analytics: PassageAnalytics
    access: AccessStore
    books: Books
    journal: StoreJournal

    def __init__(
        self,
        storage: StorageSection,
        retention: RetentionSection | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Say where things are kept; nothing is touched before `open`.

        Raises:
            StoreError: the picture format is unknown.
        """
        self._directory = storage.directory
        self._clock = clock or SystemClock()
        self._board = ProblemBoard()
        self._lock_descriptor: int | None = None
        self.media = MediaFolder(storage.directory)
        self._evidence = EvidenceKeeper(storage, self.media)
        self._archive = Archive(self._evidence, self.media, self._clock, self._board)
        self._checkpoints = Checkpoints(storage.directory / DATABASE_NAME)
        self._thread = StoreThread(
            self._open_database, self._board, after_job=self._checkpoints.note
        )
        self._expiry = Expiry(self.media)
        self._retention = Retention(
            retention or RetentionSection(),
            self._thread,
            self._expiry,
            TrustedTime(self._clock),
            self.media,
        )

    def open(self) -> PassageStore:
        """Claim the folder, put back what is laid ready, check and migrate, start the thread.

        Raises:
            StoreError: the folder is missing, taken, read-only, or from a newer release.
        """
        prepare_directory(self._directory)
        self._lock_descriptor = claim_directory(self._directory)
        try:
            self._put_back()
            self._thread.start()
            self.search = PassageSearch(self._directory)
            self.access = AccessStore(self._thread, self._directory, self._clock)
            self.books = open_books(self._directory, self._thread, self._clock, self._expiry)
            self.analytics = PassageAnalytics(self._directory)
            self.journal = StoreJournal(self._directory)
        except StoreError:
            self.close()
            raise
        return self

    def commit(self, update: PassageUpdate) -> Passage:
        """Keep a revision and queue it for publishing; see `Archive.commit`.

        Raises:
            DiskFullError: no space is left; nothing of the revision was kept.
            StoreError: the store refused it.
        """
        return self._thread.call(lambda database: self._archive.commit(database, update))

    def submit(self, update: PassageUpdate) -> Future[Passage]:
        """Like `commit`, without waiting.

        Raises:
            StoreError: the queue is full, or the store is closed.
        """
        return self._thread.submit(lambda database: self._archive.commit(database, update))

    def close_orphans(self) -> tuple[Passage, ...]:
        """Make final what an earlier run left as a preview; this run's previews stay.

        Raises:
            StoreError: the store refused it.
        """
        closed: list[Passage] = []
        after = ""
        while batch := self._close_some_orphans(after):
            closed += batch
            after = batch[-1].id
        return tuple(closed)

    def pending(self, limit: int) -> list[OutboxRow]:
        """The oldest rows that no broker has confirmed, by sequence.

        Raises:
            StoreError: the store refused it.
        """
        return self._thread.call(lambda database: outbox.pending_rows(database, limit))

    def mark_attempted(self, sequences: Sequence[int]) -> None:
        """Note durably, before the first byte is sent, that delivery begins.

        Raises:
            StoreError: the store refused it.
        """
        self._thread.call(lambda database: outbox.mark_attempted(database, sequences))

    def acknowledge(self, sequences: Sequence[int]) -> None:
        """Remove rows that the broker has confirmed.

        Raises:
            StoreError: the store refused it.
        """
        self._thread.call(lambda database: outbox.acknowledge(database, sequences))

    def depth(self) -> int:
        """How many rows wait.

        Raises:
            StoreError: the store refused it.
        """
        return self._thread.call(outbox.depth)

    def keep_picture(self, content: bytes, suffix: str = ".jpg") -> str:
        """Keep a picture that belongs to no passage, such as a snapshot, until it is too old.

        Returns its path under the API; `suffix` is `.jpg` or `.webp`.

        Raises:
            DiskFullError: no space is left; nothing was kept.
            StoreError: the store refused it.
        """
        return self._thread.call(
            lambda database: self._archive.keep_picture(database, content, suffix)
        )

    def retain(self) -> RetentionReport:
        """Remove what is too old or too much, in small steps between which commits go on.

        To be called about once an hour, from any thread but the event loop's.

        Raises:
            StoreError: the store refused a step.
        """
        report = self._retention.run()
        self.access.tidy()
        with translated(self._directory):
            free_bytes = shutil.disk_usage(self._directory).free
        if free_bytes >= _ENOUGH_FREE_BYTES:
            self._board.end(DISK_FULL)
        return report

    def catch_up(self) -> None:
        """Make searchable what an earlier release kept, in small steps between which commits go on.

        And read what searches by text need. To be called at the start and now and then, from any
        thread but the event loop's; done at once where there is nothing to do.

        Raises:
            StoreError: the store refused a step; the next call goes on where this one stopped.
        """
        while self._thread.call(catch_up):
            time.sleep(_BETWEEN_STEPS_S)
        self.search.prepare()

    def when_expired(self, listener: ExpiryListener) -> None:
        """Have somebody told of passages that `retain` removes."""
        self._retention.listen(listener)

    def keep_for(self, retention: RetentionSection) -> None:
        """Keep things for as long as this says, from the next `retain` on."""
        self._retention.go_by(retention)

    def picture_by(self, storage: StorageSection) -> None:
        """Write pictures as this says from now on; the folder stays.

        Raises:
            StoreError: the picture format is unknown.
        """
        self._evidence.go_by(storage)

    def back_up(self, target: Path) -> None:
        """Copy the database to one file while work goes on; see `backup.back_up`.

        Raises:
            DiskFullError: there is no space for the copy.
            StoreError: the copy cannot be written.
        """
        back_up(self._directory / DATABASE_NAME, target)

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with the store now, in words; empty while all is well."""
        return self._board.current

    def close(self) -> None:
        """Finish what is queued and end; more than once is harmless."""
        # The one that writes goes last: only it can fold the write-ahead log into the file.
        for reader in ("search", "analytics", "access", "books", "journal"):
            if hasattr(self, reader):
                getattr(self, reader).close()
        self._checkpoints.stop()
        self._thread.stop()
        self._evidence.close()
        if self._lock_descriptor is not None:
            os.close(self._lock_descriptor)
            self._lock_descriptor = None

    def __enter__(self) -> PassageStore:
        return self.open()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _close_some_orphans(self, after: str) -> list[Passage]:
        return self._thread.call(lambda database: self._archive.close_orphans(database, after))

    def _put_back(self) -> None:
        restored = put_back(self._directory)
        if restored is not None:
            _LOGGER.warning("%s", restored)

    def _open_database(self) -> Database:
        opened = open_database(self._directory, self._clock.now())
        if opened.moved_aside is not None:
            self._board.begin(
                "damaged_before",
                f"the database was damaged; a new one was begun,"
                f" the old one is kept as {opened.moved_aside.name}",
            )
        try:
            take_over(opened.database, self.media, self._clock.now())
            if catch_up_within(opened.database, _CATCH_UP_S):
                _LOGGER.info("passages of earlier releases become searchable in the background")
            self._archive.begin(opened.database)
            self._checkpoints.begin(opened.database)
        except StoreError:
            opened.database.close()
            raise
        return opened.database
