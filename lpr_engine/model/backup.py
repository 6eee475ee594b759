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


class BackupTakenError(ConflictError):
    """There is a file of that name among the backups already."""

    code = "backup_taken"


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
    UPLOAD = "upload"


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


class AccessSource(Enum):
    """Whose accounts and keys count after a restore: those of this machine, the backup's, none."""

    HERE = "here"
    BACKUP = "backup"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Admission:
    """Who may enter after a restore.

    Named are those whom the backup lets in again, or with another password or other rights: they
    may have been revoked since.
    """

    source: AccessSource = AccessSource.HERE
    accounts: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    def __str__(self) -> str:
        """In words."""
        if self.source is AccessSource.HERE:
            return "accounts and keys stay as they are here"
        if self.source is AccessSource.NOBODY:
            return "no account and no key is left"
        revived = [_named("accounts", self.accounts), _named("keys", self.keys)]
        names = " and ".join(one for one in revived if one)
        whom = f": {names} let in again" if names else ", which are the same as here"
        return f"accounts and keys are those of the backup{whom}"


def _named(kind: str, names: tuple[str, ...]) -> str:
    return f"{kind} {', '.join(names)}" if names else ""


@dataclass(frozen=True, slots=True)
class StagedRestore:
    """A checked backup that takes the place of what is there at the next start."""

    name: str
    created_at: datetime
    staged_at: datetime
    with_media: bool
    with_configuration: bool
    with_secrets: bool
    admission: Admission = Admission()


class BackupArrival(Protocol):
    """A backup's file on its way in; nothing of it is left unless it is settled."""

    def write(self, piece: bytes) -> None:
        """Take the next piece.

        Raises:
            DiskFullError: there is no room for it.
            StoreError: the folder refuses it, or the engine stops.
        """
        ...

    def settle(self) -> BackupJob:
        """Begin to check all that has come; it is listed if that ends well."""
        ...

    def abandon(self) -> None:
        """Leave nothing of it; more than once is harmless."""
        ...


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

    def receive(self, name: str, size_bytes: int | None) -> BackupArrival:
        """Make room for a backup that was made elsewhere, of that size if it is known.

        Raises:
            BackupTakenError: there is a file of that name already.
            BackupBusyError: another job is running; none is until this one is over.
            DiskFullError: there is no room for so much.
        """
        ...

    def delete(self, name: str) -> None:
        """Remove a backup.

        Raises:
            UnknownError: there is none of that name.
            BackupBusyError: a job is running.
        """
        ...

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
