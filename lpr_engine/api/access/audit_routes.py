"""The audit trail, for who administers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from lpr_engine.api.access.payloads import entry_to_json
from lpr_engine.api.answer import json_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.passages import CURSOR, LIMIT
from lpr_engine.api.route import QUERY, Answer, Parameter, Route, page_of
from lpr_engine.model.access import Scope
from lpr_engine.model.access_ports import AuditTrail
from lpr_engine.model.audit import AuditFilter
from lpr_engine.model.contract import JsonObject

_TAG: Final = "audit"
_WORD: Final[JsonObject] = {"type": "string", "minLength": 1, "maxLength": 200}
_ACTION = Parameter("action", _WORD, "Of this action, such as `sign_in`.", example="sign_in")
_ACTOR = Parameter("actor", _WORD, "By this account, key or user.")
_SUCCEEDED = Parameter("succeeded", {"type": "boolean"}, "What succeeded, or what did not.")


@dataclass(frozen=True, slots=True)
class AuditRoutes:
    """The handler."""

    trail: AuditTrail

    def routes(self) -> tuple[Route, ...]:
        """Pages of entries."""
        page = Answer(200, "A page, newest first.", page_of("AuditEntry"))
        return (
            Route("GET", "/api/v1/audit", self.page, Scope.ADMIN, "Sign-ins and changes", _TAG,
                  (page,), (LIMIT, CURSOR, _ACTION, _ACTOR, _SUCCEEDED)),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """None of its own."""
        return {}

    async def page(self, request: web.Request) -> web.Response:
        """A page of entries."""
        query = request[QUERY]
        wanted = AuditFilter(query.get("action"), query.get("actor"), query.get("succeeded"))
        page = await ask(lambda: self.trail.page(query["limit"], query.get("cursor"), wanted))
        items = [entry_to_json(entry) for entry in page.entries]
        return json_answer({"items": items, "next_cursor": page.next_cursor})
