"""Vehicles: found, kept, changed and forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from lpr_engine.api.answer import json_answer, tagged_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.passages import CURSOR, LIMIT
from lpr_engine.api.precondition import ETAG, OVERTAKEN, check_seen, fresh_answer
from lpr_engine.api.route import BODY, QUERY, Answer, Body, Parameter, Route, page_of, reference
from lpr_engine.api.schemas.vehicles import SCHEMAS
from lpr_engine.api.vehicle_fields import MOST_TYPED, NAME, VEHICLE_ID, composed
from lpr_engine.api.vehicle_json import merged, vehicle_from_json, vehicle_to_json
from lpr_engine.model.access import Scope
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.vehicle_book import KeptVehicle, VehicleBook, VehicleFilter

TAG: Final = "vehicles"
_PATH: Final = "/api/v1/vehicles"
_EXAMPLE: Final = {"text": "B-AB 1234", "label": "Anna", "lists": ["allow"]}

_WORDS: Final = Parameter(
    "q", {"type": "string", "maxLength": 100}, "Words in plate, label, owner or note; all of them."
)
_TEXT: Final = Parameter("text", {"type": "string", "maxLength": MOST_TYPED}, "Of this plate.")
_LIST: Final = Parameter("list", {"type": "string", "pattern": NAME}, "On this list.")
_ID: Final = Parameter("id", {"type": "string", "pattern": VEHICLE_ID}, "The vehicle's id.")


@dataclass(frozen=True, slots=True)
class VehicleRoutes:
    """The handlers, over the book they are kept in; `new_id` makes ids."""

    book: VehicleBook
    new_id: Callable[[], str]

    def routes(self) -> tuple[Route, ...]:
        """A page of vehicles, and one."""
        page = Answer(200, "A page.", page_of("Vehicle"))
        one = Answer(200, "The vehicle.", reference("Vehicle"), headers=ETAG)
        made = Answer(
            201,
            "The new vehicle.",
            reference("Vehicle"),
            headers={**ETAG, "Location": "Where it is."},
        )
        clash = Answer(409, "Another vehicle has this plate, or a list is not there.")
        gone = Answer(204, "It is gone.")
        whole = Body(reference("VehicleInput"), example=_EXAMPLE)
        part = Body(
            reference("VehicleChange"),
            "By JSON Merge Patch: null takes a value away.",
            example={"lists": ["block"]},
        )
        path, ids = f"{_PATH}/{{id}}", (_ID,)
        return (
            Route("GET", _PATH, self.vehicles, Scope.READ, "Vehicles by their plates", TAG,
                  (page,), (LIMIT, CURSOR, _WORDS, _TEXT, _LIST)),
            Route("POST", _PATH, self.add, Scope.OPERATE, "Keep a new vehicle", TAG,
                  (made, clash), body=whole),
            Route("GET", path, self.vehicle, Scope.READ, "One vehicle", TAG, (one,), values=ids),
            Route("PUT", path, self.replace, Scope.OPERATE, "Replace all that is said of a vehicle",
                  TAG, (one, clash, OVERTAKEN), values=ids, body=whole),
            Route("PATCH", path, self.change, Scope.OPERATE, "Change some of it", TAG,
                  (one, clash, OVERTAKEN), values=ids, body=part),
            Route("DELETE", path, self.remove, Scope.OPERATE, "Forget a vehicle", TAG,
                  (gone, OVERTAKEN), values=ids, description="Its passages stay."),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """What they take and answer."""
        return SCHEMAS

    async def vehicles(self, request: web.Request) -> web.Response:
        """A page of vehicles."""
        query = request[QUERY]
        name = query.get("list")
        filters = VehicleFilter(query.get("q"), query.get("text"), name and composed(name))
        page = await ask(lambda: self.book.page(query["limit"], query.get("cursor"), filters))
        items = [vehicle_to_json(kept) for kept in page.vehicles]
        return json_answer({"items": items, "next_cursor": page.next_cursor})

    async def vehicle(self, request: web.Request) -> web.Response:
        """One vehicle."""
        return tagged_answer(request, vehicle_to_json(await self._kept(request)))

    async def add(self, request: web.Request) -> web.Response:
        """A new vehicle, with an id of the engine's."""
        body: Any = request[BODY]
        vehicle = vehicle_from_json(body, self.new_id())
        kept = await ask(lambda: self.book.add(vehicle))
        return fresh_answer(vehicle_to_json(kept), 201, Location=f"{_PATH}/{vehicle.id}")

    async def replace(self, request: web.Request) -> web.Response:
        """A vehicle as the body says it."""
        kept = await self._seen(request)
        body: Any = request[BODY]
        return await self._update(kept, body, held=request.if_match is not None)

    async def change(self, request: web.Request) -> web.Response:
        """A vehicle with what the body says put in its place."""
        kept = await self._seen(request)
        change: Any = request[BODY]
        whole = merged(vehicle_to_json(kept), change)
        if "text" in change and "display" not in change:
            whole.pop("display", None)
        return await self._update(kept, whole, held=True)

    async def remove(self, request: web.Request) -> web.Response:
        """One vehicle less."""
        kept = await self._seen(request)
        seen = None if request.if_match is None else kept.revision
        await ask(lambda: self.book.remove(kept.vehicle.id, seen))
        return web.Response(status=204)

    async def _update(
        self, kept: KeptVehicle, data: Mapping[str, Any], *, held: bool
    ) -> web.Response:
        vehicle = vehicle_from_json(data, kept.vehicle.id)
        seen = kept.revision if held else None
        updated = await ask(lambda: self.book.update(vehicle, seen))
        return fresh_answer(vehicle_to_json(updated))

    async def _seen(self, request: web.Request) -> KeptVehicle:
        kept = await self._kept(request)
        check_seen(request, vehicle_to_json(kept))
        return kept

    async def _kept(self, request: web.Request) -> KeptVehicle:
        return await ask(lambda: self.book.get(request.match_info["id"]))
