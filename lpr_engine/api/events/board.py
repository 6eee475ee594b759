"""How cameras and engine are, told to subscribers when it changes and now and then anyway."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

from aiohttp import web

from lpr_engine.api.camera_desk import CameraDesk
from lpr_engine.api.events.event import Notice, camera_notice, health_notice
from lpr_engine.api.events.hub import EventHub
from lpr_engine.api.winding_up import wind_up
from lpr_engine.model.figures import CameraFigures
from lpr_engine.model.figures_contract import health_to_json

_LOOK_EVERY_S = 1.0
_SILENT_S = 20.0
_ALL_EVERY_S = 30.0


class StateBoard:
    """Looks at the figures once a second while anybody listens; counters alone are no news."""

    def __init__(self, engine: str, desk: CameraDesk, hub: EventHub) -> None:
        self._engine = engine
        self._desk = desk
        self._hub = hub
        self._settled: dict[str, CameraFigures] = {}
        self._told: tuple[tuple[str, ...], ...] | None = None
        self._all_at_s = float("-inf")

    async def lifespan(self, _app: web.Application) -> AsyncIterator[None]:
        """Look for as long as the server runs."""
        looking = asyncio.create_task(self._look())
        yield
        await wind_up(looking)

    def all(self) -> Iterator[Notice]:
        """How everything is now."""
        figures = self._desk.figures()
        for camera in figures.cameras:
            yield camera_notice(camera.camera, self._desk.state_to_json(camera))
        yield health_notice(health_to_json(self._engine, figures))

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            if self._hub.watched:
                self._tell_news(asyncio.get_running_loop().time())
                self._hub.beat(_SILENT_S)

    def _tell_news(self, now_s: float) -> None:
        figures = self._desk.figures()
        is_time = now_s >= self._all_at_s
        if is_time:
            self._all_at_s = now_s + _ALL_EVERY_S
        for camera in figures.cameras:
            settled = _settled(camera)
            if is_time or self._settled.get(camera.camera) != settled:
                self._settled[camera.camera] = settled
                self._hub.tell(camera_notice(camera.camera, self._desk.state_to_json(camera)))
        if is_time or (figures.problems, figures.notices) != self._told:
            self._told = figures.problems, figures.notices
            self._hub.tell(health_notice(health_to_json(self._engine, figures)))


def _settled(camera: CameraFigures) -> CameraFigures:
    """A camera without what always moves."""
    return replace(
        camera, frames_per_second=0.0, frames_dropped=0, frames_decoded=0, last_frame_at=None
    )
