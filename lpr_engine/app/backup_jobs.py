"""Long work on backups, one at a time, in a thread of its own that the cameras do not feel."""

from __future__ import annotations

import dataclasses
import logging
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable

from lpr_engine.api.yielding import give_way
from lpr_engine.model.backup import BackupBusyError, BackupJob, JobKind, JobState
from lpr_engine.model.clock import Clock
from lpr_engine.model.errors import LprError, UnknownError
from lpr_engine.store.backup.care import Care

_LOGGER = logging.getLogger(__name__)

_REMEMBERED = 20
_LAST_WORDS_S = 0.3

Work = Callable[[Care], str]
"""Does the work; returns the backup's name."""
Ended = Callable[[BackupJob], None]


class BackupJobs:
    """The jobs of this run; thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, BackupJob] = OrderedDict()
        self._thread: threading.Thread | None = None
        self._care: Care | None = None
        self._running: str | None = None

    def start(
        self,
        kind: JobKind,
        care: Care,
        work: Work,
        name: str | None = None,
        ended: Ended | None = None,
    ) -> BackupJob:
        """Begin work and return at once.

        Raises:
            BackupBusyError: other work goes on.
        """
        job = self.reserve(kind, care, name)
        self.launch(job, work, ended)
        return job

    def reserve(self, kind: JobKind, care: Care, name: str | None = None) -> BackupJob:
        """Have no other work begin until this one was launched and is over, or is released.

        Raises:
            BackupBusyError: other work goes on.
        """
        job = BackupJob(uuid.uuid4().hex, kind, JobState.RUNNING, self._clock.now(), name=name)
        with self._lock:
            self._check_idle()
            self._running, self._care = job.id, care
            self._keep(job)
        return job

    def launch(self, job: BackupJob, work: Work, ended: Ended | None = None) -> None:
        """Begin the work that room was reserved for."""
        with self._lock:
            self._thread = threading.Thread(
                target=self._run, args=(job, self._care, work, ended), name="backup", daemon=True
            )
            self._thread.start()

    def release(self, job: BackupJob) -> None:
        """Give up work that was reserved and never launched, as if it had never been."""
        with self._lock:
            if self._running == job.id:
                self._running = self._care = None
                self._jobs.pop(job.id, None)

    def check_idle(self) -> None:
        """Make sure that no work goes on.

        Raises:
            BackupBusyError: some does.
        """
        with self._lock:
            self._check_idle()

    def job(self, job_id: str) -> BackupJob:
        """How far a job is.

        Raises:
            UnknownError: there is none of that id, or it was long ago.
        """
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None:
                raise UnknownError("there is no such job, or it was long ago")
            if job.id == self._running and self._care is not None:
                job = dataclasses.replace(job, done_bytes=self._care.done_bytes)
            return job

    def stop(self) -> None:
        """Have the work at hand end soon; what it was at is as if it had never begun."""
        with self._lock:
            care, thread = self._care, self._thread
        if care is not None:
            care.end()
        if thread is not None:
            thread.join(_LAST_WORDS_S)

    def _check_idle(self) -> None:
        if self._running is not None:
            raise BackupBusyError("a backup is being made or put back already")

    def _run(self, job: BackupJob, care: Care, work: Work, ended: Ended | None) -> None:
        give_way()
        done = dataclasses.replace(_result(job, care, work), done_bytes=care.done_bytes)
        done = dataclasses.replace(done, ended_at=self._clock.now())
        with self._lock:
            self._keep(done)
            self._running = self._care = None
        if ended is not None:
            ended(done)

    def _keep(self, job: BackupJob) -> None:
        self._jobs[job.id] = job
        if len(self._jobs) > _REMEMBERED:
            self._jobs.popitem(last=False)


def _result(job: BackupJob, care: Care, work: Work) -> BackupJob:
    try:
        name = work(care)
    except LprError as error:
        _LOGGER.warning("Backup, %s: %s", job.kind.value, error)
        return _failed(job, error.code, str(error))
    except Exception:
        # Outermost loop of a thread.
        _LOGGER.exception("Backup, %s failed", job.kind.value)
        return _failed(job, "internal_error", "unexpected error, see the log")
    return dataclasses.replace(job, state=JobState.DONE, name=name)


def _failed(job: BackupJob, code: str, detail: str) -> BackupJob:
    return dataclasses.replace(job, state=JobState.FAILED, code=code, detail=detail)
