"""Passages and their pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from lpr_engine.api.answer import tagged_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.passage_query import FILTERS, ORDER, read_filter, text_refused
from lpr_engine.api.route import QUERY, Answer, Parameter, Route, page_of, reference
from lpr_engine.api.schemas.passages import SCHEMAS
from lpr_engine.model.access import Scope
from lpr_engine.model.contract import JsonObject, format_time, passage_to_json
from lpr_engine.model.errors import SearchError
from lpr_engine.model.passage import Passage, ReadingRecord
from lpr_engine.model.search import Found, Order
from lpr_engine.model.search_ports import PassageFinder

_TAG = "passages"
_PICTURE = (
    Parameter("folder", {"type": "string", "pattern": "^[0-9a-f]{2}$"}, "As the passage says."),
    Parameter("file", {"type": "string", "pattern": r"^[0-9a-f]{64}\.(jpg|webp)$"}, "The same."),
)
_KINDS = {".jpg": "image/jpeg", ".webp": "image/webp"}

LIMIT = Parameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}, "How many at most."
)
CURSOR = Parameter(
    "cursor",
    {"type": "string", "maxLength": 512},
    "A page's `next_cursor`, for the page after it; all else has to be asked for as before.",
)
PASSAGE_ID = Parameter(
    "id",
    {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
    "The passage's id.",
    example="01900000-0000-7000-8000-000000000000",
)


@dataclass(frozen=True, slots=True)
class PassageRoutes:
    """The handlers, over what they search."""

    search: PassageFinder
    media_dir: Path

    def routes(self) -> tuple[Route, ...]:
        """A page of passages, one passage, its pictures."""
        page = Answer(200, "A page.", page_of("FoundPassage"))
        one = Answer(200, "The passage with its votes.", reference("PassageDetail"))
        held = Answer(304, "It is as you hold it.")
        pictures = tuple(
            Answer(200, "The picture.", {"type": "string"}, kind) for kind in _KINDS.values()
        )
        return (
            Route("GET", "/api/v1/passages", self.passages, Scope.READ,
                  "Passages, newest or best first", _TAG, (page, held),
                  (LIMIT, CURSOR, ORDER, *FILTERS)),
            Route("GET", "/api/v1/passages/{id}", self.passage, Scope.READ,
                  "One passage in its highest revision, with its votes", _TAG, (one, held),
                  values=(PASSAGE_ID,)),
            Route("GET", "/api/v1/passages/{id}/crop", self.crop, Scope.READ,
                  "The plate as it was read best", _TAG, (*pictures, held), values=(PASSAGE_ID,),
                  linkable=True),
            Route("GET", "/api/v1/passages/{id}/frame", self.frame, Scope.READ,
                  "The whole frame of that instant", _TAG, (*pictures, held), values=(PASSAGE_ID,),
                  linkable=True),
            Route("GET", "/api/v1/media/{folder}/{file}", self.media, Scope.READ,
                  "A crop or frame by its path", _TAG, pictures, values=_PICTURE, linkable=True),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """What they answer."""
        return SCHEMAS

    async def passages(self, request: web.Request) -> web.Response:
        """A page of passages."""
        query = request[QUERY]
        filters, order = read_filter(query), Order(query["order"])
        try:
            page = await ask(
                lambda: self.search.find(filters, query["limit"], order, query.get("cursor"))
            )
        except SearchError as err:
            raise text_refused(err) from err
        items = [found_to_json(one) for one in page.found]
        return tagged_answer(request, {"items": items, "next_cursor": page.next_cursor})

    async def passage(self, request: web.Request) -> web.Response:
        """One passage in its highest revision."""
        found = await self._passage(request)
        votes = await ask(lambda: self.search.readings(found.id))
        return tagged_answer(request, detail_to_json(found, votes))

    async def crop(self, request: web.Request) -> web.Response:
        """A passage's crop; which one that is may change with its next revision."""
        return await self._picture(request, (await self._passage(request)).crop)

    async def frame(self, request: web.Request) -> web.Response:
        """A passage's frame; which one that is may change with its next revision."""
        return await self._picture(request, (await self._passage(request)).frame)

    async def media(self, request: web.Request) -> web.StreamResponse:
        """A crop or frame; its name is the hash of its content, so it never changes."""
        path = self.media_dir / request.match_info["folder"] / request.match_info["file"]
        if not await ask(path.is_file):
            raise web.HTTPNotFound
        headers = {"Cache-Control": "private, max-age=31536000, immutable"}
        return web.FileResponse(path, headers=headers)

    async def _passage(self, request: web.Request) -> Passage:
        found = await ask(lambda: self.search.get(request.match_info["id"]))
        if found is None:
            raise web.HTTPNotFound
        return found

    async def _picture(self, request: web.Request, name: str | None) -> web.Response:
        """The hash of its content is in its name, so whether it is held is known unread."""
        if name is None:
            raise web.HTTPNotFound
        path = self.media_dir.parent / name
        held = request.if_none_match or ()
        is_held = any(one.value in (path.stem, "*") for one in held)
        content = b"" if is_held else await ask(lambda: _read(path))
        if content is None:
            raise web.HTTPNotFound
        response = web.Response(
            body=content,
            status=304 if is_held else 200,
            content_type=_KINDS[path.suffix],
            headers={"Cache-Control": "private, no-cache"},
        )
        response.etag = path.stem
        return response


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def found_to_json(found: Found) -> JsonObject:
    """A passage of a page, as `FoundPassage`."""
    passage = passage_to_json(found.passage)
    if found.match is None:
        return passage
    match = {
        "text": found.match.text,
        "distance": found.match.distance,
        "alternative": found.match.alternative,
    }
    return {**passage, "match": match}


def detail_to_json(passage: Passage, votes: Iterable[ReadingRecord]) -> JsonObject:
    """One passage, as `PassageDetail`."""
    return {**passage_to_json(passage), "votes": [_vote_to_json(vote) for vote in votes]}


def _vote_to_json(vote: ReadingRecord) -> JsonObject:
    return {
        "taken_at": format_time(vote.taken_at),
        "text": vote.text,
        "confidence": round(vote.confidence, 4),
        "quality": round(vote.quality, 4),
        "box": [round(edge, 5) for edge in vote.box.as_tuple()],
    }
