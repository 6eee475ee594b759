"""The part of the door that shows what goes on: cameras, live pictures, events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from aiohttp import web

from lpr_engine import __version__
from lpr_engine.api.camera_desk import CameraDesk
from lpr_engine.api.cameras import CameraRoutes
from lpr_engine.api.events.board import StateBoard
from lpr_engine.api.events.hub import EventHub
from lpr_engine.api.events.routes import EventRoutes
from lpr_engine.api.events.stream import EventStream
from lpr_engine.api.live.feed import LiveFeed
from lpr_engine.api.live.routes import LiveRoutes
from lpr_engine.api.route import RouteGroup
from lpr_engine.api.server import Lifespan
from lpr_engine.config.sections import Configuration
from lpr_engine.model.clock import Clock
from lpr_engine.model.figures import EngineFigures
from lpr_engine.model.ports import CommandHandler
from lpr_engine.store.store import PassageStore
from lpr_engine.vision.live_picture import JpegPainter


class LiveDoor:
    """Groups of routes, and the ears by which they hear: `feed` of frames, `hub` of passages."""

    def __init__(
        self,
        config: Configuration,
        store: PassageStore,
        figures: Callable[[], EngineFigures],
        commands: CommandHandler,
        clock: Clock,
    ) -> None:
        desk = CameraDesk({camera.id: camera.name for camera in config.cameras}, figures)
        self.feed = LiveFeed(JpegPainter())
        self.hub = EventHub(store.journal, clock)
        board = StateBoard(config.engine.id, desk, self.hub)
        stream = EventStream(config.engine.id, __version__, self.hub, board, clock)
        self.groups: tuple[RouteGroup, ...] = (
            CameraRoutes(desk, store.search, commands, self.feed),
            LiveRoutes(desk, self.feed),
            EventRoutes(stream),
        )
        self.lifespans: tuple[Lifespan, ...] = (
            self.hub.lifespan,
            board.lifespan,
            self._feed_lifespan,
        )

    async def _feed_lifespan(self, _app: web.Application) -> AsyncIterator[None]:
        yield
        self.feed.close()
