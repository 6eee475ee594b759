"""What the HTTP door answers: alive, ready, and the passages with their pictures."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from aiohttp import web

from lpr_engine.model.contract import JsonObject, passage_to_json
from lpr_engine.model.errors import CommandError
from lpr_engine.model.figures import EngineFigures
from lpr_engine.model.passage import Passage, Stage
from lpr_engine.model.ports import PassageSearch
from lpr_engine.model.search import PassageFilter

T = TypeVar("T")

_ANSWER_S = 10.0
_DEFAULT_LIMIT = 50
_MAX_LIMIT = 500
_PASSAGE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CAMERA_ID = re.compile(r"[a-z0-9_]{1,64}")
_MEDIA_NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}\.(jpg|webp)")


@dataclass(frozen=True, slots=True)
class Routes:
    """The handlers, over the ports they need."""

    search: PassageSearch
    figures: Callable[[], EngineFigures]
    media_dir: Path
    version: str

    def add_to(self, app: web.Application) -> None:
        """Register every path."""
        app.router.add_get("/healthz", self.healthz)
        app.router.add_get("/readyz", self.readyz)
        app.router.add_get("/api/v1/passages", self.passages)
        app.router.add_get("/api/v1/passages/{id}", self.passage)
        app.router.add_get("/api/v1/media/{name:.+}", self.media)

    async def healthz(self, _request: web.Request) -> web.Response:
        """The process is alive and its event loop turns."""
        return web.json_response({"status": "ok", "version": self.version})

    async def readyz(self, _request: web.Request) -> web.Response:
        """Whether passages can be made, and if not, why."""
        figures = self.figures()
        body = {
            "ready": not figures.problems,
            "problems": list(figures.problems),
            "notices": list(figures.notices),
        }
        return web.json_response(body, status=503 if figures.problems else 200)

    async def passages(self, request: web.Request) -> web.Response:
        """A page of passages, newest first."""
        filters = PassageFilter(
            camera=_checked(request.query.get("camera"), _CAMERA_ID, "camera"),
            stage=_stage(request.query.get("stage")),
        )
        limit = _limit(request.query.get("limit"))
        cursor = request.query.get("cursor")
        page = await _answer(lambda: self.search.latest(limit, cursor, filters))
        items = [_item(one) for one in page.passages]
        return web.json_response({"items": items, "next_cursor": page.next_cursor})

    async def passage(self, request: web.Request) -> web.Response:
        """One passage in its highest revision."""
        passage_id = request.match_info["id"]
        if not _PASSAGE_ID.fullmatch(passage_id):
            raise web.HTTPNotFound
        found = await _answer(lambda: self.search.get(passage_id))
        if found is None:
            raise web.HTTPNotFound
        return web.json_response(_item(found))

    async def media(self, request: web.Request) -> web.StreamResponse:
        """A crop or frame; its name is the hash of its content, so it never changes."""
        name = request.match_info["name"]
        if not _MEDIA_NAME.fullmatch(name):
            raise web.HTTPNotFound
        path = self.media_dir / name
        if not await _answer(path.is_file):
            raise web.HTTPNotFound
        headers = {"Cache-Control": "private, max-age=31536000, immutable"}
        return web.FileResponse(path, headers=headers)


async def _answer(ask: Callable[[], T]) -> T:
    """What the disk answers, asked in another thread; one that hangs is not waited for.

    Raises:
        asyncio.TimeoutError: no answer came in time.
    """
    return await asyncio.wait_for(asyncio.to_thread(ask), _ANSWER_S)


def _item(passage: Passage) -> JsonObject:
    return passage_to_json(passage)


def _limit(text: str | None) -> int:
    if text is None:
        return _DEFAULT_LIMIT
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= _MAX_LIMIT:
        raise CommandError(f"limit: a whole number from 1 to {_MAX_LIMIT} was expected")
    return int(text)


def _stage(text: str | None) -> Stage | None:
    if text is None:
        return None
    try:
        return Stage(text)
    except ValueError as err:
        raise CommandError("stage: `preview` or `final` was expected") from err


def _checked(text: str | None, form: re.Pattern[str], name: str) -> str | None:
    if text is not None and not form.fullmatch(text):
        raise CommandError(f"{name}: not of the form that this API hands out")
    return text
