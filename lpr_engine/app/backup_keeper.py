"""The backups of a running engine: made on time and on request, listed, and put back."""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lpr_engine import __version__
from lpr_engine.app.backup_jobs import BackupJobs
from lpr_engine.app.backup_schedule import is_due, next_due
from lpr_engine.app.backup_upload import BackupUpload
from lpr_engine.app.restoring import RestoreWish, order_restore
from lpr_engine.config.desk import ConfigurationSource, NoConfigFileError
from lpr_engine.config.secret import SECRETS_FILE
from lpr_engine.config.sections import BackupSection, Configuration
from lpr_engine.model.backup import (
    AccessSource,
    BackupBusyError,
    BackupJob,
    BackupRecord,
    JobKind,
    JobState,
    StagedRestore,
)
from lpr_engine.model.clock import Clock
from lpr_engine.store.backup.care import Care
from lpr_engine.store.backup.shelf import BackupShelf
from lpr_engine.store.backup.staging import Staging
from lpr_engine.store.backup.writing import BackupOrder, write_backup
from lpr_engine.store.media import MediaFolder
from lpr_engine.store.trusted_time import PLAUSIBLE_FROM

_LOGGER = logging.getLogger(__name__)

_RETRY_S = 3600.0


@dataclass(frozen=True, slots=True)
class Kept:
    """What is backed up, and where it comes from."""

    data_dir: Path
    engine: str
    media: MediaFolder
    source: ConfigurationSource | None = None


class BackupKeeper:
    """Implements `BackupDesk`; `tend` is to be called about every half minute."""

    def __init__(self, configuration: Configuration, kept: Kept, clock: Clock) -> None:
        self._section = configuration.backup
        self._kept = kept
        self._clock = clock
        self._shelf = BackupShelf(self._section.directory)
        self._jobs = BackupJobs(clock)
        self._not_before_s = 0.0
        self.trouble: str | None = None

    def go_by(self, section: BackupSection) -> None:
        """Make backups as this says from now on."""
        if section.directory != self._section.directory:
            self._shelf = BackupShelf(section.directory)
        self._section, self._not_before_s = section, 0.0

    def records(self) -> tuple[BackupRecord, ...]:
        """All backups, newest first.

        Raises:
            StoreError: the folder cannot be read.
        """
        return self._shelf.records()

    def record(self, name: str) -> BackupRecord:
        """One backup.

        Raises:
            UnknownError: there is none of that name.
            BackupRefusedError: the file is no backup.
            StoreError: it cannot be read.
        """
        return self._shelf.record(name)

    def file(self, name: str) -> Path:
        """A backup's file.

        Raises:
            UnknownError: there is none of that name.
            StoreError: the folder cannot be read.
        """
        return self._shelf.file(name)

    def next_at(self) -> datetime | None:
        """When the next scheduled backup is due; None without a schedule."""
        return next_due(self._section, self._clock.now())

    def create(self, *, media: bool | None = None, secrets: bool | None = None) -> BackupJob:
        """Begin a backup; what is not said is as the configuration says.

        Raises:
            BackupBusyError: another job is running.
        """
        section = self._section
        wished = dataclasses.replace(
            section,
            media=section.media if media is None else media,
            secrets=section.secrets if secrets is None else secrets,
        )
        return self._begin(wished, is_scheduled=False)

    def receive(self, name: str, size_bytes: int | None) -> BackupUpload:
        """Make room for a backup that was made elsewhere.

        Raises:
            BackupTakenError: there is a file of that name already.
            BackupBusyError: another job is running.
            DiskFullError: there is no room for so much.
            StoreError: the folder cannot be made or written to.
        """
        return BackupUpload.begin(self._jobs, self._shelf, name, size_bytes)

    def delete(self, name: str) -> None:
        """Remove a backup.

        Raises:
            UnknownError: there is none of that name.
            BackupBusyError: a job is running.
            StoreError: the folder refuses it.
        """
        self._jobs.check_idle()
        self._shelf.remove(name)
        _LOGGER.info("Backup %s is deleted", name)

    def restore(
        self,
        name: str,
        *,
        configuration: bool,
        secrets: bool,
        access: AccessSource = AccessSource.HERE,
    ) -> BackupJob:
        """Begin to check a backup and to lay it ready for the next start.

        Raises:
            UnknownError: there is none of that name.
            NoConfigFileError: there is no configuration file to replace.
            BackupBusyError: another job is running.
            StoreError: the folder cannot be read.
        """
        source, shelf = self._kept.source, self._shelf
        if configuration and (source is None or source.is_managed):
            raise NoConfigFileError("this engine has no configuration file that may be replaced")
        wish = RestoreWish(
            backup=shelf.file(name),
            data_dir=self._kept.data_dir,
            wished_at=self._clock.now(),
            configuration=source.path if configuration and source else None,
            with_secrets=secrets,
            access=access,
            environment=source.environment if source else {},
        )

        def work(care: Care) -> str:
            with shelf.claimed():
                order = order_restore(wish, care)
            _LOGGER.warning("Backup %s is put back at the next start; %s", name, order.foreseen)
            return name

        return self._jobs.start(JobKind.RESTORE, Care(self._kept.data_dir), work, name)

    def job(self, job_id: str) -> BackupJob:
        """How far a job is; the last few are remembered until the engine stops.

        Raises:
            UnknownError: there is none of that id.
        """
        return self._jobs.job(job_id)

    def staged(self) -> StagedRestore | None:
        """What is put back at the next start.

        Raises:
            StoreError: the order cannot be read.
        """
        order = Staging(self._kept.data_dir).ordered()
        return None if order is None else order.summary

    def unstage(self) -> None:
        """Let the next start put nothing back.

        Raises:
            UnknownError: nothing is laid ready.
            BackupBusyError: a job is running.
            StoreError: the folder refuses it.
        """
        self._jobs.check_idle()
        Staging(self._kept.data_dir).cancel()

    def tend(self) -> None:
        """Begin the scheduled backup when it is due; after a failure an hour later at the soonest.

        Raises:
            StoreError: the folder cannot be read.
        """
        section, now = self._section, self._clock.now()
        if now < PLAUSIBLE_FROM or self._clock.monotonic_s() < self._not_before_s:
            return
        made = [one.created_at for one in self._shelf.records() if one.is_scheduled]
        if not is_due(section, max(made, default=None), now):
            return
        try:
            self._begin(section, is_scheduled=True)
        except BackupBusyError:
            return

    def stop(self) -> None:
        """Have the work at hand end; what it was at is as if it had never begun."""
        self._jobs.stop()

    def _begin(self, section: BackupSection, *, is_scheduled: bool) -> BackupJob:
        shelf, kept = self._shelf, self._kept

        def work(care: Care) -> str:
            # Held before the database is copied, so that every picture it knows is still there.
            with shelf.claimed(), kept.media.held():
                order = self._order(section, is_scheduled=is_scheduled)
                target = shelf.free_file(
                    order.engine, order.created_at, is_scheduled=order.is_scheduled
                )
                write_backup(order, target, care)
                if is_scheduled:
                    shelf.rotate(section.keep)
            _LOGGER.info("Backup %s is made", target.name)
            return target.name

        ended = self._note if is_scheduled else None
        return self._jobs.start(JobKind.CREATE, Care(shelf.directory), work, ended=ended)

    def _order(self, section: BackupSection, *, is_scheduled: bool) -> BackupOrder:
        path = self._kept.source.path if self._kept.source else None
        secrets = path.parent / SECRETS_FILE if path and section.secrets else None
        return BackupOrder(
            data_dir=self._kept.data_dir,
            engine=self._kept.engine,
            version=__version__,
            created_at=self._clock.now(),
            is_scheduled=is_scheduled,
            configuration=path,
            secrets=secrets if secrets and secrets.exists() else None,
            with_media=section.media,
        )

    def _note(self, job: BackupJob) -> None:
        if job.state is JobState.DONE:
            self.trouble, self._not_before_s = None, 0.0
            return
        self.trouble = job.detail
        self._not_before_s = self._clock.monotonic_s() + _RETRY_S
