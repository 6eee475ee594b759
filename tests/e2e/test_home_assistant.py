"""A real Home Assistant beside a real engine: the entities are there, with the right states."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.engine_process import (
    SAMPLE_CLIP,
    Broker,
    EngineProcess,
    Listener,
    free_port,
)
from tests.e2e.home import HomeAssistant

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(1500),
]

_ENGINE_TIMEOUT_S = 180.0


def port_is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
async def home(home_root: Path, broker: Broker) -> AsyncIterator[HomeAssistant]:
    if port_is_taken(8123):
        pytest.skip("another Home Assistant runs here already, on port 8123")
    async with HomeAssistant(home_root) as home:
        await home.add_mqtt(broker.port)
        yield home


def write_config(folder: Path, port: int, cameras: list[str]) -> Path:
    """The bundled clip as `street`; any further camera is a folder without pictures."""
    content = {
        "engine": {"id": "site", "name": "Test site", "log_level": "warning"},
        "mqtt": {"host": "127.0.0.1", "port": port},
        "cameras": [
            {
                "id": name,
                "name": name.title(),
                "source": str(SAMPLE_CLIP),
                "enabled": name == "street",
            }
            for name in cameras
        ],
        "storage": {"directory": str(folder / "data")},
        "api": {"port": free_port()},
    }
    path = folder / "engine.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


async def wait_until(condition: Any, what: str) -> Any:
    deadline_s = time.monotonic() + _ENGINE_TIMEOUT_S
    while time.monotonic() < deadline_s:
        if result := await condition():
            return result
        await asyncio.sleep(0.5)
    raise AssertionError(f"never happened: {what}")


async def test_entities_appear_with_the_right_states_and_leave_with_their_camera(
    home: HomeAssistant,
    broker: Broker,
    listener: Listener,
    engine: EngineProcess,
    tmp_path: Path,
) -> None:
    write_config(tmp_path, broker.port, ["street", "yard"])
    engine.start()
    expected = json.loads(SAMPLE_CLIP.with_suffix(".json").read_text(encoding="utf-8"))
    passages = len(expected["plates"])

    async def all_passed() -> bool:
        assert engine.running, engine.log
        finals = [m for m in listener.messages("lpr/site/passage") if m["stage"] == "final"]
        return len(finals) >= passages

    await wait_until(all_passed, f"{passages} finals\n{engine.log}")
    last = [m for m in listener.messages("lpr/site/passage") if m["stage"] == "final"][-1]

    async def last_plate_shown() -> bool:
        state = await find(home, "street", "sensor", "last_plate")
        return state is not None and state["state"] == last["text"]

    await wait_until(last_plate_shown, f"last plate {last['text']}\n{await home.states('street')}")
    await check_street(home, last, passages)
    await check_switch(home, listener)

    engine.terminate()
    await wait_until(lambda: all_unavailable(home, "street"), "entities unavailable after the stop")
    write_config(tmp_path, broker.port, ["street"])
    engine.start()

    async def yard_is_gone() -> bool:
        return not await home.states("yard")

    await wait_until(yard_is_gone, "the removed camera's entities are gone")
    assert await home.states("street")
    engine.terminate()
    assert "lpr/site" not in home.log, home.log


async def find(home: HomeAssistant, camera: str, domain: str, part: str) -> dict[str, Any] | None:
    states = await home.states(camera)
    found = [
        state
        for entity, state in states.items()
        if entity.startswith(f"{domain}.") and entity.endswith(part)
    ]
    assert len(found) <= 1, found
    return found[0] if found else None


async def all_unavailable(home: HomeAssistant, camera: str) -> bool:
    states = (await home.states(camera)).values()
    return bool(states) and all(
        one["state"] == "unavailable" for one in states if not one["entity_id"].startswith("event.")
    )


async def check_street(home: HomeAssistant, last: dict[str, Any], passages: int) -> None:
    today = await find(home, "street", "sensor", "passages_today")
    assert today is not None
    assert int(float(today["state"])) == passages
    event = await find(home, "street", "event", "plate")
    assert event is not None
    assert event["attributes"]["event_type"] == "final"
    assert event["attributes"]["text"] == last["text"]
    assert event["attributes"]["id"] == last["id"]
    for domain, part in (
        ("image", "crop"),
        ("switch", "enabled"),
        ("number", "confidence"),
        ("button", "snapshot"),
    ):
        state = await find(home, "street", domain, part)
        assert state is not None, f"{domain} {part} in {list(await home.states('street'))}"
        assert state["state"] != "unavailable", state
    for key in ("cpu", "memory", "outbox"):
        state = await find(home, "lpr_site", "sensor", f"lpr_site_{key}")
        assert state is not None, f"{key} in {list(await home.states('lpr_site'))}"
        assert float(state["state"]) >= 0, state


async def check_switch(home: HomeAssistant, listener: Listener) -> None:
    switch = await find(home, "street", "switch", "enabled")
    assert switch is not None
    await home.post("/api/services/switch/turn_off", {"entity_id": switch["entity_id"]})

    async def is_off() -> bool:
        body = listener.last("lpr/site/camera/street/state")
        return body is not None and json.loads(body)["enabled"] is False

    await wait_until(is_off, "the camera is switched off from Home Assistant")
