"""A door over real sockets for tests: groups of routes, and an entrance that believes names."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import web

from lpr_engine.api.entrance import Entrance
from lpr_engine.api.metrics import Metrics
from lpr_engine.api.route import RouteGroup
from lpr_engine.api.server import ApiServer
from lpr_engine.api.table import RouteTable
from lpr_engine.config.sections import ApiSection
from lpr_engine.model.access import SCOPES_OF_ROLE, Principal, PrincipalKind, Role, Scope

WHO = "X-Who"
ADMIN = {WHO: "admin"}


class ScriptedEntrance:
    """Believes the header `X-Who` or a bearer: a role, or `key:` and scopes by commas."""

    async def principal(self, request: web.Request) -> Principal | None:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        who = request.headers.get(WHO) or bearer
        if not who:
            return None
        if who.startswith("key:"):
            scopes = frozenset(Scope(word) for word in who[4:].split(",") if word)
            return Principal(who, PrincipalKind.KEY, scopes, "1")
        if who not in {role.value for role in Role}:
            raise web.HTTPUnauthorized
        return Principal(who, PrincipalKind.ACCOUNT, SCOPES_OF_ROLE[Role(who)], "1")


@contextmanager
def serving(
    groups: Iterable[RouteGroup],
    section: ApiSection | None = None,
    entrance: Entrance | None = None,
) -> Iterator[ApiServer]:
    """A running server."""
    section = section or ApiSection(port=0)
    server = ApiServer(section, RouteTable(groups), entrance or ScriptedEntrance(), Metrics())
    server.start()
    try:
        yield server
    finally:
        server.stop()


def ask(
    server: ApiServer,
    path: str,
    method: str = "GET",
    body: object = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, bytes]:
    """Status and body of an answer; a body that is not bytes is sent as JSON."""
    sent = dict(headers or {})
    data = body if isinstance(body, bytes) else None
    if body is not None and data is None:
        data = json.dumps(body).encode()
    if data is not None:
        sent.setdefault("Content-Type", "application/json")
    url = f"http://127.0.0.1:{server.port}{path}"
    request = urllib.request.Request(url, data=data, headers=sent, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - http above
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read()


def ask_json(
    server: ApiServer,
    path: str,
    method: str = "GET",
    body: object = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, Any]:
    """Status and JSON of an answer."""
    status, data = ask(server, path, method, body, headers)
    return status, json.loads(data)


def raw(server: ApiServer, request: str) -> str:
    """What comes back for a request's head as it is, sent on a connection of its own."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as stream:
        stream.sendall((request + "Connection: close\r\n\r\n").encode("latin-1"))
        return b"".join(iter(lambda: stream.recv(65536), b"")).decode("latin-1")
