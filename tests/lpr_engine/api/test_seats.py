"""Sockets and streams: how many, from where, and when they end."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from lpr_engine.api.server import ApiServer
from lpr_engine.config.sections import ApiSection
from lpr_engine.model.access import Principal
from lpr_engine.model.errors import StoreError
from tests.lpr_engine.api.echo import Echo
from tests.lpr_engine.api.serving import WHO, ScriptedEntrance, serving
from tests.lpr_engine.pipeline.scripted import wait_for

UPGRADE = (
    "GET /socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


class Bouncer(ScriptedEntrance):
    """Lets in whom the scripted one does, until told otherwise."""

    def __init__(self) -> None:
        self.lets_in: Callable[[], bool] = lambda: True

    async def principal(self, request: web.Request) -> Principal | None:
        known = await super().principal(request)
        return known if self.lets_in() else None


@pytest.fixture
def bouncer() -> Bouncer:
    return Bouncer()


@pytest.fixture
def server(bouncer: Bouncer) -> Iterator[ApiServer]:
    section = ApiSection(port=0, sockets=4, sockets_per_client=2)
    with serving([Echo()], section, bouncer) as server:
        yield server


def url(server: ApiServer, path: str = "/socket") -> str:
    return f"http://127.0.0.1:{server.port}{path}"


def who(name: str, **more: str) -> dict[str, Any]:
    return {"headers": {WHO: name, **more}}


async def test_a_socket_talks(server: ApiServer) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url(server), **who("viewer")) as wire,
    ):
        await wire.send_str("hello")
        assert await wire.receive_str(timeout=5) == "heard hello"


async def test_each_who_asks_gets_some_seats_and_all_together_no_more_than_there_are(
    server: ApiServer,
) -> None:
    async with aiohttp.ClientSession() as session:
        taken = [
            await session.ws_connect(url(server), **who(name))
            for name in ("viewer", "viewer", "operator", "key:read")
        ]
        for name in ("viewer", "admin"):
            async with session.get(url(server, "/stream"), **who(name)) as refusal:
                assert refusal.status == 429
                assert (await refusal.json(content_type=None))["code"] == "too_many_streams"
                assert int(refusal.headers["Retry-After"]) > 0
        await taken[0].close()
        async with session.ws_connect(url(server), **who("viewer")) as again:
            await again.send_str("x")
            assert await again.receive_str(timeout=5) == "heard x"
        for wire in taken:
            await wire.close()


async def test_a_seat_is_free_again_when_its_client_is_cut_off(server: ApiServer) -> None:
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", server.port)) as stream:
            stream.sendall(f"{UPGRADE}{WHO}: viewer\r\n\r\n".encode())
            assert stream.recv(12).endswith(b"101")
    async with aiohttp.ClientSession() as session:
        for _ in range(100):
            try:
                wire = await session.ws_connect(url(server), **who("viewer"))
            except aiohttp.WSServerHandshakeError as refusal:
                assert refusal.status == 429
                await asyncio.sleep(0.02)
                continue
            await wire.close()
            return
    pytest.fail("the seats stayed taken")


@pytest.mark.parametrize(
    ("name", "origin", "status"),
    [
        ("viewer", "https://evil.example", 403),
        ("viewer", "null", 403),
        ("viewer", "http://127.0.0.1:{port}", 101),
        ("key:read", "https://evil.example", 101),
    ],
)
async def test_a_page_of_elsewhere_opens_no_socket_by_a_session(
    server: ApiServer, name: str, origin: str, status: int
) -> None:
    headers = who(name, Origin=origin.format(port=server.port))
    async with aiohttp.ClientSession() as session:
        try:
            async with session.ws_connect(url(server), **headers):
                assert status == 101
        except aiohttp.WSServerHandshakeError as refusal:
            assert refusal.status == status


async def test_whoever_is_let_in_no_more_is_sent_home(
    server: ApiServer, bouncer: Bouncer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lpr_engine.api.reception._ASK_AGAIN_S", 0.05)
    async with aiohttp.ClientSession() as session:
        wire = await session.ws_connect(url(server), **who("viewer"))
        stream = await session.get(url(server, "/stream"), **who("viewer"))
        await wire.send_str("still here")
        assert await wire.receive_str(timeout=5) == "heard still here"
        assert await stream.content.readexactly(1000)
        bouncer.lets_in = lambda: False
        ending = await wire.receive(timeout=5)
        assert (ending.type, ending.data) == (aiohttp.WSMsgType.CLOSE, 4401)
        with pytest.raises(aiohttp.ClientPayloadError):
            await asyncio.wait_for(stream.read(), 5)
        await wire.close()


async def test_nobody_is_sent_home_because_the_store_is_busy(
    server: ApiServer, bouncer: Bouncer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def hang() -> bool:
        asked.append("again")
        raise StoreError("busy")

    monkeypatch.setattr("lpr_engine.api.reception._ASK_AGAIN_S", 0.02)
    async with aiohttp.ClientSession() as session:
        wire = await session.ws_connect(url(server), **who("viewer"))
        bouncer.lets_in = hang
        assert await asyncio.to_thread(wait_for, lambda: len(asked) >= 3)
        await wire.send_str("still here")
        assert await wire.receive_str(timeout=5) == "heard still here"
        await wire.close()


async def test_a_socket_whose_other_end_is_gone_is_noticed(
    server: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half-open: the network swallows everything, and no end of the connection ever comes."""
    monkeypatch.setattr("lpr_engine.api.sockets._HEARTBEAT_S", 0.1)
    mute = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(2)]
    try:
        for stream in mute:
            stream.sendall(f"{UPGRADE}{WHO}: viewer\r\n\r\n".encode())
            assert await asyncio.to_thread(stream.recv, 12) == b"HTTP/1.1 101"
        async with aiohttp.ClientSession() as session:
            for _ in range(200):
                try:
                    wire = await session.ws_connect(url(server), **who("viewer"))
                except aiohttp.WSServerHandshakeError:
                    await asyncio.sleep(0.02)
                    continue
                await wire.close()
                return
        pytest.fail("the seats of those who are gone stayed taken")
    finally:
        for stream in mute:
            stream.close()


async def test_no_message_is_larger_than_any_needs_to_be(server: ApiServer) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url(server), **who("viewer")) as wire,
    ):
        await wire.send_str("x" * 70_000)
        ending = await wire.receive(timeout=5)
        assert ending.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
        assert wire.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


async def test_a_plain_request_for_a_socket_is_told_so(server: ApiServer) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(url(server), **who("viewer")) as answer,
    ):
        assert answer.status == 400
        assert answer.content_type == "application/problem+json"


async def test_the_end_of_the_server_is_told_and_waits_for_nobody() -> None:
    with serving([Echo()]) as server:
        session = aiohttp.ClientSession()
        wire = await session.ws_connect(url(server), **who("viewer"))
        stream = await session.get(url(server, "/stream"), **who("viewer"))
        listening = asyncio.create_task(wire.receive(timeout=5))
        began_s = time.monotonic()
        await asyncio.to_thread(server.stop)
        assert (await listening).data == aiohttp.WSCloseCode.GOING_AWAY
        assert time.monotonic() - began_s < 5
        stream.close()
        await session.close()
