"""Accounts, for who administers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import uuid6
from aiohttp import web

from lpr_engine.api.access.guests import Guests
from lpr_engine.api.access.names import clean_name
from lpr_engine.api.access.noting import AuditDesk
from lpr_engine.api.access.passwords import Passwords, check_length
from lpr_engine.api.access.payloads import account_to_json
from lpr_engine.api.answer import json_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.route import BODY, Answer, Body, Parameter, Route, page_of, reference
from lpr_engine.model.access import Role, Scope
from lpr_engine.model.access_ports import AccountBook
from lpr_engine.model.account import Account, Lock
from lpr_engine.model.clock import Clock
from lpr_engine.model.contract import JsonObject

_TAG: Final = "accounts"
ID: Final = Parameter(
    "id",
    {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
    "Its id.",
    example="01900000-0000-7000-8000-000000000000",
)


@dataclass(frozen=True, slots=True)
class AccountRoutes:
    """The handlers."""

    accounts: AccountBook
    passwords: Passwords
    guests: Guests
    audit: AuditDesk
    clock: Clock

    def routes(self) -> tuple[Route, ...]:
        """Create, read, change and remove."""
        page = Answer(200, "All accounts, by name.", page_of("Account"))
        one = Answer(200, "The account.", reference("Account"))
        made = Answer(201, "The new account.", reference("Account"))
        gone = Answer(204, "Removed, with its sessions and keys.")
        taken = Answer(409, "The name is taken.")
        last = Answer(409, "The name is taken, or nobody would be left to administer.")
        path = "/api/v1/accounts/{id}"
        return (
            Route("GET", "/api/v1/accounts", self.all, Scope.ADMIN, "All accounts", _TAG, (page,)),
            Route("POST", "/api/v1/accounts", self.add, Scope.ADMIN, "Make an account", _TAG,
                  (made, taken), body=Body(reference("NewAccount"))),
            Route("GET", path, self.one, Scope.ADMIN, "One account", _TAG, (one,), values=(ID,)),
            Route("PATCH", path, self.change, Scope.ADMIN, "Change name, role or password", _TAG,
                  (one, last), values=(ID,), body=Body(reference("AccountChange")),
                  description="A new password ends the account's sessions."),
            Route("DELETE", path, self.remove, Scope.ADMIN, "Remove an account", _TAG,
                  (gone, last), values=(ID,)),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """None of its own."""
        return {}

    async def all(self, _request: web.Request) -> web.Response:
        """All accounts, by name."""
        accounts = await ask(self.accounts.all)
        items = [account_to_json(account) for account in accounts]
        return json_answer({"items": items, "next_cursor": None})

    async def one(self, request: web.Request) -> web.Response:
        """One account."""
        found = await ask(lambda: self.accounts.get(request.match_info["id"]))
        return json_answer(account_to_json(found))

    async def add(self, request: web.Request) -> web.Response:
        """Make an account."""
        body: Any = request[BODY]
        name = clean_name(body["name"], "body.name")
        check_length(body["password"], "body.password")
        now = self.clock.now()
        account = Account(str(uuid6.uuid7()), name, Role(body["role"]), now, now)
        lock = Lock(account, await self.passwords.hash(body["password"]))
        await ask(lambda: self.accounts.add(lock))
        await self.audit.note(request, "account_added", name, account.role.value)
        return json_answer(account_to_json(account), 201)

    async def change(self, request: web.Request) -> web.Response:
        """Change what is named of an account; what it holds open ends."""
        body: Any = request[BODY]
        account_id = request.match_info["id"]
        before = await ask(lambda: self.accounts.get(account_id))
        name = clean_name(body["name"], "body.name") if "name" in body else before.name
        role = Role(body["role"]) if "role" in body else before.role
        password_hash = await self._hash(body.get("password"))
        after = await ask(lambda: self.accounts.update(account_id, name, role))
        if password_hash is not None:
            now = self.clock.now()
            await ask(lambda: self.accounts.set_password(account_id, password_hash, now))
            after = await ask(lambda: self.accounts.get(account_id))
        await self.guests.send_home(lambda badge: badge.account_id == account_id)
        changed = ", ".join(sorted(body))
        now_is = f"{changed}; now {name}, {role.value}"
        await self.audit.note(request, "account_changed", before.name, now_is)
        return json_answer(account_to_json(after))

    async def remove(self, request: web.Request) -> web.Response:
        """Remove an account with all that lets it in."""
        account_id = request.match_info["id"]
        account = await ask(lambda: self.accounts.get(account_id))
        await ask(lambda: self.accounts.remove(account_id))
        await self.guests.send_home(lambda badge: badge.account_id == account_id)
        await self.audit.note(request, "account_removed", account.name)
        return web.Response(status=204)

    async def _hash(self, password: str | None) -> str | None:
        if password is None:
            return None
        check_length(password, "body.password")
        return await self.passwords.hash(password)
