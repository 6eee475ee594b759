"""API keys: shown once, and gone at once when removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import uuid6
from aiohttp import web

from lpr_engine.api.access.accounts import ID
from lpr_engine.api.access.guests import Guests
from lpr_engine.api.access.names import clean_name
from lpr_engine.api.access.noting import AuditDesk
from lpr_engine.api.access.payloads import key_to_json, scopes_to_json
from lpr_engine.api.answer import json_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.problem import Fault, RequestError
from lpr_engine.api.route import (
    BODY,
    PRINCIPAL,
    Answer,
    Body,
    Route,
    page_of,
    reference,
)
from lpr_engine.model.access import Principal, PrincipalKind, Scope
from lpr_engine.model.access_ports import KeyBook
from lpr_engine.model.account import ApiKey
from lpr_engine.model.clock import Clock
from lpr_engine.model.contract import JsonObject, parse_time
from lpr_engine.model.token import KEY_PREFIX, new_token

_TAG: Final = "keys"


@dataclass(frozen=True, slots=True)
class KeyRoutes:
    """The handlers; people manage their own keys, admins all."""

    keys: KeyBook
    guests: Guests
    audit: AuditDesk
    clock: Clock

    def routes(self) -> tuple[Route, ...]:
        """Create, read, rename and remove."""
        page = Answer(200, "One's own keys, for admins all, newest first.", page_of("ApiKey"))
        one = Answer(200, "The key, without its token.", reference("ApiKey"))
        made = Answer(201, "The key with its token, shown only now.", reference("NewApiKey"))
        gone = Answer(204, "Removed; it opens nothing any more.")
        many = Answer(409, "There are too many keys already, or the account was removed meanwhile.")
        path = "/api/v1/keys/{id}"
        return (
            Route("GET", "/api/v1/keys", self.all, Scope.READ, "API keys", _TAG, (page,)),
            Route("POST", "/api/v1/keys", self.add, Scope.READ, "Make an API key", _TAG,
                  (made, many), body=Body(reference("NewKey")),
                  description="A key may do no more than whoever makes it."),
            Route("PATCH", path, self.rename, Scope.READ, "Rename an API key", _TAG, (one,),
                  values=(ID,), body=Body(reference("KeyChange"))),
            Route("DELETE", path, self.remove, Scope.READ, "Remove an API key", _TAG, (gone,),
                  values=(ID,)),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """None of its own."""
        return {}

    async def all(self, request: web.Request) -> web.Response:
        """One's own keys, for admins all."""
        owner = whose(request[PRINCIPAL])
        keys = await ask(lambda: self.keys.all(owner))
        return json_answer({"items": [key_to_json(key) for key in keys], "next_cursor": None})

    async def add(self, request: web.Request) -> web.Response:
        """Make a key for whoever asks."""
        principal = request[PRINCIPAL]
        whose(principal)
        body: Any = request[BODY]
        token = new_token(KEY_PREFIX)
        key = ApiKey(
            id=str(uuid6.uuid7()),
            name=clean_name(body["name"], "body.name"),
            hint=token.hint,
            scopes=_granted(principal, body["scopes"]),
            created_at=self.clock.now(),
            account_id=principal.account_id,
            expires_at=self._end(body.get("expires_at")),
        )
        await ask(lambda: self.keys.add(key, token.digest))
        granted = ", ".join(scopes_to_json(key.scopes))
        await self.audit.note(request, "key_added", f"{key.name} ({key.hint})", granted)
        return json_answer({**key_to_json(key), "key": token.text}, 201)

    async def rename(self, request: web.Request) -> web.Response:
        """Give a key another name."""
        owner = whose(request[PRINCIPAL])
        body: Any = request[BODY]
        name = clean_name(body["name"], "body.name")
        key = await ask(lambda: self.keys.rename(request.match_info["id"], name, owner))
        await self.audit.note(request, "key_renamed", f"{key.name} ({key.hint})")
        return json_answer(key_to_json(key))

    async def remove(self, request: web.Request) -> web.Response:
        """Remove a key; what it holds open ends."""
        owner = whose(request[PRINCIPAL])
        key = await ask(lambda: self.keys.remove(request.match_info["id"], owner))
        await self.guests.send_home(lambda badge: badge.key is not None and badge.key.id == key.id)
        await self.audit.note(request, "key_removed", f"{key.name} ({key.hint})")
        return web.Response(status=204)

    def _end(self, text: str | None) -> datetime | None:
        if text is None:
            return None
        end = parse_time(text.upper())
        if end <= self.clock.now():
            fault = Fault("body.expires_at", "a time in the future was expected")
            raise RequestError("The key would be over already.", (fault,))
        return end


def whose(principal: Principal) -> str | None:
    """Whose keys and sessions somebody manages: an account's own, None for all.

    Raises:
        RequestError: they manage none; a key must not make others that outlive it.
    """
    if principal.may(Scope.ADMIN):
        return None
    if principal.kind is not PrincipalKind.ACCOUNT:
        raise RequestError("Sign in with an account for this.", status=403, code="session_needed")
    return principal.account_id


def _granted(principal: Principal, words: list[str]) -> frozenset[Scope]:
    scopes = frozenset(Scope(word) for word in words)
    if not scopes <= principal.scopes:
        raise RequestError(
            "A key may do no more than whoever makes it.", status=403, code="scope_too_wide"
        )
    return scopes
