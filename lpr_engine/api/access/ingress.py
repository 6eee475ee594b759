"""Home Assistant's ingress: whom the Supervisor has let in already.

The Supervisor checks the session, takes away headers that claim a user, and sets its own
(home-assistant/supervisor, `supervisor/api/ingress.py`). They mean nothing from anybody else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from lpr_engine.api.access.address import peer_of
from lpr_engine.model.access import SCOPES_OF_ROLE, Principal, PrincipalKind, Role

SUPERVISOR: Final = "172.30.32.2"
_USER_ID: Final = "X-Remote-User-Id"
_USER_NAME: Final = "X-Remote-User-Name"
_DISPLAY_NAME: Final = "X-Remote-User-Display-Name"
_PATH: Final = "X-Ingress-Path"
_FORWARDED_HOST: Final = "X-Forwarded-Host"
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_INGRESS_PATH = re.compile(r"/api/(hassio_)?ingress/[0-9A-Za-z_-]{1,128}")
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class IngressUser:
    """A user of Home Assistant; `path` is under which path their browser finds us."""

    id: str
    name: str
    role: Role
    path: str
    hosts: tuple[str, ...]

    @property
    def principal(self) -> Principal:
        """Who they are to the engine."""
        return Principal(self.name, PrincipalKind.INGRESS, SCOPES_OF_ROLE[self.role])


@dataclass(frozen=True, slots=True)
class Ingress:
    """Believes the Supervisor's headers; `admins` are ids or names of users."""

    role: Role
    admins: frozenset[str] = frozenset()
    supervisor: str = SUPERVISOR

    def user(self, request: web.Request) -> IngressUser | None:
        """Whom the Supervisor vouches for; None when it is not the one who sent this."""
        if peer_of(request) != self.supervisor:
            return None
        user_id = _only(request, _USER_ID)
        if user_id is None or not _ID.fullmatch(user_id):
            return None
        login = _only(request, _USER_NAME)
        is_admin = user_id in self.admins or login in self.admins
        path = _only(request, _PATH) or ""
        return IngressUser(
            id=user_id,
            name=_shown(_only(request, _DISPLAY_NAME) or login or user_id),
            role=Role.ADMIN if is_admin else self.role,
            path=path if _INGRESS_PATH.fullmatch(path) else "",
            hosts=tuple(request.headers.get(name, "") for name in (_FORWARDED_HOST, "Host")),
        )


def _only(request: web.Request, name: str) -> str | None:
    """A header's value; one that is there twice was tampered with."""
    values = request.headers.getall(name, [])
    return values[0] if len(values) == 1 else None


def _shown(name: str) -> str:
    readable = "".join(sign if sign.isprintable() else "?" for sign in name)
    return readable[:_LONGEST_NAME]
