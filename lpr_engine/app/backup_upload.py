"""A backup that comes in through the door, as one job: what comes, and then the check of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from lpr_engine.app.backup_jobs import BackupJobs
from lpr_engine.model.backup import BackupJob, JobKind
from lpr_engine.store.backup.arrival import Arrival
from lpr_engine.store.backup.care import Care
from lpr_engine.store.backup.shelf import BackupShelf

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BackupUpload:
    """Implements `BackupArrival`: no other job runs until it is settled or abandoned."""

    jobs: BackupJobs
    job: BackupJob
    shelf: BackupShelf
    arrival: Arrival
    name: str

    @classmethod
    def begin(
        cls, jobs: BackupJobs, shelf: BackupShelf, name: str, size_bytes: int | None
    ) -> BackupUpload:
        """Make room for it.

        Raises:
            BackupTakenError: there is a file of that name already.
            BackupBusyError: another job is running.
            DiskFullError: there is no room for so much.
            StoreError: the folder cannot be made or written to.
        """
        care = Care(shelf.directory)
        job = jobs.reserve(JobKind.UPLOAD, care, name)
        try:
            arrival = Arrival(shelf, name, care)
        except BaseException:
            jobs.release(job)
            raise
        upload = cls(jobs, job, shelf, arrival, name)
        try:
            care.expect(size_bytes or 0)
        except BaseException:
            upload.abandon()
            raise
        return upload

    def write(self, piece: bytes) -> None:
        """Take the next piece.

        Raises:
            DiskFullError: there is no room for it.
            StoreError: the folder refuses it, or the engine stops.
        """
        self.arrival.write(piece)

    def settle(self) -> BackupJob:
        """Begin to check what has come."""

        def work(_care: Care) -> str:
            try:
                with self.shelf.claimed():
                    self.arrival.settle()
            finally:
                self.arrival.abandon()
            _LOGGER.info("Backup %s has come in", self.name)
            return self.name

        self.jobs.launch(self.job, work)
        return self.jobs.job(self.job.id)

    def abandon(self) -> None:
        """Leave nothing of it."""
        self.arrival.abandon()
        self.jobs.release(self.job)
