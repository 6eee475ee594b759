"""How the engine is: alive, ready, and every figure of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from lpr_engine.api.answer import json_answer
from lpr_engine.api.metrics import Metrics
from lpr_engine.api.route import PRINCIPAL, Answer, Route, reference
from lpr_engine.api.schemas.health import SCHEMAS
from lpr_engine.model.access import Scope
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.figures import EngineFigures
from lpr_engine.model.figures_contract import health_to_json

_TAG = "health"


@dataclass(frozen=True, slots=True)
class HealthRoutes:
    """The handlers, over the figures they tell."""

    engine: str
    version: str
    figures: Callable[[], EngineFigures]
    metrics: Metrics

    def routes(self) -> tuple[Route, ...]:
        """Alive and ready for everybody, the figures for whom they concern."""
        alive = Answer(200, "It is alive.", reference("Alive"))
        ready = Answer(200, "Passages can be made.", reference("Readiness"))
        unready = Answer(503, "They cannot.", reference("Readiness"))
        health = Answer(200, "The figures.", reference("Health"))
        metrics = Answer(200, "The metrics.", {"type": "string"}, "text/plain")
        return (
            Route("GET", "/healthz", self.healthz, None, "Is the engine alive?", _TAG, (alive,),
                  description="For a watchdog: the process runs and its event loop turns."),
            Route("GET", "/readyz", self.readyz, None, "Can passages be made?", _TAG,
                  (ready, unready),
                  description="The reasons are told to somebody with the scope `read` only."),
            Route("GET", "/api/v1/health", self.health, Scope.READ, "Stages, cameras and host",
                  _TAG, (health,),
                  description="The same object that the MQTT topic `health` carries."),
            Route("GET", "/metrics", self.prometheus, Scope.METRICS, "Metrics for Prometheus",
                  _TAG, (metrics,),
                  description="OpenMetrics where the `Accept` header asks for it."),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """What they answer."""
        return SCHEMAS

    async def healthz(self, _request: web.Request) -> web.Response:
        """The process is alive and its event loop turns."""
        return json_answer({"status": "ok", "version": self.version})

    async def readyz(self, request: web.Request) -> web.Response:
        """Whether passages can be made, and if not, why; the reasons not for everybody."""
        figures = self.figures()
        body: JsonObject = {"ready": not figures.problems}
        if PRINCIPAL in request and request[PRINCIPAL].may(Scope.READ):
            body |= {"problems": list(figures.problems), "notices": list(figures.notices)}
        return json_answer(body, 503 if figures.problems else 200)

    async def health(self, _request: web.Request) -> web.Response:
        """The engine's figures at this instant."""
        return json_answer(health_to_json(self.engine, self.figures()))

    async def prometheus(self, request: web.Request) -> web.Response:
        """Everything that is counted and measured."""
        body, content_type = self.metrics.text(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": content_type})
