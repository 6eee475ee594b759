"""Subscribers who talk nonsense, do not read, may not listen or are not there any more."""

from __future__ import annotations

import asyncio
import socket as sockets
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from lpr_engine.api.conversation import TOO_SLOW
from lpr_engine.api.schemas.events import SCHEMAS
from lpr_engine.api.validation import Validator
from tests.lpr_engine.api.events.listening import EVENTS, Ear, is_live, keep, listening
from tests.lpr_engine.api.live_house import house, socket_to
from tests.lpr_engine.api.serving import ask_json
from tests.lpr_engine.pipeline.scripted import wait_for

PASSAGES = ["passage"]


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ("{", None),
        ("", None),
        ("[" * 5000, None),
        ("null", "message"),
        ("[]", "message"),
        ("{}", "message.subscribe"),
        ('{"subscribe": []}', "message.subscribe"),
        ('{"subscribe": {"cameras": ["../etc"]}}', "message.subscribe.cameras.0"),
        ('{"subscribe": {"cameras": []}}', "message.subscribe.cameras"),
        ('{"subscribe": {"kinds": ["everything"]}}', "message.subscribe.kinds.0"),
        ('{"subscribe": {"stages": "final"}}', "message.subscribe.stages"),
        ('{"subscribe": {"what": 1}}', "message.subscribe.what"),
        ('{"subscribe": {}, "resume_after": -1}', "message.resume_after"),
        ('{"subscribe": {}, "resume_after": "7"}', "message.resume_after"),
        ('{"subscribe": {}, "resume_after": 1e400}', None),
        ('{"subscribe": {}, "resume_after": 99999999999999999999}', None),
        ('{"subscribe": {}, "subscribe": {}}', None),
        ('{"subscribe": {"lists": ["\\ud800"]}}', None),
    ],
)
async def test_garbage_is_refused_by_name_and_hurts_nobody(
    tmp_path: Path, said: str, where: str | None
) -> None:
    with house(tmp_path) as built:
        async with listening(built, kinds=PASSAGES) as other, socket_to(built, EVENTS) as socket:
            await other.until(is_live)
            await socket.send_str(said)
            ear = Ear(socket)
            refusal = await ear.next()
            assert (refusal["type"], refusal["code"]) == ("error", "request_invalid")
            assert [one["where"] for one in refusal["errors"]] == ([where] if where else [])
            assert Validator(SCHEMAS["EventError"], {}).faults(refusal, "message") == []
            assert await ear.end() == 4400
            keep(built, "AA1")
            assert (await other.next_passage())["text"] == "AA1"


@pytest.mark.parametrize(
    ("said", "code"), [(b"\x00\x01", 4400), (b"x" * 100_000, 1009), ("x" * 100_000, 1009)]
)
async def test_what_is_no_text_or_too_long_ends_the_socket(
    tmp_path: Path, said: bytes | str, code: int
) -> None:
    with house(tmp_path) as built:
        async with socket_to(built, EVENTS) as socket:
            await (socket.send_str(said) if isinstance(said, str) else socket.send_bytes(said))
            assert await Ear(socket).end() == code


async def test_who_talks_on_is_sent_home(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        async with listening(built) as ear:
            await ear.until(is_live)
            await ear.socket.send_json({"subscribe": {}})
            assert await ear.end() == 4400


async def test_who_asks_for_nothing_is_sent_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lpr_engine.api.events.stream._WISH_WITHIN_S", 0.1)
    with house(tmp_path) as built:
        async with socket_to(built, EVENTS) as socket:
            assert await Ear(socket).end() == 4408


async def test_who_is_no_longer_let_in_is_sent_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lpr_engine.api.reception._ASK_AGAIN_S", 0.1)
    with house(tmp_path) as built:
        async with (
            listening(built) as stays,
            listening(built, headers={"X-Who": "operator"}) as goes,
        ):
            await stays.until(is_live)
            await goes.until(is_live)
            entrance = built.server._entrance
            who = entrance.principal

            async def revoked(request: Any) -> Any:
                return None if request.headers["X-Who"] == "operator" else await who(request)

            monkeypatch.setattr(entrance, "principal", revoked)
            assert await goes.end() == 4401
            keep(built, "AA1")
            assert (await stays.next_passage())["text"] == "AA1"


def test_nobody_hears_anything(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        assert ask_json(built.server, EVENTS)[0] == 401
        assert ask_json(built.server, EVENTS, headers={"X-Who": "key:metrics"})[0] == 403
        status, problem = ask_json(built.server, EVENTS, headers={"X-Who": "viewer"})
        assert (status, problem["code"]) == (400, "bad_request")


async def test_who_does_not_read_is_dropped_while_others_go_on(tmp_path: Path) -> None:
    with house(tmp_path) as built, sockets.socket() as client:
        async with listening(built, kinds=PASSAGES) as quick:
            await quick.until(is_live)
            client.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", built.server.port))
            shake_hands(client)
            say(client, b'{"subscribe": {"kinds": ["passage"]}}')
            assert wait_for(lambda: len(built.hub._subscribers) == 2)
            kept = keep(built, "AA1")
            last = kept.sequence
            while len(built.hub._subscribers) == 2:
                assert last < 20_000, "nobody is ever dropped"
                for _ in range(100):
                    last += 1
                    built.hub.passage_committed(replace(kept, sequence=last))
                heard = await quick.until_sequence(last)
                assert [one["sequence"] for one in heard][-100:] == list(range(last - 99, last + 1))
        rest = await asyncio.to_thread(lambda: b"".join(iter(lambda: client.recv(65536), b"")))
    assert rest.endswith(
        bytes([0x88, 2 + len(TOO_SLOW.reason), *TOO_SLOW.code.to_bytes(2, "big")])
        + TOO_SLOW.reason.encode()
    )


def shake_hands(client: sockets.socket) -> None:
    """Ask for a WebSocket by hand, since a library would read."""
    client.sendall(
        f"GET {EVENTS} HTTP/1.1\r\nHost: localhost\r\nX-Who: viewer\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += client.recv(1)
    assert answer.startswith(b"HTTP/1.1 101")


def say(client: sockets.socket, text: bytes) -> None:
    """One text message, masked with zeros."""
    client.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)


async def test_a_half_open_connection_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lpr_engine.api.sockets._HEARTBEAT_S", 0.2)
    with house(tmp_path) as built, sockets.socket() as client:
        client.connect(("127.0.0.1", built.server.port))
        shake_hands(client)
        say(client, b'{"subscribe": {}}')
        assert wait_for(lambda: len(built.hub._subscribers) == 1)
        assert wait_for(lambda: len(built.hub._subscribers) == 0)


async def test_pages_of_other_origins_open_no_socket(tmp_path: Path) -> None:
    with house(tmp_path) as built:
        headers = {"X-Who": "viewer", "Origin": "http://evil.example"}
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with socket_to(built, EVENTS, headers):
                pass
    assert refused.value.status == 403
