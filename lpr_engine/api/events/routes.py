"""The events WebSocket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from lpr_engine.api.conversation import converse
from lpr_engine.api.events.stream import EventStream
from lpr_engine.api.route import Answer, Route
from lpr_engine.api.schemas.events import SCHEMAS
from lpr_engine.model.access import Scope
from lpr_engine.model.contract import JsonObject

_DESCRIPTION = """\
The client speaks first (`EventWish`), then only the engine: `EventHello`; what was missed since
`resume_after`; `EventLive`; then `EventPassage`, `EventRemoved`, `EventExpired`, `EventCamera` and
`EventHealth` as it happens, and `EventHeartbeat` when nothing does. Types that you do not know are
to be passed over."""


@dataclass(frozen=True, slots=True)
class EventRoutes:
    """The handler, over what it tells."""

    stream: EventStream

    def routes(self) -> tuple[Route, ...]:
        """One socket for everything that happens."""
        return (
            Route("GET", "/api/v1/events", self.events, Scope.READ,
                  "Passages and states as they happen, by WebSocket", "events",
                  (Answer(101, "Messages follow."),), description=_DESCRIPTION, websocket=True),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """What the messages hold."""
        return SCHEMAS

    async def events(self, request: web.Request) -> web.WebSocketResponse:
        """Events for as long as both sides want."""
        return await converse(request, self.stream.run, expected=1)
