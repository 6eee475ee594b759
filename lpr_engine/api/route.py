"""One route of the door: the single source of its registration, checks and documentation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

from aiohttp import web

from lpr_engine.model.access import Principal, Scope
from lpr_engine.model.contract import JsonObject

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

JSON: Final = "application/json"
MAX_BODY_BYTES: Final = 64 * 1024

PRINCIPAL: Final = web.RequestKey("principal", Principal)
"""Who asks; unset on a public route when nobody known asks."""
QUERY: Final = web.RequestKey("query", dict[str, Any])
"""The query's values by name, of the types their schemas say, defaults filled in."""
BODY: Final = web.RequestKey("body", object)
"""The JSON value, the bytes of another media type, or an iterator of chunks when streamed."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of a query or path; a `default` in its schema is filled in.

    A schema of type `array` takes the name several times; any other type takes it once.
    """

    name: str
    schema: JsonObject
    description: str = ""
    required: bool = False
    example: object = None


LINK: Final = (
    Parameter("expires", {"type": "integer", "minimum": 0}, "Until when a signed URL is good."),
    Parameter("signature", {"type": "string", "maxLength": 128}, "The signature of a signed URL."),
)


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries; a streamed body is not held in memory, and not judged."""

    schema: JsonObject
    description: str = ""
    media_type: str = JSON
    limit_bytes: int = MAX_BODY_BYTES
    required: bool = True
    streamed: bool = False
    example: object = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; errors without a schema are problems, those every route has are not listed."""

    status: int
    description: str
    schema: JsonObject | None = None
    media_type: str = JSON
    headers: Mapping[str, str] | None = None
    example: object = None


@dataclass(frozen=True, slots=True)
class Route:
    """A method and path, who may call it, what it takes and what it answers.

    `needs` None makes it public. `path` holds `{name}` for the values of `values`; one that its
    schema refuses is not found. `linkable` routes may also be called by a signed URL.
    A `lasting` route streams without end: each such request takes one of a bounded number of
    seats, and ends when whoever asked is no longer let in; it must not be public. A `websocket`
    is lasting, too; its handler begins with `open_socket`.
    """

    method: str
    path: str
    handler: Handler
    needs: Scope | None
    summary: str
    tag: str
    answers: tuple[Answer, ...]
    query: tuple[Parameter, ...] = ()
    values: tuple[Parameter, ...] = ()
    body: Body | None = None
    description: str = ""
    linkable: bool = False
    lasting: bool = False
    websocket: bool = False

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """All that its query may hold."""
        return (*self.query, *LINK) if self.linkable else self.query


ROUTE: Final = web.RequestKey("route", Route)
"""The route that a request came to, for who must know before the handler is called."""


class RouteGroup(Protocol):
    """One subject of the door."""

    def routes(self) -> tuple[Route, ...]:
        """Its table of routes."""
        ...

    def schemas(self) -> Mapping[str, JsonObject]:
        """The named schemas that its routes refer to by `reference`."""
        ...


def reference(name: str) -> JsonObject:
    """A schema that stands for a named one, of this group or another."""
    return {"$ref": f"#/components/schemas/{name}"}


def page_of(name: str) -> JsonObject:
    """The schema of a list's page whose items are of a named schema."""
    return {
        "type": "object",
        "required": ["items", "next_cursor"],
        "properties": {
            "items": {"type": "array", "items": reference(name)},
            "next_cursor": {
                "type": ["string", "null"],
                "description": "Leads to the next page; null at the end.",
            },
        },
    }
