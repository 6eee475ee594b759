"""Other groups' changes in the audit trail."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from lpr_engine.api.access.noting import AuditDesk
from lpr_engine.api.route import Handler, Route, RouteGroup
from lpr_engine.model.access import Scope
from lpr_engine.model.contract import JsonObject

_CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_CHANGERS: Final = frozenset({Scope.OPERATE, Scope.ADMIN})


@dataclass(frozen=True, slots=True)
class Audited:
    """A group whose changes are noted; what needs no more than reading changes nothing."""

    group: RouteGroup
    desk: AuditDesk

    def routes(self) -> tuple[Route, ...]:
        """The group's routes."""
        return tuple(
            dataclasses.replace(route, handler=self._noting(route)) if _changes(route) else route
            for route in self.group.routes()
        )

    def schemas(self) -> Mapping[str, JsonObject]:
        """The group's schemas."""
        return self.group.schemas()

    def _noting(self, route: Route) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            response = await route.handler(request)
            await self.desk.note(request, f"{route.method} {route.path}", request.path)
            return response

        return handle


def _changes(route: Route) -> bool:
    return route.method in _CHANGING and route.needs in _CHANGERS
