"""Backups as they are listed, made and put back: the values, and the port behind the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Protocol

from lpr_engine.model.errors import ConflictError


class BackupBusyError(ConflictError):
    """A backup is being made or put back already; there is one at a time."""

    code = "backup_busy"


class BackupRefusedError(ConflictError):
    """A file is no backup that can be put back; the message says what is wrong with it."""

    code = "backup_refused"


@dataclass(frozen=True, slots=True)
class BackupRecord:
    """One backup; `with_secrets` tells of the secrets file, not of passwords written elsewhere."""

    name: str
    created_at: datetime
    size_bytes: int
    is_scheduled: bool
    engine: str
    version: str
    schema_version: int
    with_media: bool
    with_configuration: bool
    with_secrets: bool


class JobKind(Enum):
    """What a job does."""

    CREATE = "create"
    RESTORE = "restore"


class JobState(Enum):
    """How far a job is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class BackupJob:
    """Work on one backup; `name` is the backup's, None until there is one.

    `done_bytes` counts what went through so far. `code` and `detail` say why it failed.
    """

    id: str
    kind: JobKind
    state: JobState
    started_at: datetime
    ended_at: datetime | None = None
    name: str | None = None
    done_bytes: int = 0
    code: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class StagedRestore:
    """A checked backup that takes the place of what is there at the next start."""

    name: str
    created_at: datetime
    staged_at: datetime
    with_media: bool
    with_configuration: bool
    with_secrets: bool


class BackupDesk(Protocol):
    """Makes and puts back backups. Thread-safe; long work goes on in jobs of its own.

    Raises:
        StoreError: the folder of backups refuses it.
    """

    def records(self) -> tuple[BackupRecord, ...]:
        """All backups, newest first."""
        ...

    def record(self, name: str) -> BackupRecord:
        """One backup.

        Raises:
            UnknownError: there is none of that name.
            BackupRefusedError: the file is no backup.
        """
        ...

    def file(self, name: str) -> Path:
        """A backup's file.

        Raises:
            UnknownError: there is none of that name.
        """
        ...

    def next_at(self) -> datetime | None:
        """When the next scheduled backup is due; None without a schedule."""
        ...

    def create(self, *, media: bool | None = None, secrets: bool | None = None) -> BackupJob:
        """Begin a backup; what is not said is as the configuration says.

        Raises:
            BackupBusyError: another job is running.
        """
        ...

    def delete(self, name: str) -> None:
        """Remove a backup.

        Raises:
            UnknownError: there is none of that name.
            BackupBusyError: a job is running.
        """
        ...

    def restore(self, name: str, *, configuration: bool, secrets: bool) -> BackupJob:
        """Begin to check a backup and to lay it ready for the next start.

        Raises:
            UnknownError: there is none of that name.
            BackupBusyError: another job is running.
        """
        ...

    def job(self, job_id: str) -> BackupJob:
        """How far a job is; the last few are remembered until the engine stops.

        Raises:
            UnknownError: there is none of that id.
        """
        ...

    def staged(self) -> StagedRestore | None:
        """What is put back at the next start."""
        ...

    def unstage(self) -> None:
        """Let the next start put nothing back.

        Raises:
            UnknownError: nothing is laid ready.
            BackupBusyError: a job is running.
        """
        ...
