"""The one thread that writes: jobs come through a bounded queue, answers go back as futures."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Generic, TypeVar

from lpr_engine.model.errors import DiskFullError, StoreError
from lpr_engine.store.damage import suspect
from lpr_engine.store.database import Database
from lpr_engine.store.failures import DamagedDatabaseError, StoreBusyError, StoreClosedError
from lpr_engine.store.problems import ProblemBoard

_LOGGER = logging.getLogger(__name__)

T = TypeVar("T")

DISK_FULL = "disk_full"
_DAMAGED_NOW = "damaged_now"
_QUEUE_TIMEOUT_S = 30.0


def _nothing(_database: Database) -> None:
    """Nobody wants to know of a job."""


class _Task(Generic[T]):
    """A job and the promise of its answer."""

    def __init__(self, job: Callable[[Database], T]) -> None:
        self.job = job
        self.future: Future[T] = Future()

    def perform(self, database: Database) -> None:
        """Do the job; whoever waits gets its result or its error."""
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            result = self.job(database)
        except Exception as err:  # noqa: BLE001 - the caller's error, raised where it waits
            self.future.set_exception(err)
        else:
            self.future.set_result(result)


class StoreThread:
    """Owns the database; overflow policy: `submit` refuses at once, `call` waits for a place."""

    def __init__(
        self,
        opener: Callable[[], Database],
        problems: ProblemBoard,
        capacity: int = 256,
        after_job: Callable[[Database], None] = _nothing,
    ) -> None:
        """`after_job` is called in the thread when whoever waits for a job has its answer."""
        self._opener = opener
        self._after_job = after_job
        self._problems = problems
        self._capacity = capacity
        self._tasks: deque[_Task[Any]] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)

    def start(self) -> None:
        """Open the database in the thread.

        Raises:
            StoreError: it cannot be opened; the thread has ended.
        """
        self._thread.start()
        self._opened.result()

    def submit(self, job: Callable[[Database], T]) -> Future[T]:
        """Queue a job without waiting.

        Raises:
            StoreBusyError: the queue is full.
            StoreClosedError: the store was closed.
        """
        return self._enqueue(job, 0.0)

    def call(self, job: Callable[[Database], T]) -> T:
        """Queue a job and wait for its answer; never from within a job.

        Raises:
            StoreBusyError: the queue stayed full for half a minute.
            StoreClosedError: the store was closed.
            StoreError: what the job raised.
        """
        return self._enqueue(job, _QUEUE_TIMEOUT_S).result()

    def stop(self) -> None:
        """Finish what is queued, close the database and end; more than once is harmless."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join()

    def _enqueue(self, job: Callable[[Database], T], timeout_s: float) -> Future[T]:
        task = _Task(job)
        with self._changed:
            free = self._changed.wait_for(
                lambda: self._closed or len(self._tasks) < self._capacity, timeout_s
            )
            if self._closed:
                raise StoreClosedError("the store is closed")
            if not free:
                raise StoreBusyError(f"{self._capacity} jobs wait for the store already")
            self._tasks.append(task)
            self._changed.notify_all()
        return task.future

    def _next(self) -> _Task[Any] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or bool(self._tasks))
            if not self._tasks:
                return None
            task = self._tasks.popleft()
            self._changed.notify_all()
            return task

    def _run(self) -> None:
        try:
            database = self._opener()
        except BaseException as err:  # noqa: BLE001 - raised again in `start`
            self._opened.set_exception(err)
            return
        self._opened.set_result(None)
        while (task := self._next()) is not None:
            task.perform(database)
            self._note(task.future, database.path)
            self._after_job(database)
        try:
            database.close()
        except StoreError as err:
            _LOGGER.error("closing the database: %s", err)

    def _note(self, future: Future[Any], path: Path) -> None:
        err = None if future.cancelled() else future.exception()
        if isinstance(err, DiskFullError):
            self._problems.begin(DISK_FULL, f"passages cannot be kept: {err}")
        elif isinstance(err, DamagedDatabaseError) and not self._problems.has(_DAMAGED_NOW):
            self._problems.begin(
                _DAMAGED_NOW, f"the database is damaged, a restart begins a new one: {err}"
            )
            self._suspect(path)

    def _suspect(self, path: Path) -> None:
        try:
            suspect(path)
        except StoreError as err:
            _LOGGER.warning("the next start will not check all of the database: %s", err)
