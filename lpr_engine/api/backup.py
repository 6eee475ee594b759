"""Backups: listed, made, fetched, deleted, and laid ready to be put back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, cast

from aiohttp import web

from lpr_engine.api.answer import json_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.route import BODY, Answer, Body, Parameter, Route, reference
from lpr_engine.api.schemas.backup import SCHEMAS
from lpr_engine.config.sections import BackupSection
from lpr_engine.model.access import Scope
from lpr_engine.model.backup import AccessSource, BackupDesk, BackupJob, BackupRecord, StagedRestore
from lpr_engine.model.contract import JsonObject, format_time

_TAG: Final = "backup"
_BACKUPS: Final = "/api/v1/backups"
_ONE: Final = f"{_BACKUPS}/{{name}}"
_JOBS: Final = "/api/v1/backup-jobs"
_STAGED: Final = "/api/v1/restore"
_GZIP: Final = "application/gzip"
_PIECE_BYTES: Final = 1024 * 1024

_NAME: Final = Parameter(
    "name",
    {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,150}\.tar\.gz$"},
    "The backup's name.",
    example="lpr-home-20260301T033000Z-scheduled.tar.gz",
)
_JOB: Final = Parameter("job", {"type": "string", "pattern": "^[0-9a-f]{32}$"}, "The job's id.")
_BUSY: Final = Answer(409, "A backup is being made or put back already.")
_REFUSED: Final = Answer(409, "The file is no backup.")
_COMING: Final = """\
Takes in a backup that was made elsewhere, under a name of your choice. All of it is checked before
it is listed; the job tells how that ended. Meanwhile no other job begins.
"""
_HOW: Final = """\
Checks all of the backup and lays it ready; the engine goes on meanwhile, and what is there is
replaced at its next start. What was there before is set aside in the data folder, not deleted.
"""


@dataclass(frozen=True, slots=True)
class BackupRoutes:
    """The handlers, over who makes and puts back."""

    desk: BackupDesk
    upload_max_mb: int = BackupSection().upload_max_mb

    def routes(self) -> tuple[Route, ...]:
        """All that can be done with backups."""
        begun = Answer(202, "It has begun; ask the job how far it is.", reference("BackupJob"),
                       headers={"Location": "Where the job is asked."})  # fmt: skip
        return (*self._reading(), *self._making(begun), *self._restoring(begun))

    def _reading(self) -> tuple[Route, ...]:
        listed = Answer(200, "All of them.", reference("BackupList"))
        one = Answer(200, "The backup.", reference("Backup"))
        file = Answer(200, "The file.", {"type": "string"}, _GZIP)
        return (
            Route("GET", _BACKUPS, self.list, Scope.ADMIN, "Backups, newest first", _TAG,
                  (listed,)),
            Route("GET", _ONE, self.read, Scope.ADMIN, "One backup", _TAG, (one, _REFUSED),
                  values=(_NAME,)),
            Route("GET", f"{_ONE}/file", self.fetch, Scope.ADMIN, "A backup's file", _TAG, (file,),
                  values=(_NAME,)),
        )  # fmt: skip

    def _making(self, begun: Answer) -> tuple[Route, ...]:
        job = Answer(200, "The job.", reference("BackupJob"))
        gone = Answer(204, "It is deleted.")
        wish = Body(reference("BackupWish"), required=False, example={"media": True})
        file = Body({"type": "string"}, media_type=_GZIP, streamed=True,
                    limit_bytes=self.upload_max_mb * 1_000_000)  # fmt: skip
        return (
            Route("POST", _BACKUPS, self.create, Scope.ADMIN, "Make a backup", _TAG, (begun, _BUSY),
                  body=wish),
            Route("PUT", _ONE, self.receive, Scope.ADMIN, "Bring a backup in", _TAG,
                  (begun, Answer(409, "There is one of that name, or another job is running.")),
                  values=(_NAME,), body=file, description=_COMING, lasting=True),
            Route("GET", f"{_JOBS}/{{job}}", self.job, Scope.ADMIN, "How far a job is", _TAG,
                  (job,), values=(_JOB,)),
            Route("DELETE", _ONE, self.delete, Scope.ADMIN, "Delete a backup", _TAG, (gone, _BUSY),
                  values=(_NAME,)),
        )  # fmt: skip

    def _restoring(self, begun: Answer) -> tuple[Route, ...]:
        staged = Answer(200, "What is laid ready.", reference("StagedRestore"))
        gone = Answer(204, "Nothing is put back.")
        wish = Body(reference("RestoreWish"), required=False, example={"configuration": False})
        return (
            Route("POST", f"{_ONE}/restore", self.restore, Scope.ADMIN, "Put a backup back", _TAG,
                  (begun, _BUSY), values=(_NAME,), body=wish, description=_HOW),
            Route("GET", _STAGED, self.staged, Scope.ADMIN, "What the next start puts back", _TAG,
                  (staged, Answer(404, "Nothing is laid ready."))),
            Route("DELETE", _STAGED, self.unstage, Scope.ADMIN, "Put nothing back", _TAG,
                  (gone, _BUSY, Answer(404, "Nothing is laid ready."))),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """What they take and answer."""
        return SCHEMAS

    async def list(self, _request: web.Request) -> web.Response:
        """All backups."""
        records = await ask(self.desk.records)
        return json_answer(
            {
                "items": [record_to_json(one) for one in records],
                "next_cursor": None,
                "next_scheduled_at": _time(self.desk.next_at()),
            }
        )

    async def read(self, request: web.Request) -> web.Response:
        """One backup."""
        name = request.match_info["name"]
        return json_answer(record_to_json(await ask(lambda: self.desk.record(name))))

    async def fetch(self, request: web.Request) -> web.StreamResponse:
        """A backup's file, from any place on."""
        name = request.match_info["name"]
        path = await ask(lambda: self.desk.file(name))
        headers = {
            "Content-Type": _GZIP,
            "Content-Disposition": f'attachment; filename="{name}"',
        }
        return web.FileResponse(path, headers=headers)

    async def create(self, request: web.Request) -> web.Response:
        """Begin a backup."""
        wish = _wishes(request)
        return _begun(self.desk.create(media=wish.get("media"), secrets=wish.get("secrets")))

    async def receive(self, request: web.Request) -> web.Response:
        """Take a backup in, and begin to check it."""
        name, chunks = request.match_info["name"], cast("AsyncIterator[bytes]", request[BODY])
        size_bytes = request.content_length
        arrival = await ask(lambda: self.desk.receive(name, size_bytes))
        try:
            async for piece in _pieces(chunks):
                await ask(partial(arrival.write, piece))
            job = arrival.settle()
        except BaseException:
            await asyncio.shield(asyncio.to_thread(arrival.abandon))
            raise
        return _begun(job)

    async def job(self, request: web.Request) -> web.Response:
        """How far a job is."""
        return json_answer(job_to_json(self.desk.job(request.match_info["job"])))

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a backup."""
        name = request.match_info["name"]
        await ask(lambda: self.desk.delete(name))
        return web.Response(status=204)

    async def restore(self, request: web.Request) -> web.Response:
        """Begin to lay a backup ready."""
        name, wish = request.match_info["name"], _wishes(request)
        configuration, secrets = wish.get("configuration", False), wish.get("secrets", False)
        access = AccessSource(wish.get("access", AccessSource.HERE.value))
        return _begun(
            await ask(
                lambda: self.desk.restore(
                    name, configuration=configuration, secrets=secrets, access=access
                )
            )
        )

    async def staged(self, _request: web.Request) -> web.Response:
        """What the next start puts back."""
        staged = await ask(self.desk.staged)
        if staged is None:
            raise web.HTTPNotFound
        return json_answer(staged_to_json(staged))

    async def unstage(self, _request: web.Request) -> web.Response:
        """Put nothing back."""
        await ask(self.desk.unstage)
        return web.Response(status=204)


def record_to_json(record: BackupRecord) -> JsonObject:
    """The contract's object."""
    return {
        "name": record.name,
        "created_at": format_time(record.created_at),
        "bytes": record.size_bytes,
        "scheduled": record.is_scheduled,
        "engine": record.engine,
        "version": record.version,
        "schema_version": record.schema_version,
        "media": record.with_media,
        "configuration": record.with_configuration,
        "secrets": record.with_secrets,
    }


def job_to_json(job: BackupJob) -> JsonObject:
    """The contract's object."""
    return {
        "id": job.id,
        "kind": job.kind.value,
        "state": job.state.value,
        "started_at": format_time(job.started_at),
        "ended_at": _time(job.ended_at),
        "backup": job.name,
        "done_bytes": job.done_bytes,
        "code": job.code,
        "detail": job.detail,
    }


def staged_to_json(staged: StagedRestore) -> JsonObject:
    """The contract's object."""
    return {
        "backup": staged.name,
        "created_at": format_time(staged.created_at),
        "staged_at": format_time(staged.staged_at),
        "media": staged.with_media,
        "configuration": staged.with_configuration,
        "secrets": staged.with_secrets,
        "access": {
            "source": staged.admission.source.value,
            "accounts": list(staged.admission.accounts),
            "keys": list(staged.admission.keys),
        },
    }


async def _pieces(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Chunks put together until they are worth a way to the disk."""
    waiting = bytearray()
    async for chunk in chunks:
        waiting += chunk
        if len(waiting) >= _PIECE_BYTES:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)


def _begun(job: BackupJob) -> web.Response:
    return json_answer(job_to_json(job), 202, Location=f"{_JOBS}/{job.id}")


def _wishes(request: web.Request) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", request[BODY] or {})


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)
