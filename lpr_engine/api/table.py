"""All routes of the door in one table, from which it is built and described."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from aiohttp import web

from lpr_engine.api.body import expect_nothing_yet
from lpr_engine.api.entrance import Entrance
from lpr_engine.api.reception import Reception
from lpr_engine.api.route import Handler, Route, RouteGroup
from lpr_engine.api.seats import Seats
from lpr_engine.model.contract import JsonObject


class RouteTable:
    """The routes and named schemas of several groups.

    Raises:
        ValueError: two groups have the same route, or a schema of the same name.
    """

    def __init__(self, groups: Iterable[RouteGroup]) -> None:
        self._routes: dict[tuple[str, str], Route] = {}
        self._schemas: dict[str, JsonObject] = {}
        for group in groups:
            self.add(group)

    @property
    def routes(self) -> tuple[Route, ...]:
        """Every route, in the groups' order."""
        return tuple(self._routes.values())

    @property
    def schemas(self) -> Mapping[str, JsonObject]:
        """Every named schema."""
        return self._schemas

    def add(self, group: RouteGroup) -> None:
        """Take in one more group."""
        for route in group.routes():
            if (route.method, route.path) in self._routes:
                raise ValueError(f"{route.method} {route.path} is there twice")
            if route.needs is None and (route.lasting or route.websocket):
                raise ValueError(f"{route.path} lasts, so it cannot be public")
            self._routes[route.method, route.path] = route
        for name, schema in group.schemas().items():
            if self._schemas.setdefault(name, schema) is not schema:
                raise ValueError(f"two schemas are named {name}")

    def register(self, app: web.Application, entrance: Entrance, seats: Seats) -> None:
        """Let the application answer every route, to whom may ask."""
        for path in dict.fromkeys(route.path for route in self.routes):
            resource, allowed = app.router.add_resource(path), set[str]()
            for route in (one for one in self.routes if one.path == path):
                reception = Reception(route, entrance, seats, self._schemas)
                for method in _methods(route):
                    resource.add_route(method, reception.receive, expect_handler=expect_nothing_yet)
                    allowed.add(method)
            # Else a path that another one's pattern fits as well would promise that one's methods.
            resource.add_route("*", _refusal(frozenset(allowed)))


def _methods(route: Route) -> tuple[str, ...]:
    """What it answers to; without its body, a stream that never ends has no answer."""
    is_endless = route.lasting or route.websocket
    return ("GET", "HEAD") if route.method == "GET" and not is_endless else (route.method,)


def _refusal(allowed: frozenset[str]) -> Handler:
    async def refuse(request: web.Request) -> web.StreamResponse:
        raise web.HTTPMethodNotAllowed(request.method, sorted(allowed))

    return refuse
