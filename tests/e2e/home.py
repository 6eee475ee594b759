"""A real Home Assistant for a test: started, onboarded, given a broker, without a browser."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from pathlib import Path
from types import TracebackType
from typing import Any

import aiohttp

URL = "http://127.0.0.1:8123"
"""Its default port: a changed one is only taken on trial until somebody confirms it."""
_CLIENT_ID = "http://127.0.0.1:8123/"
_START_TIMEOUT_S = 240
_CONFIGURATION = """
http:
  server_host: 127.0.0.1
frontend:
automation: !include automations.yaml
logger:
  default: warning
"""

# The mounts are seen by this process alone and go with it.
_ENTER = """
mount --bind /proc "$1/proc"
mount --bind /dev "$1/dev"
exec chroot "$1" /venv/bin/hass -c /config
"""


class HomeAssistant:
    """One instance in its own small Debian, with a configuration folder made afresh."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._config = root / "config"
        self._process: asyncio.subprocess.Process | None = None
        self._session: aiohttp.ClientSession | None = None
        self.token = ""

    async def __aenter__(self) -> HomeAssistant:
        self._prepare()
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        self._process = await asyncio.create_subprocess_exec(
            "unshare",
            "--mount",
            "sh",
            "-ec",
            _ENTER,
            "sh",
            str(self._root),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        await self._wait_until_it_answers()
        await self._onboard()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session is not None:
            await self._session.close()
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                await asyncio.wait_for(self._process.wait(), 20)
            except asyncio.TimeoutError:
                os.killpg(self._process.pid, signal.SIGKILL)
                await self._process.wait()

    @property
    def log(self) -> str:
        """What Home Assistant complained of so far."""
        path = self._config / "home-assistant.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    async def get(self, path: str) -> Any:
        """An authorized GET of its API."""
        return await self._ask("GET", path)

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        """An authorized POST to its API."""
        return await self._ask("POST", path, json=body)

    async def state(self, entity_id: str) -> dict[str, Any] | None:
        """One entity's state object; None while there is no such entity."""
        states = await self.get("/api/states")
        return next((one for one in states if one["entity_id"] == entity_id), None)

    async def states(self, part: str) -> dict[str, dict[str, Any]]:
        """The state objects of all entities whose id holds `part`."""
        states = await self.get("/api/states")
        return {one["entity_id"]: one for one in states if part in one["entity_id"]}

    async def add_mqtt(self, port: int) -> None:
        """Set up its MQTT integration as a person would in the dialog."""
        flow = await self.post("/api/config/config_entries/flow", {"handler": "mqtt"})
        step = await self.post(
            f"/api/config/config_entries/flow/{flow['flow_id']}",
            {
                "broker": "127.0.0.1",
                "port": port,
                "protocol": "5",
                "other_settings": {
                    "set_client_cert": False,
                    "set_ca_cert": "off",
                    "transport": "tcp",
                },
            },
        )
        assert step["type"] == "create_entry", step

    def _prepare(self) -> None:
        if self._config.exists():
            shutil.rmtree(self._config)
        self._config.mkdir(parents=True)
        (self._config / "configuration.yaml").write_text(_CONFIGURATION, encoding="utf-8")
        (self._config / "automations.yaml").write_text("[]\n", encoding="utf-8")

    async def _wait_until_it_answers(self) -> None:
        assert self._session is not None
        for _ in range(_START_TIMEOUT_S):
            assert self._process is not None
            assert self._process.returncode is None, f"Home Assistant ended: {self.log}"
            try:
                async with self._session.get(f"{URL}/api/onboarding") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(1)
        raise AssertionError(f"Home Assistant did not start: {self.log}")

    async def _onboard(self) -> None:
        person = {
            "client_id": _CLIENT_ID,
            "name": "Owner",
            "username": "owner",
            "password": "only-for-this-test",
            "language": "en",
        }
        code = (await self._ask("POST", "/api/onboarding/users", json=person))["auth_code"]
        form = {"grant_type": "authorization_code", "code": code, "client_id": _CLIENT_ID}
        self.token = (await self._ask("POST", "/auth/token", data=form))["access_token"]
        await self.post("/api/onboarding/core_config", {})
        await self.post("/api/onboarding/analytics", {})

    async def _ask(self, method: str, path: str, **content: Any) -> Any:
        assert self._session is not None
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self._session.request(method, URL + path, headers=headers, **content) as answer:
            assert answer.status < 400, f"{path}: {answer.status} {await answer.text()}"
            return await answer.json()
