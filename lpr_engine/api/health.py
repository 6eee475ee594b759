"""How the engine is: alive and ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from lpr_engine.api.answer import json_answer
from lpr_engine.api.route import PRINCIPAL, Answer, Route, reference
from lpr_engine.api.schemas.health import SCHEMAS
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.figures import EngineFigures

_TAG = "health"


@dataclass(frozen=True, slots=True)
class HealthRoutes:
    """The handlers, over the figures they tell."""

    figures: Callable[[], EngineFigures]
    version: str

    def routes(self) -> tuple[Route, ...]:
        """Alive and ready, for everybody."""
        alive = Answer(200, "It is alive.", reference("Alive"))
        ready = Answer(200, "Passages can be made.", reference("Readiness"))
        unready = Answer(503, "They cannot.", reference("Readiness"))
        return (
            Route("GET", "/healthz", self.healthz, None, "Alive?", _TAG, (alive,)),
            Route("GET", "/readyz", self.readyz, None, "Ready?", _TAG, (ready, unready)),
        )

    def schemas(self) -> Mapping[str, JsonObject]:
        """What they answer."""
        return SCHEMAS

    async def healthz(self, _request: web.Request) -> web.Response:
        """The process is alive and its event loop turns."""
        return json_answer({"status": "ok", "version": self.version})

    async def readyz(self, request: web.Request) -> web.Response:
        """Whether passages can be made, and if not, why; the reasons for somebody known only."""
        figures = self.figures()
        body: JsonObject = {"ready": not figures.problems}
        if PRINCIPAL in request:
            body |= {"problems": list(figures.problems), "notices": list(figures.notices)}
        return json_answer(body, 503 if figures.problems else 200)
