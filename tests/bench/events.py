"""Many subscribers of the events WebSocket on loopback: `python -m tests.bench.events`.

One process keeps passages in a real store and tells of them through the real server; another one
holds all subscribers. Both read the same monotonic clock. A delay runs from the moment at which a
passage is committed to the moment at which a subscriber has the message. This is no test and is
never run by one; docs/benchmark.md has its table.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import aiohttp
import psutil
import uuid6
from aiohttp import web
from rich.console import Console
from rich.table import Table

from lpr_engine.api.camera_desk import CameraDesk
from lpr_engine.api.events.board import StateBoard
from lpr_engine.api.events.hub import EventHub
from lpr_engine.api.events.routes import EventRoutes
from lpr_engine.api.events.stream import EventStream
from lpr_engine.api.metrics import Metrics
from lpr_engine.api.passages import PassageRoutes
from lpr_engine.api.server import ApiServer
from lpr_engine.api.table import RouteTable
from lpr_engine.config.sections import ApiSection, StorageSection
from lpr_engine.health.stages import percentile
from lpr_engine.model.access import Principal, PrincipalKind, Scope
from lpr_engine.model.clock import SystemClock
from lpr_engine.model.figures import EngineFigures, HostFigures
from lpr_engine.store.store import PassageStore
from tests.lpr_engine.store.conftest import make_passage, make_update

_NAME = "X-Name"


class OpenEntrance:
    """Lets everybody in by the name they give, since seats are counted by name."""

    async def principal(self, request: web.Request) -> Principal | None:
        name = request.headers.get(_NAME, "nobody")
        return Principal(name, PrincipalKind.KEY, frozenset({Scope.READ}))


def main() -> None:
    """Measure each number of subscribers and print a table."""
    options = _options()
    if options.subscribe:
        asyncio.run(_subscribe(options.subscribe, options.subscribers[0], options.expect))
        return
    console = Console(highlight=False, width=120)
    table = Table(
        "subscribers", "messages", "p50 ms", "p95 ms", "p99 ms", "most ms", "engine's cores",
        box=None, title=f"{options.rate:.0f} passages a second for {options.seconds:.0f} s",
    )  # fmt: skip
    for count in options.subscribers:
        delays, cores = _measure(count, options.rate, options.seconds)
        shown = (percentile(delays, 50), percentile(delays, 95), percentile(delays, 99), delays[-1])
        table.add_row(
            str(count), str(len(delays)), *(f"{one:.1f}" for one in shown), f"{cores:.2f}"
        )
    console.print(table)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, nargs="+", default=[50, 100, 200])
    parser.add_argument("--rate", type=float, default=50.0, help="passages a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--subscribe", metavar="URL", help=argparse.SUPPRESS)
    parser.add_argument("--expect", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _measure(subscribers: int, rate: float, seconds: float) -> tuple[list[float], float]:
    """All delays in milliseconds, ascending, and how many cores the engine's process took."""
    count = int(rate * seconds)
    with tempfile.TemporaryDirectory(prefix="lpr-bench-") as folder, _engine(Path(folder)) as parts:
        store, hub, server = parts
        command = [sys.executable, "-m", "tests.bench.events", "--subscribe",
                   f"http://127.0.0.1:{server.port}/api/v1/events", "--subscribers",
                   str(subscribers), "--expect", str(count)]  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as audience:
            assert audience.stdout is not None
            assert audience.stdout.readline() == "ready\n"
            before, began_s = psutil.Process().cpu_times(), time.monotonic()
            committed = dict(_drive_by(store, hub, count, rate))
            elapsed_s, after = time.monotonic() - began_s, psutil.Process().cpu_times()
            heard = json.loads(audience.stdout.read())
    delays = sorted((at - committed[int(number)]) * 1000 for number, at in heard)
    assert len(delays) == subscribers * count, f"{len(delays)} of {subscribers * count} arrived"
    return delays, (after.user + after.system - before.user - before.system) / elapsed_s


def _drive_by(
    store: PassageStore, hub: EventHub, count: int, rate: float
) -> Iterator[tuple[int, float]]:
    """Keep passages at that rate; yields each one's number and when it was committed."""
    update, began_s = make_update(), time.monotonic()
    for number in range(count):
        time.sleep(max(0.0, began_s + number / rate - time.monotonic()))
        now = datetime.now(timezone.utc)
        passage = make_passage(str(uuid6.uuid7()), text=f"AB{number:05}", seen=now)
        kept = store.commit(replace(update, passage=passage))
        committed_s = time.monotonic()
        hub.passage_committed(kept)
        yield kept.sequence, committed_s


@contextmanager
def _engine(folder: Path) -> Iterator[tuple[PassageStore, EventHub, ApiServer]]:
    figures = EngineFigures(datetime.now(timezone.utc), 1.0, HostFigures(1, 1, 1, 1), 0)
    clock = SystemClock()
    with PassageStore(StorageSection(directory=folder / "data")) as store:
        hub = EventHub(store.journal, clock)
        board = StateBoard("bench", CameraDesk({}, lambda: figures), hub)
        events = EventRoutes(EventStream("bench", "0", hub, board, clock))
        table = RouteTable([events, PassageRoutes(store.search, folder)])
        section = ApiSection(port=0, sockets=4096, connections=8192, requests_per_second=1e5)
        server = ApiServer(
            section, table, OpenEntrance(), Metrics(), (hub.lifespan, board.lifespan)
        )
        server.start()
        try:
            yield store, hub, server
        finally:
            server.stop()


async def _subscribe(url: str, subscribers: int, expected: int) -> None:
    """Hold that many sockets; print when each message came, once all have come."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        sockets = [await _open(session, url, number) for number in range(subscribers)]
        _say("ready")
        heard = await asyncio.gather(*(_listen(socket, expected) for socket in sockets))
        _say(json.dumps([one for each in heard for one in each]))


async def _open(
    session: aiohttp.ClientSession, url: str, number: int
) -> aiohttp.ClientWebSocketResponse:
    socket = await session.ws_connect(url, headers={_NAME: str(number // 16)})
    await socket.send_json({"subscribe": {"kinds": ["passage"]}})
    while (await socket.receive_json())["type"] != "live":
        pass
    return socket


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def _listen(
    socket: aiohttp.ClientWebSocketResponse, expected: int
) -> Sequence[tuple[int, float]]:
    heard: list[tuple[str, float]] = []
    while len(heard) < expected:
        message = await socket.receive()
        if message.type is not aiohttp.WSMsgType.TEXT:
            break
        if '"type":"passage"' in message.data[:20]:
            heard.append((message.data, time.monotonic()))
    await socket.close()
    return [(json.loads(text)["passage"]["sequence"], at_s) for text, at_s in heard]


if __name__ == "__main__":
    main()
