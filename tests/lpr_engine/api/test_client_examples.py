"""The clients that docs/api.md shows, run as they stand there."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lpr_engine.api.events.listening import keep
from tests.lpr_engine.api.live_house import EndlessSource, House, house, number_in
from tests.lpr_engine.api.test_cameras import decoded
from tests.lpr_engine.pipeline.scripted import wait_for

PAGE = Path(__file__).parents[3] / "docs" / "api.md"
NODE = shutil.which("node")
# Browsers show their session's cookie, which Node has none of.
AS_VIEWER = """
const Plain = globalThis.WebSocket;
globalThis.WebSocket = class extends Plain {
  constructor(url) { super(url, { headers: { "X-Who": "viewer" } }); }
};
"""


def example(language: str, word: str) -> str:
    """The one block of that language that holds a word."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    (found,) = [block for block in blocks if word in block]
    return str(found)


def start(command: list[str], folder: Path, built: House) -> subprocess.Popen[str]:
    environment = {**os.environ, "LPR_URL": built.url(""), "LPR_KEY": "viewer"}
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True)


def node(folder: Path, script: str) -> list[str]:
    if NODE is None:
        pytest.skip("there is no Node here")
    file = folder / "client.mjs"
    file.write_text(AS_VIEWER + script)
    done = subprocess.run(
        [NODE, "--version"], capture_output=True, text=True, check=True, timeout=60
    )
    major, minor = (int(part) for part in done.stdout.removeprefix("v").split(".")[:2])
    if (major, minor) < (20, 10):
        pytest.skip("this Node has no WebSocket")
    flags = ["--no-warnings", "--experimental-websocket"] if major < 22 else ["--no-warnings"]
    return [NODE, *flags, str(file)]


def test_python_client_of_live_pictures(tmp_path: Path) -> None:
    (tmp_path / "live.py").write_text(example("python", "live.jpg"))
    command = [sys.executable, "live.py", "gate"]
    sources = {"gate": EndlessSource}
    with house(tmp_path, sources) as built, start(command, tmp_path, built) as client:
        told, _ = client.communicate(timeout=60)
    assert client.returncode == 0
    number = int(told.split()[0])
    assert number_in(decoded((tmp_path / "live.jpg").read_bytes())) == number


def test_python_client_of_events_goes_on_after_a_restart(tmp_path: Path) -> None:
    (tmp_path / "events.py").write_text(example("python", "events.py"))
    with house(tmp_path) as built:
        keep(built, "AA1")
        with start([sys.executable, "events.py"], tmp_path, built) as client:
            try:
                assert client.stdout is not None
                assert wait_for(lambda: built.hub.watched)
                keep(built, "BB2")
                assert client.stdout.readline() == "preview BB2 gate\n"
                asyncio.run_coroutine_threadsafe(drop_all(built), built.server._loop).result(10)
                keep(built, "CC3")
                assert client.stdout.readline() == "preview CC3 gate\n"
            finally:
                client.kill()


async def drop_all(built: House) -> None:
    """Break every connection, as a network does."""
    server = built.server._runner.server
    for connection in server.connections:
        connection.transport.abort()


def test_javascript_client_of_live_pictures(tmp_path: Path) -> None:
    script = (
        example("js", "export function watch").replace("export ", "")
        + """
const socket = watch(process.env.LPR_URL.replace("http", "ws") + "/api/v1/live/gate?width=64",
  async (header, jpeg) => {
    socket.close();
    console.log(JSON.stringify({ header, type: jpeg.type, size: jpeg.size }));
    process.exit(0);
  });
"""
    )
    command, sources = node(tmp_path, script), {"gate": EndlessSource}
    with house(tmp_path, sources) as built, start(command, tmp_path, built) as client:
        told = json.loads(client.communicate(timeout=60)[0])
    assert (told["header"]["camera"], told["type"]) == ("gate", "image/jpeg")
    assert told["size"] > 100


def test_javascript_client_of_events_goes_on_after_a_break(tmp_path: Path) -> None:
    script = (
        example("js", "export function listen").replace("export ", "")
        + """
listen(process.env.LPR_URL.replace("http", "ws") + "/api/v1/events",
  (passage) => console.log(passage.text));
"""
    )
    with house(tmp_path) as built, start(node(tmp_path, script), tmp_path, built) as client:
        try:
            assert client.stdout is not None
            assert wait_for(lambda: built.hub.watched)
            keep(built, "BB2")
            assert client.stdout.readline() == "BB2\n"
            asyncio.run_coroutine_threadsafe(drop_all(built), built.server._loop).result(10)
            keep(built, "CC3")
            assert client.stdout.readline() == "CC3\n"
        finally:
            client.kill()
