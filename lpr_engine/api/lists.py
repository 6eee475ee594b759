"""Lists: what standing on them means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web

from lpr_engine.api.answer import json_answer, tagged_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.passages import CURSOR, LIMIT
from lpr_engine.api.precondition import ETAG, OVERTAKEN, check_seen, fresh_answer
from lpr_engine.api.route import BODY, QUERY, Answer, Body, Parameter, Route, page_of, reference
from lpr_engine.api.vehicle_fields import NAME, composed
from lpr_engine.api.vehicle_json import list_to_json
from lpr_engine.model.access import Scope
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.vehicle import ListMeaning, PlateList
from lpr_engine.model.vehicle_book import KeptList, ListBook

_TAG: Final = "lists"
_PATH: Final = "/api/v1/lists"
_NAME: Final = Parameter("name", {"type": "string", "pattern": NAME}, "The list's name.")
_IN_USE: Final = Parameter(
    "in_use",
    {"type": "boolean", "default": False},
    "Also when vehicles stand on it, which then stand on it no longer.",
)


@dataclass(frozen=True, slots=True)
class ListRoutes:
    """The handlers, over the book they are kept in."""

    book: ListBook

    def routes(self) -> tuple[Route, ...]:
        """A page of lists, and one."""
        page = Answer(200, "A page.", page_of("List"))
        one = Answer(200, "The list.", reference("List"), headers=ETAG)
        made = Answer(
            201, "The new list.", reference("List"), headers={**ETAG, "Location": "Where it is."}
        )
        gone = Answer(204, "It is gone.")
        taken = Answer(409, "There is one of that name.")
        fixed = Answer(409, "It is a standard list, which stays as it is.")
        used = Answer(409, "It is a standard list, or vehicles stand on it.")
        new = Body(reference("ListInput"), example={"name": "guests", "meaning": "allow"})
        change = Body(reference("ListChange"), example={"meaning": "watch"})
        path, names = f"{_PATH}/{{name}}", (_NAME,)
        return (
            Route("GET", _PATH, self.lists, Scope.READ, "Lists by name", _TAG, (page,),
                  (LIMIT, CURSOR)),
            Route("POST", _PATH, self.add, Scope.OPERATE, "Keep a new list", _TAG, (made, taken),
                  body=new),
            Route("GET", path, self.one, Scope.READ, "One list", _TAG, (one,), values=names),
            Route("PUT", path, self.change, Scope.OPERATE, "Change what a list means", _TAG,
                  (one, fixed, OVERTAKEN), values=names, body=change),
            Route("DELETE", path, self.remove, Scope.OPERATE, "Forget a list", _TAG,
                  (gone, used, OVERTAKEN), (_IN_USE,), values=names,
                  description="Its vehicles stay."),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """Those of vehicles are theirs too."""
        return {}

    async def lists(self, request: web.Request) -> web.Response:
        """A page of lists."""
        query = request[QUERY]
        page = await ask(lambda: self.book.page(query["limit"], query.get("cursor")))
        items = [list_to_json(kept) for kept in page.lists]
        return json_answer({"items": items, "next_cursor": page.next_cursor})

    async def one(self, request: web.Request) -> web.Response:
        """One list."""
        return tagged_answer(request, list_to_json(await self._kept(request)))

    async def add(self, request: web.Request) -> web.Response:
        """A new list."""
        data: Any = request[BODY]
        plate_list = PlateList(composed(data["name"]), ListMeaning(data["meaning"]))
        kept = await ask(lambda: self.book.add(plate_list))
        return fresh_answer(
            list_to_json(kept), 201, Location=f"{_PATH}/{quote(plate_list.name, safe='')}"
        )

    async def change(self, request: web.Request) -> web.Response:
        """Another meaning."""
        kept, seen = await self._seen(request)
        data: Any = request[BODY]
        plate_list = PlateList(kept.plate_list.name, ListMeaning(data["meaning"]))
        return fresh_answer(list_to_json(await ask(lambda: self.book.update(plate_list, seen))))

    async def remove(self, request: web.Request) -> web.Response:
        """One list less."""
        kept, seen = await self._seen(request)
        in_use = request[QUERY]["in_use"]
        await ask(lambda: self.book.remove(kept.plate_list.name, seen, in_use=in_use))
        return web.Response(status=204)

    async def _seen(self, request: web.Request) -> tuple[KeptList, int | None]:
        kept = await self._kept(request)
        check_seen(request, list_to_json(kept))
        return kept, None if request.if_match is None else kept.revision

    async def _kept(self, request: web.Request) -> KeptList:
        name = composed(request.match_info["name"])
        return await ask(lambda: self.book.get(name))
