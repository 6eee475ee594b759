"""Opening sessions: a new token each time, and the one before it ends."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import uuid6
from aiohttp import web

from lpr_engine.api.access.cookie import SessionCookie
from lpr_engine.api.access.csrf import csrf_token
from lpr_engine.api.access.guests import Badge, Guests, badge_of
from lpr_engine.api.access.payloads import me_to_json
from lpr_engine.api.answer import json_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.caller import caller_of
from lpr_engine.api.problem import RequestError
from lpr_engine.model.access import SCOPES_OF_ROLE, Principal, PrincipalKind
from lpr_engine.model.access_ports import SessionBook
from lpr_engine.model.account import SESSION_LIFETIME, Lock, Session, SessionUnknownError
from lpr_engine.model.clock import Clock
from lpr_engine.model.token import new_token

_LONGEST_AGENT: Final = 200


@dataclass(frozen=True, slots=True)
class SessionDesk:
    """Hands out sessions and takes them back."""

    sessions: SessionBook
    cookie: SessionCookie
    guests: Guests
    clock: Clock

    async def open(self, request: web.Request, lock: Lock, status: int = 200) -> web.Response:
        """Answer who has come in, with the cookie of a new session.

        A token that the browser held before is never taken over: somebody else may know it.

        Raises:
            PasswordOvertakenError: the password was changed meanwhile.
            StoreError: the store refused it.
        """
        token, account = new_token(), lock.account
        session = self._session(request, account.id)
        await ask(lambda: self.sessions.open(session, token.digest, lock))
        await self._leave_old(request)
        principal = Principal(
            account.name, PrincipalKind.ACCOUNT, SCOPES_OF_ROLE[account.role], account.id
        )
        badge = Badge(session=session, csrf_token=csrf_token(token.text.encode(), "session"))
        response = json_answer(me_to_json(principal, badge), status)
        self.cookie.set(request, response, token.text)
        return response

    async def end(self, session_id: str, account_id: str | None = None) -> Session:
        """Forget a session and end what it holds open.

        Raises:
            SessionUnknownError: there is none.
            StoreError: the store refused it.
        """
        ended = await ask(lambda: self.sessions.end(session_id, account_id))
        await self.guests.send_home(
            lambda badge: badge.session is not None and badge.session.id == ended.id
        )
        return ended

    async def _leave_old(self, request: web.Request) -> None:
        session = badge_of(request).session
        if session is not None:
            # A changed password has ended it already.
            with suppress(SessionUnknownError):
                await self.end(session.id)

    def _session(self, request: web.Request, account_id: str) -> Session:
        now = self.clock.now()
        agent = request.headers.get("User-Agent", "")
        readable = "".join(sign for sign in agent if sign.isprintable())
        return Session(
            id=str(uuid6.uuid7()),
            account_id=account_id,
            created_at=now,
            expires_at=now + SESSION_LIFETIME,
            last_used_at=now,
            address=caller_of(request).address,
            agent=readable[:_LONGEST_AGENT],
        )


def own_session(request: web.Request) -> Session:
    """The session that asks.

    Raises:
        RequestError: something else than a session asks.
    """
    session = badge_of(request).session
    if session is None:
        raise RequestError("Sign in with an account for this.", status=403, code="session_needed")
    return session
