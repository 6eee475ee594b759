"""What would happen if a plate were seen, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aiohttp import web

from lpr_engine.api.answer import json_answer
from lpr_engine.api.problem import Fault, RequestError
from lpr_engine.api.route import BODY, Answer, Body, Route, reference
from lpr_engine.api.vehicle_fields import read_moment
from lpr_engine.grammar.confusion import normalize
from lpr_engine.model.access import Scope
from lpr_engine.model.clock import Clock
from lpr_engine.model.contract import JsonObject, format_time, verdict_to_json
from lpr_engine.model.passage import Alternative
from lpr_engine.model.question import Explanation, Question, VerdictExplainer

_YEARS: Final = range(2000, 2101)
_EXAMPLE: Final = {"text": "B-AB 1234", "camera": "drive", "at": "2026-05-31T22:30:00Z"}


@dataclass(frozen=True, slots=True)
class VerdictRoutes:
    """The handler, over the rules that live passages are judged by."""

    explainer: VerdictExplainer
    clock: Clock

    def routes(self) -> tuple[Route, ...]:
        """One question."""
        answer = Answer(200, "The verdict with every check.", reference("Explanation"))
        body = Body(reference("Question"), example=_EXAMPLE)
        return (
            Route("POST", "/api/v1/verdict", self.explain, Scope.READ,
                  "What would happen if a plate were seen, and why", "verdict", (answer,),
                  body=body, description="Nothing opens, and nothing is kept."),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """Those of vehicles are its too."""
        return {}

    async def explain(self, request: web.Request) -> web.Response:
        """The verdict with every check."""
        data: Any = request[BODY]
        if not normalize(data["text"]):
            raise _nonsense("text", "holds no letter or digit")
        question = Question(
            text=data["text"],
            camera=data["camera"],
            at=_moment(data["at"]) if "at" in data else self.clock.now(),
            confidence=data.get("confidence", 1.0),
            readings=data.get("readings"),
            alternatives=tuple(
                Alternative(other["text"], other["confidence"])
                for other in data.get("alternatives", ())
            ),
        )
        return json_answer(explanation_to_json(self.explainer.explain(question)))


def _moment(written: str) -> datetime:
    try:
        moment = read_moment(written)
    except ValueError:
        moment = None
    if moment is None or moment.year not in _YEARS:
        years = f"a time between the years {_YEARS[0]} and {_YEARS[-1]} was expected"
        raise _nonsense("at", years)
    return moment


def _nonsense(key: str, detail: str) -> RequestError:
    return RequestError("The question makes no sense.", [Fault(f"body.{key}", detail)])


def explanation_to_json(explanation: Explanation) -> JsonObject:
    """The verdict, the vehicle and what was assumed."""
    passage, vehicle = explanation.passage, explanation.vehicle
    return {
        "verdict": verdict_to_json(explanation.verdict),
        "vehicle": vehicle and {"id": vehicle.id, "text": vehicle.text, "label": vehicle.label},
        "assumed": {
            "text": passage.text,
            "camera": passage.camera,
            "at": format_time(passage.last_seen),
            "confidence": passage.confidence,
            "readings": passage.readings,
            "alternatives": [
                {"text": other.text, "confidence": other.confidence}
                for other in passage.alternatives
            ],
        },
    }
