"""Passages and their pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from lpr_engine.api.answer import json_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.route import QUERY, Answer, Parameter, Route, page_of, reference
from lpr_engine.api.schemas.passages import SCHEMAS
from lpr_engine.model.access import Scope
from lpr_engine.model.contract import JsonObject, passage_to_json
from lpr_engine.model.passage import Stage
from lpr_engine.model.ports import PassageSearch
from lpr_engine.model.search import PassageFilter

_TAG = "passages"
_PICTURE = (
    Parameter("folder", {"type": "string", "pattern": "^[0-9a-f]{2}$"}, "As the passage says."),
    Parameter("file", {"type": "string", "pattern": r"^[0-9a-f]{64}\.(jpg|webp)$"}, "The same."),
)

LIMIT = Parameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}, "How many at most."
)
CURSOR = Parameter(
    "cursor", {"type": "string", "maxLength": 512}, "A page's `next_cursor`, for the page after it."
)
CAMERA = Parameter("camera", {"type": "string", "pattern": "^[a-z0-9_]{1,64}$"}, "Of this camera.")
STAGE = Parameter("stage", {"type": "string", "enum": ["preview", "final"]}, "In this stage.")
PASSAGE_ID = Parameter(
    "id",
    {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
    "The passage's id.",
    example="01900000-0000-7000-8000-000000000000",
)


@dataclass(frozen=True, slots=True)
class PassageRoutes:
    """The handlers, over what they search."""

    search: PassageSearch
    media_dir: Path

    def routes(self) -> tuple[Route, ...]:
        """A page of passages, one passage, one picture."""
        page = Answer(200, "A page.", page_of("Passage"))
        one = Answer(200, "The passage.", reference("Passage"))
        pictures = tuple(
            Answer(200, "The picture.", {"type": "string"}, kind)
            for kind in ("image/jpeg", "image/webp")
        )
        return (
            Route("GET", "/api/v1/passages", self.passages, Scope.READ, "Passages, newest first",
                  _TAG, (page,), (LIMIT, CURSOR, CAMERA, STAGE)),
            Route("GET", "/api/v1/passages/{id}", self.passage, Scope.READ,
                  "One passage in its highest revision", _TAG, (one,), values=(PASSAGE_ID,)),
            Route("GET", "/api/v1/media/{folder}/{file}", self.media, Scope.READ,
                  "A crop or frame", _TAG, pictures, values=_PICTURE, linkable=True),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """What they answer."""
        return SCHEMAS

    async def passages(self, request: web.Request) -> web.Response:
        """A page of passages, newest first."""
        query = request[QUERY]
        stage = Stage(query["stage"]) if "stage" in query else None
        cameras = (query["camera"],) if "camera" in query else ()
        filters = PassageFilter(cameras=cameras, stage=stage)
        page = await ask(lambda: self.search.latest(query["limit"], query.get("cursor"), filters))
        items = [passage_to_json(one) for one in page.passages]
        return json_answer({"items": items, "next_cursor": page.next_cursor})

    async def passage(self, request: web.Request) -> web.Response:
        """One passage in its highest revision."""
        found = await ask(lambda: self.search.get(request.match_info["id"]))
        if found is None:
            raise web.HTTPNotFound
        return json_answer(passage_to_json(found))

    async def media(self, request: web.Request) -> web.StreamResponse:
        """A crop or frame; its name is the hash of its content, so it never changes."""
        path = self.media_dir / request.match_info["folder"] / request.match_info["file"]
        if not await ask(path.is_file):
            raise web.HTTPNotFound
        headers = {"Cache-Control": "private, max-age=31536000, immutable"}
        return web.FileResponse(path, headers=headers)
