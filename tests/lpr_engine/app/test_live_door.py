"""A whole engine and somebody who watches it: live boxes, and no passage missed over its end."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from lpr_engine.api.passages import PASSAGE_ID
from lpr_engine.app.engine import Engine
from lpr_engine.app.sample import sample_configuration
from lpr_engine.model.access import Scope
from tests.lpr_engine.api.live_house import OPERATOR, VIEWER, Shown, close_code
from tests.lpr_engine.api.serving import ScriptedEntrance
from tests.lpr_engine.api.whole_door import keep_example

_PATIENCE_S = 120.0
SCOPES = {"admin": frozenset(Scope), "reader": frozenset({Scope.READ})}


async def test_what_the_end_of_the_engine_cut_off_comes_after_its_start(tmp_path: Path) -> None:
    plain = sample_configuration(tmp_path / "data", port=0)
    # Every frame is looked at, however slow the machine is.
    patient = tuple(dataclasses.replace(camera, realtime=False) for camera in plain.cameras)
    configuration = dataclasses.replace(plain, cameras=patient)
    engine = Engine(configuration, entrance=ScriptedEntrance())
    await asyncio.to_thread(engine.start)
    try:
        seen, told = await asyncio.gather(first_plate(engine), events(engine, 0, is_passage))
    finally:
        await asyncio.to_thread(engine.stop)
    plate = seen["detections"][0]
    assert plate["reading"]["text"]
    (track,) = [one for one in seen["tracks"] if one["track"] == plate["track"]]
    assert track["box"] == plate["box"]
    preview = told[-1]["passage"]
    assert preview["stage"] == "preview"

    again = Engine(dataclasses.replace(configuration, cameras=()), entrance=ScriptedEntrance())
    await asyncio.to_thread(again.start)
    try:
        told = await events(again, preview["sequence"], lambda one: one["type"] == "live")
    finally:
        await asyncio.to_thread(again.stop)
    finals = [one["passage"] for one in told if is_passage(one)]
    assert [one["stage"] for one in finals if one["id"] == preview["id"]] == ["final"]
    assert all(one["redelivered"] and one["late"] for one in finals)


async def test_a_key_opens_the_socket_until_it_is_removed(tmp_path: Path) -> None:
    configuration = sample_configuration(tmp_path / "data", port=0)
    engine = Engine(dataclasses.replace(configuration, cameras=()))
    await asyncio.to_thread(engine.start)
    try:
        keys = {name: engine.issue_key(name, scopes) for name, scopes in SCOPES.items()}
        admin = aiohttp.ClientSession(engine.api_url, headers=bearer(keys["admin"]))
        reader = aiohttp.ClientSession(engine.api_url, headers=bearer(keys["reader"]))
        async with admin, reader, reader.ws_connect("/api/v1/events") as socket:
            await socket.send_json({"subscribe": {}})
            assert (await socket.receive_json(timeout=10))["type"] == "hello"
            async with admin.get("/api/v1/keys") as answer:
                found = (await answer.json())["items"]
            (key,) = [one["id"] for one in found if one["name"] == "reader"]
            async with admin.delete(f"/api/v1/keys/{key}") as answer:
                assert answer.status < 300
            assert await close_code(socket) == 4401
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await reader.ws_connect("/api/v1/events")
    finally:
        await asyncio.to_thread(engine.stop)


async def test_what_people_do_to_passages_is_heard_at_once(tmp_path: Path) -> None:
    configuration = sample_configuration(tmp_path / "data", port=0)
    engine = Engine(dataclasses.replace(configuration, cameras=()), entrance=ScriptedEntrance())
    await asyncio.to_thread(engine.start)
    try:
        keep_example(engine)
        path = f"/api/v1/passages/{PASSAGE_ID.example}"
        async with (
            aiohttp.ClientSession(engine.api_url, headers=OPERATOR) as session,
            session.ws_connect("/api/v1/events") as socket,
        ):
            await socket.send_json({"subscribe": {"kinds": ["passage"]}})
            while (await socket.receive_json(timeout=10))["type"] != "live":
                pass
            async with session.put(path + "/correction", json={"text": "LS15EBC"}) as answer:
                assert answer.status == 200
            corrected = (await socket.receive_json(timeout=10))["passage"]
            async with session.delete(path) as answer:
                assert answer.status < 300
            removed = await socket.receive_json(timeout=10)
    finally:
        await asyncio.to_thread(engine.stop)
    assert (corrected["text"], corrected["late"]) == ("LS15EBC", True)
    assert removed == {"type": "removed", "id": PASSAGE_ID.example, "camera": "still"}


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def is_passage(message: dict[str, Any]) -> bool:
    return bool(message["type"] == "passage")


async def first_plate(engine: Engine) -> dict[str, Any]:
    """The header of the first frame with a plate that is followed."""
    url = f"{engine.api_url}/api/v1/live/street?width=64"
    async with (
        aiohttp.ClientSession(headers=VIEWER) as session,
        session.ws_connect(url) as socket,
    ):
        while True:
            message = await asyncio.wait_for(socket.receive(), _PATIENCE_S)
            if message.type is aiohttp.WSMsgType.BINARY:
                header = Shown.of(message.data).header
                if any(one["track"] is not None for one in header["detections"][:1]):
                    return header


async def events(engine: Engine, after: int, wanted: Any) -> list[dict[str, Any]]:
    """What is told up to what is wanted."""
    async with (
        aiohttp.ClientSession(headers=VIEWER) as session,
        session.ws_connect(f"{engine.api_url}/api/v1/events") as socket,
    ):
        await socket.send_json({"subscribe": {"kinds": ["passage"]}, "resume_after": after})
        told: list[dict[str, Any]] = []
        while not (told and wanted(told[-1])):
            message = await asyncio.wait_for(socket.receive(), _PATIENCE_S)
            assert message.type is aiohttp.WSMsgType.TEXT, message
            told.append(json.loads(message.data))
        return told
