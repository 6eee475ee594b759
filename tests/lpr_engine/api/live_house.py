"""A door over a real pipeline of scripted cameras whose frames say which they are."""

from __future__ import annotations

import asyncio
import json
import struct
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import aiohttp
import cv2
import numpy as np

from lpr_engine.api.camera_desk import CameraDesk
from lpr_engine.api.cameras import CameraRoutes
from lpr_engine.api.events.board import StateBoard
from lpr_engine.api.events.hub import EventHub
from lpr_engine.api.events.routes import EventRoutes
from lpr_engine.api.events.stream import EventStream
from lpr_engine.api.health import HealthRoutes
from lpr_engine.api.live.feed import LiveFeed
from lpr_engine.api.live.routes import LiveRoutes
from lpr_engine.api.metrics import Metrics
from lpr_engine.api.passages import PassageRoutes
from lpr_engine.api.server import ApiServer
from lpr_engine.api.table import RouteTable
from lpr_engine.app.switchboard import Switchboard
from lpr_engine.config.sections import ApiSection, CameraSection, StorageSection
from lpr_engine.model.clock import SystemClock
from lpr_engine.model.figures import CameraFigures, EngineFigures, HostFigures
from lpr_engine.model.frame import Frame
from lpr_engine.model.geometry import Box
from lpr_engine.model.live import Followed, LiveFrame, PictureForm
from lpr_engine.model.observation import Detection, Observation
from lpr_engine.model.passage import Direction, PassageUpdate
from lpr_engine.model.pixels import Pixels
from lpr_engine.pipeline.pipeline import Pipeline, Rooms
from lpr_engine.store.store import PassageStore
from lpr_engine.vision.live_picture import JpegPainter
from tests.lpr_engine.api.serving import WHO, ScriptedEntrance
from tests.lpr_engine.pipeline.scripted import (
    NoRules,
    OnePlateEach,
    ScriptedSource,
    SilentMeter,
)

WIDTH, HEIGHT = 128, 72
_BIT = 16
START = datetime(2026, 1, 1, tzinfo=timezone.utc)
VIEWER = {WHO: "viewer"}
OPERATOR = {WHO: "operator"}


def numbered(camera: str, number: int, scale: int = 1) -> Frame:
    """A frame whose lowest rows are its number's bits, black and white, in squares."""
    pixels = np.full((HEIGHT * scale, WIDTH * scale, 3), 60, np.uint8)
    if scale > 1:
        # What hardly compresses fills the buffers between here and a viewer.
        pixels[:] = np.random.default_rng(number).integers(0, 255, pixels.shape, np.uint8)
    for bit in range(8):
        square = slice(bit * _BIT * scale, (bit + 1) * _BIT * scale)
        pixels[-_BIT * scale :, square] = 255 * (number >> bit & 1)
    taken_at = START + timedelta(milliseconds=40 * number)
    return Frame(camera, pixels, taken_at, number / 25, number)


def number_in(pixels: Pixels) -> int:
    """The number that a frame's pixels say, at any size and after any compression."""
    height, width = pixels.shape[:2]
    middle = height - round(height * _BIT / HEIGHT / 2)
    columns = [round((bit + 0.5) * width / 8) for bit in range(8)]
    return sum((int(pixels[middle, x].mean()) > 127) << bit for bit, x in enumerate(columns))


def box_of(number: int) -> Box:
    """Where the one plate of that frame is, in 0..1."""
    left = number % 64
    return Box(left, 10, left + 30, 20).scaled(1 / WIDTH, 1 / HEIGHT)


class NumberSight(OnePlateEach):
    """Sees a plate at a place that the pixels' number says, and nowhere else."""

    def detect(self, pictures: Sequence[Pixels]) -> list[list[Detection]]:
        return [
            [Detection(box_of(number_in(one)).scaled(one.shape[1], one.shape[0]), 0.9)]
            for one in pictures
        ]


class NumberTracker:
    """Follows the plate of each frame; tells of nothing."""

    def __init__(self) -> None:
        self._view: tuple[Followed, ...] = ()

    def update(self, seen: Frame, observations: Sequence[Observation]) -> list[PassageUpdate]:
        self._view = tuple(
            Followed(
                seen.number,
                one.detection.box.scaled(1 / seen.width, 1 / seen.height),
                f"N{seen.number}",
                0.9,
                None,
                Direction.UNKNOWN,
                None,
            )
            for one in observations
        )
        return []

    def skip(self, seen: Frame) -> list[PassageUpdate]:
        return []

    def finish(self) -> list[PassageUpdate]:
        return []

    def in_view(self) -> tuple[Followed, ...]:
        return self._view


@dataclass
class CountingPainter:
    """The real painter, and what it was asked for."""

    painted: list[tuple[int, PictureForm]] = field(default_factory=list)
    painter: JpegPainter = field(default_factory=JpegPainter)

    def jpeg(self, shown: LiveFrame, form: PictureForm) -> bytes:
        self.painted.append((shown.frame.number, form))
        return self.painter.jpeg(shown, form)


SourceMaker = Callable[[], ScriptedSource]


class House:
    """Everything behind the door, at hand."""

    def __init__(
        self, folder: Path, sources: Mapping[str, SourceMaker], section: ApiSection | None = None
    ) -> None:
        self.sources = dict(sources)
        self.clock = SystemClock()
        self.store = PassageStore(StorageSection(directory=folder / "data")).open()
        rooms = Rooms(
            open_source=lambda camera: self.sources[camera.id](),
            sight=NumberSight(),
            meter=SilentMeter(),
            tracker_for=lambda _: NumberTracker(),
            rules=NoRules(),
            archive=self.store,
        )
        cameras = [CameraSection(id=name, source="rtsp://u:secret@host/") for name in sources]
        self.pipeline = Pipeline(cameras, rooms, min_confidence=0.5)
        self.painter = CountingPainter()
        self.feed = LiveFeed(self.painter)
        self.hub = EventHub(self.store.journal, self.clock)
        self.problems: tuple[str, ...] = ()
        desk = CameraDesk({"gate": "Gate"}, self.figures)
        board = StateBoard("test", desk, self.hub)
        stream = EventStream("test", "1.2.3", self.hub, board, self.clock)
        commands = Switchboard(self.pipeline, self.store)
        table = RouteTable(
            [
                HealthRoutes("test", "1.2.3", self.figures, Metrics()),
                PassageRoutes(self.store.search, folder / "data" / "media"),
                CameraRoutes(desk, self.store.search, commands, self.feed),
                LiveRoutes(desk, self.feed),
                EventRoutes(stream),
            ]
        )
        section = section or ApiSection(port=0, requests_per_second=1000)
        lifespans = (self.hub.lifespan, board.lifespan)
        self.server = ApiServer(section, table, ScriptedEntrance(), Metrics(), lifespans)
        self.pipeline.watch(self.feed)
        self.pipeline.listen(self.hub)

    def figures(self) -> EngineFigures:
        cameras = tuple(
            CameraFigures(
                name,
                feed.health,
                25.0,
                self.pipeline.drops(name),
                feed.decoded,
                0,
                feed.reconnects,
                feed.last_error,
                feed.last_frame_at,
                feed.enabled,
                self.pipeline.confidence(name),
            )
            for name, feed in self.pipeline.feeds.items()
        )
        host = HostFigures(1, 1, 1, 1)
        return EngineFigures(START, 1.0, host, 0, cameras, problems=self.problems)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.port}{path}"

    def close(self) -> None:
        self.pipeline.stop()
        if self.server._thread.is_alive():
            self.server.stop()
        self.feed.close()
        self.store.close()


@contextmanager
def house(
    folder: Path,
    sources: Mapping[str, SourceMaker] | None = None,
    section: ApiSection | None = None,
) -> Iterator[House]:
    """A running house."""
    built = House(folder, sources or {}, section)
    built.server.start()
    built.pipeline.start()
    try:
        yield built
    finally:
        built.close()


class EndlessSource(ScriptedSource):
    """Frame after frame, until it is closed."""

    def __init__(self, camera: str = "gate", pause_s: float = 0.02, scale: int = 1) -> None:
        super().__init__([], pause_s=pause_s)
        self._camera, self._scale = camera, scale
        self.shown = threading.Event()

    def frames(self) -> Iterator[Frame]:
        number = 0
        while not self._closed.wait(self._pause_s):
            yield numbered(self._camera, number, self._scale)
            self.shown.set()
            number = (number + 1) % 256


@dataclass(frozen=True)
class Shown:
    """One binary message, taken apart."""

    header: dict[str, Any]
    jpeg: bytes

    @classmethod
    def of(cls, message: bytes) -> Shown:
        (length,) = struct.unpack_from(">I", message)
        return cls(json.loads(message[4 : 4 + length]), message[4 + length :])

    @property
    def pixels(self) -> Pixels:
        return cv2.imdecode(np.frombuffer(self.jpeg, np.uint8), cv2.IMREAD_COLOR)


@asynccontextmanager
async def socket_to(
    built: House, path: str, headers: Mapping[str, str] = VIEWER, **options: Any
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A WebSocket as somebody, closed at the end."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(built.url(path), headers=headers, **options) as socket,
    ):
        yield socket


async def next_frame(socket: aiohttp.ClientWebSocketResponse, within_s: float = 10.0) -> Shown:
    """The next binary message."""
    while True:
        message = await asyncio.wait_for(socket.receive(), within_s)
        assert message.type in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}, message
        if message.type is aiohttp.WSMsgType.BINARY:
            return Shown.of(message.data)


async def close_code(socket: aiohttp.ClientWebSocketResponse, within_s: float = 10.0) -> int | None:
    """The code that the server closes with, after all that it sends before.

    The client's own idea of it is another one when its answer no longer finds the server.
    """
    while not socket.closed:
        message = await asyncio.wait_for(socket.receive(), within_s)
        if message.type is aiohttp.WSMsgType.CLOSE:
            return int(message.data)
    return socket.close_code
