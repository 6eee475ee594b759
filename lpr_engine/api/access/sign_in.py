"""Coming in and going out: first-run setup, sign-in, sign-out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import uuid6
from aiohttp import web

from lpr_engine.api.access.csrf import check_origin
from lpr_engine.api.access.names import clean_name
from lpr_engine.api.access.noting import AuditDesk
from lpr_engine.api.access.passwords import Passwords, check_length
from lpr_engine.api.access.session_desk import SessionDesk, own_session
from lpr_engine.api.access.setup_code import SetupCode
from lpr_engine.api.access.throttle import Throttle
from lpr_engine.api.answer import json_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.caller import caller_of
from lpr_engine.api.problem import RequestError
from lpr_engine.api.route import BODY, Answer, Body, Route, reference
from lpr_engine.api.schemas.access import SCHEMAS
from lpr_engine.model.access import Role, Scope
from lpr_engine.model.access_ports import AccountBook
from lpr_engine.model.account import Account, Lock, SetupDoneError
from lpr_engine.model.clock import Clock
from lpr_engine.model.contract import JsonObject

_TAG: Final = "sign-in"
_SETUP: Final = "\x00setup"
"""The throttle's name for guessing at the setup code, which no account can have."""


@dataclass(frozen=True, slots=True)
class SignInRoutes:
    """The handlers, over all that a password has to pass."""

    accounts: AccountBook
    desk: SessionDesk
    passwords: Passwords
    throttle: Throttle
    setup_code: SetupCode
    audit: AuditDesk
    clock: Clock

    def routes(self) -> tuple[Route, ...]:
        """Setup, sign-in and sign-out."""
        state = Answer(
            200, "Whether the first account is still to be made.", reference("SetupState")
        )
        made = Answer(201, "The first account is made and signed in.", reference("Me"))
        known = Answer(200, "Signed in; the cookie is set.", reference("Me"))
        gone = Answer(204, "Signed out; the cookie is cleared.")
        wrong_code = Answer(403, "The code is wrong.")
        done = Answer(409, "There is an account already.")
        refused = Answer(401, "Name or password is wrong.")
        overtaken = Answer(409, "The password was changed meanwhile.")
        slowly = Answer(429, "Too many attempts failed; `Retry-After` says how long to wait.")
        return (
            Route("GET", "/api/v1/setup", self.setup_state, None, "Is setup needed?", _TAG,
                  (state,)),
            Route("POST", "/api/v1/setup", self.set_up, None, "Make the first account", _TAG,
                  (made, wrong_code, done, slowly), body=Body(reference("Setup")),
                  description="The one-time code stands in the engine's log."),
            Route("POST", "/api/v1/sign-in", self.sign_in, None, "Sign in with name and password",
                  _TAG, (known, refused, overtaken, slowly), body=Body(reference("SignIn"))),
            Route("POST", "/api/v1/sign-out", self.sign_out, Scope.READ, "End the session", _TAG,
                  (gone,)),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """What all of the sign-in takes and answers."""
        return SCHEMAS

    async def setup_state(self, _request: web.Request) -> web.Response:
        """Whether the first account is still to be made."""
        return json_answer({"needed": await ask(self.accounts.is_empty)})

    async def set_up(self, request: web.Request) -> web.Response:
        """Make the first account, an admin, for whoever can read the log."""
        check_origin(request, (request.headers.get("Host", ""),))
        body: Any = request[BODY]
        if not await ask(self.accounts.is_empty):
            raise SetupDoneError("there is an account already; sign in")
        self._admit(request, _SETUP)
        if not self.setup_code.fits(body["code"]):
            await self.audit.note(request, "setup", succeeded=False)
            raise RequestError("The setup code is wrong.", status=403, code="setup_code_wrong")
        self.throttle.take_back(caller_of(request).address, _SETUP)
        name = clean_name(body["name"], "body.name")
        check_length(body["password"], "body.password")
        now = self.clock.now()
        account = Account(str(uuid6.uuid7()), name, Role.ADMIN, now, now)
        lock = Lock(account, await self.passwords.hash(body["password"]))
        await ask(lambda: self.accounts.add_first(lock))
        await self.audit.note(request, "setup", account.name, actor=account.name)
        return await self.desk.open(request, lock, 201)

    async def sign_in(self, request: web.Request) -> web.Response:
        """Let in whoever knows name and password; both wrong answers cost and look the same."""
        check_origin(request, (request.headers.get("Host", ""),))
        body: Any = request[BODY]
        name, password = body["name"], body["password"]
        self._admit(request, name)
        lock = await ask(lambda: self.accounts.find(name))
        known = None if lock is None else lock.account.name
        if not await self._fits(request, name, lock, password) or lock is None:
            await self.audit.note(request, "sign_in", actor=known, succeeded=False)
            raise RequestError(
                "Name or password is wrong.",
                status=401,
                code="sign_in_refused",
                headers={"WWW-Authenticate": "Bearer"},
            )
        self.throttle.succeed(caller_of(request).address, name)
        response = await self.desk.open(request, lock)
        await self.audit.note(request, "sign_in", actor=known)
        await self._renew_hash(lock, password)
        return response

    async def sign_out(self, request: web.Request) -> web.Response:
        """End the session that asks."""
        await self.desk.end(own_session(request).id)
        await self.audit.note(request, "sign_out")
        response = web.Response(status=204)
        self.desk.cookie.clear(request, response)
        return response

    async def _fits(
        self, request: web.Request, name: str, lock: Lock | None, password: str
    ) -> bool:
        password_hash = None if lock is None else lock.password_hash
        try:
            return await self.passwords.fits(password_hash, password)
        except RequestError:
            # Nobody looked at the password.
            self.throttle.take_back(caller_of(request).address, name)
            raise

    def _admit(self, request: web.Request, name: str) -> None:
        wait_s = self.throttle.admit(caller_of(request).address, name)
        if wait_s > 0:
            raise throttled(wait_s)

    async def _renew_hash(self, lock: Lock, password: str) -> None:
        if not self.passwords.is_outdated(lock.password_hash):
            return
        with suppress(RequestError):
            password_hash = await self.passwords.hash(password)
            await ask(lambda: self.accounts.rehash(lock, password_hash))


def throttled(wait_s: float) -> RequestError:
    """The refusal of an attempt that comes too soon after others that failed."""
    return RequestError(
        "Too many attempts failed; wait a little.",
        status=429,
        code="sign_in_throttled",
        headers={"Retry-After": str(math.ceil(wait_s))},
    )
