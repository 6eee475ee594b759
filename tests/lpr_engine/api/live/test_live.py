"""Live pictures through the real pipeline and server: what comes, and who is never waited for."""

from __future__ import annotations

import asyncio
import socket as sockets
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from jsonschema import Draft202012Validator

from lpr_engine.api.schemas.live import LIVE_FRAME, LIVE_STATE
from tests.lpr_engine.api.live_house import (
    VIEWER,
    EndlessSource,
    House,
    Shown,
    box_of,
    close_code,
    house,
    next_frame,
    number_in,
    socket_to,
)
from tests.lpr_engine.api.serving import ask_json
from tests.lpr_engine.pipeline.scripted import wait_for

LIVE = "/api/v1/live/gate"
LARGE = "?width=3840&quality=95"


def wait_for_frames(built: House, count: int) -> None:
    wanted = built.pipeline.frames_looked_at + count
    assert wait_for(lambda: built.pipeline.frames_looked_at >= wanted)


@pytest.mark.parametrize("options", ["", "?width=64&quality=90", "?quality=95&annotated=true"])
async def test_boxes_belong_to_the_very_frame_they_come_with(tmp_path: Path, options: str) -> None:
    with house(tmp_path, {"gate": EndlessSource}) as built:
        async with socket_to(built, LIVE + options) as socket:
            shown = [await next_frame(socket) for _ in range(30)]
    for one in shown:
        number = number_in(one.pixels)
        assert one.header["number"] == one.header["looked_at"] == number
        (detection,) = one.header["detections"]
        assert detection["box"] == [round(edge, 5) for edge in box_of(number).as_tuple()]
        (track,) = one.header["tracks"]
        assert (track["track"], track["box"]) == (number, detection["box"])
        assert detection["track"] == number
        assert detection["reading"]["text"].isdigit()
        assert one.pixels.shape[:2] == (one.header["height"], one.header["width"])
    assert len({one.header["number"] for one in shown}) == 30


async def test_messages_are_as_their_schemas_say(tmp_path: Path) -> None:
    with house(tmp_path, {"gate": EndlessSource}) as built:
        async with socket_to(built, LIVE) as socket:
            state = await socket.receive_json()
            header = (await next_frame(socket)).header
    Draft202012Validator(LIVE_STATE).validate(state)
    Draft202012Validator(LIVE_FRAME).validate(header)
    assert state["camera"] == "gate"


async def test_nothing_is_painted_while_nobody_watches(tmp_path: Path) -> None:
    sources = {"gate": EndlessSource, "yard": lambda: EndlessSource("yard")}
    with house(tmp_path, sources) as built:
        wait_for_frames(built, 10)
        assert built.painter.painted == []
        async with socket_to(built, "/api/v1/live/yard") as socket:
            for _ in range(3):
                assert (await next_frame(socket)).header["camera"] == "yard"
        assert built.painter.painted
        assert wait_for(lambda: not built.feed._viewers["yard"])
        before = len(built.painter.painted)
        wait_for_frames(built, 10)
        assert len(built.painter.painted) == before


async def test_a_frame_is_painted_once_in_each_form_for_all_who_watch(tmp_path: Path) -> None:
    with house(tmp_path, {"gate": EndlessSource}) as built:

        async def watch(options: str) -> None:
            async with socket_to(built, LIVE + options) as socket:
                for _ in range(20):
                    await next_frame(socket)

        await asyncio.gather(
            *(watch(options) for options in ["", "", "", "?width=64", "?width=64"])
        )
    times = Counter(built.painter.painted)
    assert len({form for _, form in times}) == 2
    assert max(times.values()) == 1


async def test_a_viewer_who_does_not_read_holds_up_nobody_and_is_told_what_was_missed(
    tmp_path: Path,
) -> None:
    with house(tmp_path, {"gate": lambda: EndlessSource(scale=8)}) as built:
        async with socket_to(built, LIVE + LARGE) as stuck, socket_to(built, LIVE) as quick:
            await next_frame(stuck)
            for _ in range(25):
                await next_frame(quick)
            wait_for_frames(built, 25)
            held = [(await next_frame(stuck)).header for _ in range(15)]
    assert held[-1]["dropped"] > 0
    steps = [later["number"] - one["number"] for one, later in pairwise(held)]
    assert max(steps) > 3


async def test_frames_are_as_many_as_asked_for(tmp_path: Path) -> None:
    with house(tmp_path, {"gate": EndlessSource}) as built:
        async with socket_to(built, LIVE + "?fps=4") as socket:
            numbers = [(await next_frame(socket)).header["number"] for _ in range(4)]
            (shown,) = [await next_frame(socket)]
    steps = [later - one for one, later in pairwise(numbers)]
    assert min(steps) >= 3
    assert shown.header["dropped"] == 0


async def test_a_camera_that_is_off_says_so_and_goes_on_when_it_is_switched_on(
    tmp_path: Path,
) -> None:
    with house(tmp_path, {"gate": EndlessSource}) as built:
        wait_for_frames(built, 3)
        built.pipeline.set_enabled("gate", False)
        async with socket_to(built, LIVE) as socket:
            state = await socket.receive_json(timeout=5)
            assert (state["health"], state["enabled"]) == ("disabled", False)
            built.pipeline.set_enabled("gate", True)
            states = []
            while (message := await socket.receive(10)).type is aiohttp.WSMsgType.TEXT:
                states.append(message.json())
            assert Shown.of(message.data).header["camera"] == "gate"
    assert states[-1]["enabled"] is True


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/live/nowhere", 404, "camera_unknown"),
        ("/api/v1/live/..%2f", 404, "not_found"),
        ("/api/v1/cameras/nowhere/live.mjpeg", 404, "camera_unknown"),
        (LIVE + "?width=0", 400, "request_invalid"),
        (LIVE + "?width=99999", 400, "request_invalid"),
        (LIVE + "?quality=100", 400, "request_invalid"),
        (LIVE + "?fps=0", 400, "request_invalid"),
        (LIVE + "?fps=nan", 400, "request_invalid"),
        (LIVE + "?annotated=maybe", 400, "request_invalid"),
        (LIVE + "?token=secret", 400, "request_invalid"),
        (LIVE, 400, "bad_request"),
    ],
)
def test_what_cannot_be_shown_is_a_problem(
    tmp_path: Path, path: str, status: int, code: str
) -> None:
    with house(tmp_path, {"gate": EndlessSource}) as built:
        got, problem = ask_json(built.server, path, headers=VIEWER)
    assert (got, problem["code"]) == (status, code)


@pytest.mark.parametrize("path", [LIVE, "/api/v1/cameras/gate/live.mjpeg"])
def test_nobody_sees_anything(tmp_path: Path, path: str) -> None:
    with house(tmp_path, {"gate": EndlessSource}) as built:
        assert ask_json(built.server, path)[0] == 401
        assert ask_json(built.server, path, headers={"X-Who": "key:metrics"})[0] == 403


@pytest.mark.parametrize("talk", ["hello", b"\x00\xff"])
async def test_a_viewer_who_talks_is_sent_home(tmp_path: Path, talk: Any) -> None:
    with house(tmp_path, {"gate": EndlessSource}) as built:
        async with socket_to(built, LIVE) as socket:
            await (socket.send_str(talk) if isinstance(talk, str) else socket.send_bytes(talk))
            assert await close_code(socket) == 4400
        async with socket_to(built, LIVE) as socket:
            await next_frame(socket)


async def parts_of(content: aiohttp.StreamReader, count: int) -> list[bytes]:
    """The first pictures of an endless answer."""
    found = []
    assert await content.readline() == b"--frame\r\n"
    for _ in range(count):
        head = await content.readuntil(b"\r\n\r\n")
        assert b"Content-Type: image/jpeg" in head
        length = int(head.partition(b"Content-Length: ")[2].split()[0])
        found.append(await content.readexactly(length))
        assert await content.readexactly(11) == b"\r\n--frame\r\n"
    return found


@pytest.mark.parametrize("options", ["", "?width=64&annotated=true&fps=20"])
async def test_any_browser_shows_the_pictures_as_one_image(tmp_path: Path, options: str) -> None:
    with house(tmp_path, {"gate": EndlessSource}) as built:
        url = built.url("/api/v1/cameras/gate/live.mjpeg" + options)
        async with aiohttp.ClientSession() as session, session.get(url, headers=VIEWER) as answer:
            assert answer.headers["Content-Type"] == "multipart/x-mixed-replace; boundary=frame"
            parts = await asyncio.wait_for(parts_of(answer.content, 10), 10)
        numbers = [number_in(Shown({}, one).pixels) for one in parts]
        assert numbers == sorted(set(numbers))
        assert wait_for(lambda: not built.feed._viewers["gate"])


def test_a_stream_that_nobody_reads_ends_and_holds_up_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lpr_engine.api.live.motion_jpeg._STUCK_S", 0.3)
    path = "/api/v1/cameras/gate/live.mjpeg" + LARGE
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Who: viewer\r\n\r\n"
    sources = {"gate": lambda: EndlessSource(scale=8)}
    with house(tmp_path, sources) as built, sockets.socket() as client:
        client.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", built.server.port))
        client.sendall(head.encode())
        assert wait_for(lambda: bool(built.feed._viewers["gate"]))
        assert wait_for(lambda: not built.feed._viewers["gate"])
        wait_for_frames(built, 5)


async def test_the_end_of_the_engine_ends_what_is_watched_at_once(tmp_path: Path) -> None:
    with house(tmp_path, {"gate": lambda: EndlessSource(scale=8)}) as built:
        mjpeg = built.url("/api/v1/cameras/gate/live.mjpeg" + LARGE)
        async with (
            socket_to(built, LIVE) as polite,
            socket_to(built, LIVE + LARGE) as stuck,
            aiohttp.ClientSession() as session,
            session.get(mjpeg, headers=VIEWER) as unread,
        ):
            await next_frame(polite)
            await next_frame(stuck)
            stopping = asyncio.create_task(asyncio.to_thread(built.server.stop))
            assert await close_code(polite) == 1001
            await stopping
            with pytest.raises(aiohttp.ClientError):
                await unread.read()
        assert not built.server._thread.is_alive()
