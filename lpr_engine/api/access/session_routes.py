"""Sessions: where an account is signed in, and ending that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from lpr_engine.api.access.accounts import ID
from lpr_engine.api.access.guests import badge_of
from lpr_engine.api.access.keys import whose
from lpr_engine.api.access.noting import AuditDesk
from lpr_engine.api.access.payloads import session_to_json
from lpr_engine.api.access.session_desk import SessionDesk
from lpr_engine.api.answer import json_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.route import PRINCIPAL, Answer, Route, page_of
from lpr_engine.model.access import Scope
from lpr_engine.model.contract import JsonObject

_TAG: Final = "sessions"


@dataclass(frozen=True, slots=True)
class SessionRoutes:
    """The handlers; people see their own sessions, admins all."""

    desk: SessionDesk
    audit: AuditDesk

    def routes(self) -> tuple[Route, ...]:
        """All, and ending one."""
        page = Answer(200, "One's own sessions, for admins all, last used first.",
                      page_of("Session"))  # fmt: skip
        gone = Answer(204, "Ended; its browser must sign in again.")
        return (
            Route("GET", "/api/v1/sessions", self.all, Scope.READ, "Sessions", _TAG, (page,)),
            Route("DELETE", "/api/v1/sessions/{id}", self.end, Scope.READ, "End a session", _TAG,
                  (gone,), values=(ID,)),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """None of its own."""
        return {}

    async def all(self, request: web.Request) -> web.Response:
        """One's own sessions that are open, for admins all."""
        owner, now = whose(request[PRINCIPAL]), self.desk.clock.now()
        sessions = await ask(lambda: self.desk.sessions.all(owner))
        own = badge_of(request).session
        current = None if own is None else own.id
        items = [session_to_json(one, current) for one in sessions if one.is_open(now)]
        return json_answer({"items": items, "next_cursor": None})

    async def end(self, request: web.Request) -> web.Response:
        """End a session and what it holds open."""
        owner = whose(request[PRINCIPAL])
        ended = await self.desk.end(request.match_info["id"], owner)
        await self.audit.note(request, "session_ended", f"{ended.id} from {ended.address}")
        return web.Response(status=204)
