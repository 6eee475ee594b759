"""A door over a real store on a real port, with a clock that stands still, and who comes to it."""

from __future__ import annotations

import dataclasses
import http.client
import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from aiohttp import web
from argon2 import PasswordHasher

from lpr_engine.api.access.ingress import Ingress
from lpr_engine.api.access.passwords import Passwords
from lpr_engine.api.metrics import Metrics
from lpr_engine.api.passages import PassageRoutes
from lpr_engine.api.route import BODY, Answer, Body, Route
from lpr_engine.api.server import ApiServer
from lpr_engine.api.sockets import open_socket
from lpr_engine.api.table import RouteTable
from lpr_engine.app.access import Access, build_access
from lpr_engine.config.sections import ApiSection, StorageSection
from lpr_engine.model.access import Role, Scope
from lpr_engine.model.account import Account, Lock
from lpr_engine.model.contract import JsonObject
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.store.conftest import HeldClock, make_update

PASSWORD = "correct horse battery staple"
CSRF = "X-CSRF-Token"
SECTION = ApiSection(port=0, requests_per_second=10_000)


class CountingPasswords(Passwords):
    """Cheap hashes, and how many were asked for."""

    def __init__(self) -> None:
        super().__init__(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.checked = 0

    def _verify(self, password_hash: str | None, password: str) -> bool:
        self.checked += 1
        return super()._verify(password_hash, password)


class Works:
    """Routes of other subjects: one that changes something, one that lasts."""

    def routes(self) -> tuple[Route, ...]:
        done = (Answer(200, "Done."),)
        return (
            Route("POST", "/api/v1/works", self.work, Scope.OPERATE, "Works", "works", done,
                  body=Body({"type": "object"}, required=False)),
            Route("POST", "/api/v1/looks", self.work, Scope.READ, "Looks", "works", done,
                  body=Body({"type": "object"}, required=False)),
            Route("GET", "/api/v1/socket", self.socket, Scope.READ, "Socket", "works", done,
                  websocket=True),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        return {}

    async def work(self, request: web.Request) -> web.Response:
        if request.get(BODY) == {"fail": True}:
            raise web.HTTPBadRequest
        return web.json_response({})

    async def socket(self, request: web.Request) -> web.StreamResponse:
        socket = await open_socket(request)
        async for message in socket:
            await socket.send_str(message.data)
        return socket


@dataclasses.dataclass
class House:
    """A running door."""

    store: PassageStore
    clock: HeldClock
    passwords: CountingPasswords
    access: Access
    server: ApiServer

    def visitor(self, source: str = "127.0.0.1", **headers: str) -> Visitor:
        return Visitor(self.server.port, source, headers)

    def add(self, name: str, role: Role = Role.ADMIN, password: str = PASSWORD) -> Account:
        now = self.clock.now()
        account = Account(f"01900000-0000-7000-8000-{len(name):012x}", name, role, now, now)
        self.store.access.accounts.add(Lock(account, self.passwords.hash_now(password)))
        return account

    def signed_in(self, name: str = "Anna", role: Role = Role.ADMIN) -> Visitor:
        """A visitor of a new account with its session and CSRF token."""
        self.add(name, role)
        visitor = self.visitor()
        assert visitor.sign_in(name).status == 200
        return visitor

    def picture(self) -> str:
        """The path of a picture under the API."""
        path = self.store.commit(make_update()).crop
        assert path is not None
        return path


@dataclasses.dataclass
class Reply:
    """An answer."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["code"])


class Visitor:
    """Somebody with a browser: it keeps cookies, and sends the CSRF token it was told."""

    def __init__(self, port: int, source: str, headers: Mapping[str, str]) -> None:
        self._port = port
        self._source = source
        self.headers = dict(headers)
        self.cookies: dict[str, str] = {}
        self.csrf: str | None = None
        self.tls: ssl.SSLContext | None = None

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        sent = {**self.headers, **{name.replace("_", "-"): text for name, text in headers.items()}}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self.csrf is not None:
            sent.setdefault(CSRF, self.csrf)
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            sent["Content-Type"] = "application/json"
        return self.send(method, path, data, sent)

    def send(self, method: str, path: str, data: bytes | None, headers: Mapping[str, str]) -> Reply:
        target = path if path.startswith("/") else f"/api/v1/{path}"
        connection = self._connection()
        try:
            connection.request(method, target, data, dict(headers))
            answer = connection.getresponse()
            reply = Reply(answer.status, answer.headers, answer.read())
        finally:
            connection.close()
        self._keep(reply)
        return reply

    def _connection(self) -> http.client.HTTPConnection:
        source = (self._source, 0)
        if self.tls is None:
            return http.client.HTTPConnection(
                "127.0.0.1", self._port, timeout=10, source_address=source
            )
        return http.client.HTTPSConnection(
            "127.0.0.1", self._port, timeout=10, source_address=source, context=self.tls
        )

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> Reply:
        return self.ask("POST", path, body, **headers)

    def sign_in(self, name: str = "Anna", password: str = PASSWORD) -> Reply:
        return self.post("sign-in", {"name": name, "password": password})

    def _keep(self, reply: Reply) -> None:
        for line in reply.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        if reply.body.startswith(b'{"name"') and "csrf_token" in reply.json:
            self.csrf = reply.json["csrf_token"]


@contextmanager
def opened(
    directory: Path,
    section: ApiSection = SECTION,
    ingress: Ingress | None = None,
    clock: HeldClock | None = None,
) -> Iterator[House]:
    """A running door; `ingress` in place of the configured one."""
    clock = clock or HeldClock()
    with PassageStore(StorageSection(directory=directory / "data"), clock=clock) as store:
        passwords = CountingPasswords()
        groups = (Works(), PassageRoutes(store.search, directory / "data" / "media"))
        access = build_access(section, store.access, clock, groups, passwords)
        porter = access.porter
        if ingress is not None:
            porter = dataclasses.replace(porter, ingress=ingress)
        table = RouteTable(access.groups)
        server = ApiServer(section, table, porter, Metrics(), (access.lifespan,))
        server.start()
        try:
            yield House(store, clock, passwords, access, server)
        finally:
            server.stop()
