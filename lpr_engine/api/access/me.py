"""Who asks, and their own password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from lpr_engine.api.access.guests import Guests, badge_of
from lpr_engine.api.access.noting import AuditDesk
from lpr_engine.api.access.passwords import Passwords, check_length
from lpr_engine.api.access.payloads import me_to_json
from lpr_engine.api.access.session_desk import SessionDesk, own_session
from lpr_engine.api.access.sign_in import throttled
from lpr_engine.api.access.throttle import Throttle
from lpr_engine.api.answer import json_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.caller import caller_of
from lpr_engine.api.problem import RequestError
from lpr_engine.api.route import BODY, PRINCIPAL, Answer, Body, Route, reference
from lpr_engine.model.access import Scope
from lpr_engine.model.access_ports import AccountBook
from lpr_engine.model.account import AccountGoneError, Lock
from lpr_engine.model.clock import Clock
from lpr_engine.model.contract import JsonObject

_TAG: Final = "sign-in"


@dataclass(frozen=True, slots=True)
class MeRoutes:
    """The handlers."""

    accounts: AccountBook
    desk: SessionDesk
    passwords: Passwords
    throttle: Throttle
    guests: Guests
    audit: AuditDesk
    clock: Clock

    def routes(self) -> tuple[Route, ...]:
        """Who am I, and my password."""
        me = Answer(200, "Who asks, and what they may do.", reference("Me"))
        changed = Answer(200, "Changed; a new session, all others have ended.", reference("Me"))
        wrong = Answer(403, "The current password is wrong, or no account's session asks.")
        gone = Answer(409, "Password or account were changed by somebody else meanwhile.")
        slowly = Answer(429, "Too many attempts failed.")
        return (
            Route("GET", "/api/v1/me", self.me, Scope.READ, "Who am I?", _TAG, (me,)),
            Route("POST", "/api/v1/me/password", self.change_password, Scope.READ,
                  "Change one's own password", _TAG, (changed, wrong, gone, slowly),
                  body=Body(reference("PasswordChange")),
                  description="Ends all other sessions of the account; its API keys stay."),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """None of its own."""
        return {}

    async def me(self, request: web.Request) -> web.Response:
        """Who asks."""
        return json_answer(me_to_json(request[PRINCIPAL], badge_of(request)))

    async def change_password(self, request: web.Request) -> web.Response:
        """Put a new password in place of the current one, whoever holds a session."""
        session = own_session(request)
        body: Any = request[BODY]
        check_length(body["new"], "body.new")
        lock = await self._checked(request, body["current"])
        password_hash = await self.passwords.hash(body["new"])
        now = self.clock.now()
        await ask(lambda: self.accounts.set_password(session.account_id, password_hash, now))
        await self.audit.note(request, "password_changed", lock.account.name)
        response = await self.desk.open(request, Lock(lock.account, password_hash))
        await self.guests.send_home(
            lambda badge: badge.session is not None and badge.account_id == session.account_id
        )
        return response

    async def _checked(self, request: web.Request, password: str) -> Lock:
        address, name = caller_of(request).address, request[PRINCIPAL].name
        wait_s = self.throttle.admit(address, name)
        if wait_s > 0:
            raise throttled(wait_s)
        lock = await ask(lambda: self.accounts.find(name))
        if lock is None:
            raise AccountGoneError("the account was removed or renamed meanwhile")
        if not await self.passwords.fits(lock.password_hash, password):
            await self.audit.note(request, "password_changed", name, succeeded=False)
            raise RequestError("The current password is wrong.", status=403, code="password_wrong")
        self.throttle.succeed(address, name)
        return lock
