"""What passages add up to: by time, camera and list, plates, vehicles and their visits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, TypeVar

from aiohttp import web

from lpr_engine.api.answer import tagged_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.passage_query import CAMERA, SINCE, UNTIL, read_moment
from lpr_engine.api.problem import Fault, RequestError
from lpr_engine.api.route import QUERY, Answer, Handler, Parameter, Route, reference
from lpr_engine.api.schemas.analytics import SCHEMAS
from lpr_engine.api.time_zone import TIMEZONE, read_zone
from lpr_engine.model.access import Scope
from lpr_engine.model.analytics import (
    NamedCount,
    PartCount,
    PlateCount,
    Span,
    Step,
    TimeCount,
    Vehicles,
    Visits,
)
from lpr_engine.model.clock import Clock
from lpr_engine.model.contract import JsonObject, format_time
from lpr_engine.model.search_ports import PassageCounts

T = TypeVar("T")

_TAG = "analytics"
_PATH = "/api/v1/analytics"
_USUAL_SPAN = timedelta(days=30)

_STEP: Final = Parameter(
    "step", {"type": "string", "enum": ["hour", "day"], "default": "day"}, "Local hours or days."
)
_BY: Final = Parameter(
    "by",
    {"type": "string", "enum": ["weekday", "hour_of_day"], "default": "weekday"},
    "What is laid over each other.",
)
_MOST: Final = Parameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": 500, "default": 20}, "How many at most."
)


@dataclass(frozen=True, slots=True)
class AnalyticsRoutes:
    """The handlers, over what counts. Spans end now and last 30 days unless the query says else."""

    counts: PassageCounts
    clock: Clock

    def routes(self) -> tuple[Route, ...]:
        """One for each question."""
        span, of_camera = (SINCE, UNTIL), (SINCE, UNTIL, CAMERA)
        of_clock = (*of_camera, TIMEZONE)
        return (
            _route("passages", self.by_time, "Passages of each hour or day", "TimeCounts",
                   (_STEP, *of_clock)),
            _route("profile", self.by_part, "Passages of each weekday, or hour of the day",
                   "PartCounts", (_BY, *of_clock)),
            _route("cameras", self.by_camera, "Passages of each camera", "NamedCounts", of_camera),
            _route("lists", self.by_list, "Passages of each list", "NamedCounts", of_camera),
            _route("plates", self.top_plates, "The plates seen most often", "PlateCounts",
                   (_MOST, *of_camera)),
            _route("vehicles", self.vehicles, "Different plates, and new ones", "Vehicles",
                   of_camera),
            _route("visits", self.visits, "Visits to the site, and how long they took", "Visits",
                   span),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """What they answer."""
        return SCHEMAS

    async def by_time(self, request: web.Request) -> web.Response:
        """Passages of each local hour or day."""
        span, step = await self._local_span(request), Step(request[QUERY]["step"])
        counts = await ask(lambda: self.counts.by_time(span, step))
        return _counted(request, span, counts, time_to_json)

    async def by_part(self, request: web.Request) -> web.Response:
        """Passages of each weekday, or of each hour of the day."""
        span, step = await self._local_span(request), Step(request[QUERY]["by"])
        counts = await ask(lambda: self.counts.by_part(span, step))
        return _counted(request, span, counts, part_to_json)

    async def by_camera(self, request: web.Request) -> web.Response:
        """Passages of each camera."""
        span = self._span(request)
        counts = await ask(lambda: self.counts.by_camera(span))
        return _counted(request, span, counts, name_to_json)

    async def by_list(self, request: web.Request) -> web.Response:
        """Passages of each list."""
        span = self._span(request)
        counts = await ask(lambda: self.counts.by_list(span))
        return _counted(request, span, counts, name_to_json)

    async def top_plates(self, request: web.Request) -> web.Response:
        """The plates seen most often."""
        span, limit = self._span(request), request[QUERY]["limit"]
        counts = await ask(lambda: self.counts.top_plates(span, limit))
        return _counted(request, span, counts, plate_to_json)

    async def vehicles(self, request: web.Request) -> web.Response:
        """Different plates, and new ones."""
        span = self._span(request)
        found = await ask(lambda: self.counts.vehicles(span))
        return tagged_answer(request, {**bounds_to_json(span), **vehicles_to_json(found)})

    async def visits(self, request: web.Request) -> web.Response:
        """Visits to the site, and how long they took."""
        span = self._span(request)
        found = await ask(lambda: self.counts.visits(span))
        return tagged_answer(request, {**bounds_to_json(span), **visits_to_json(found)})

    async def _local_span(self, request: web.Request) -> Span:
        query = request[QUERY]
        return replace(self._span(request), zone=await ask(lambda: read_zone(query)))

    def _span(self, request: web.Request) -> Span:
        query = request[QUERY]
        until = read_moment(query, "until") or self.clock.now()
        since = read_moment(query, "since") or until - _USUAL_SPAN
        if since >= until:
            raise RequestError(
                "The query is not as this route takes it.",
                [Fault("query.since", "a time before `until` was expected")],
            )
        return Span(since, until, query.get("camera"))


def _route(
    name: str,
    handler: Handler,
    summary: str,
    schema: str,
    query: tuple[Parameter, ...],
) -> Route:
    answers = (Answer(200, "The figures.", reference(schema)), Answer(304, "As you hold it."))
    return Route("GET", f"{_PATH}/{name}", handler, Scope.READ, summary, _TAG, answers, query)


def _counted(
    request: web.Request, span: Span, counts: Sequence[T], to_json: Callable[[T], JsonObject]
) -> web.Response:
    return tagged_answer(
        request, {**bounds_to_json(span), "items": [to_json(one) for one in counts]}
    )


def bounds_to_json(span: Span) -> JsonObject:
    """The span that was counted."""
    return {"since": format_time(span.since), "until": format_time(span.until)}


def time_to_json(count: TimeCount) -> JsonObject:
    """A count, as `TimeCount`."""
    return {
        "start": format_time(count.start),
        "end": format_time(count.end),
        "local": count.start.isoformat(timespec="seconds"),
        "passages": count.passages,
    }


def part_to_json(count: PartCount) -> JsonObject:
    """A count, as `PartCount`."""
    return {"part": count.part, "passages": count.passages}


def name_to_json(count: NamedCount) -> JsonObject:
    """A count, as `NamedCount`."""
    return {"name": count.name, "passages": count.passages}


def plate_to_json(count: PlateCount) -> JsonObject:
    """A count, as `PlateCount`."""
    return {
        "text": count.text,
        "passages": count.passages,
        "first_seen": format_time(count.first_seen),
        "last_seen": format_time(count.last_seen),
    }


def vehicles_to_json(vehicles: Vehicles) -> JsonObject:
    """Different plates, as `Vehicles` has it beside the span."""
    return {"unique": vehicles.unique, "first_time": vehicles.first_time}


def visits_to_json(visits: Visits) -> JsonObject:
    """What visits add up to, as `Visits` has it beside the span."""
    return {
        "visits": visits.visits,
        "mean_s": visits.mean_s,
        "shortest_s": visits.shortest_s,
        "median_s": visits.median_s,
        "nine_of_ten_s": visits.nine_of_ten_s,
        "longest_s": visits.longest_s,
    }
