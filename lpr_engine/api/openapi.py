"""The door's routes as an OpenAPI 3.1 document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from lpr_engine.api.problem import PROBLEM_TYPE
from lpr_engine.api.route import Answer, Body, Parameter, Route, reference
from lpr_engine.api.schemas.problem import PROBLEM
from lpr_engine.api.security import SECURITY_SCHEMES, security_of
from lpr_engine.api.table import RouteTable
from lpr_engine.model.contract import JsonObject

_ABOUT: Final = """\
Passages, vehicles, cameras and everything else of one engine.

Every error is a problem of RFC 9457 with a stable `code` and the request's id. Lists come in pages:
`next_cursor` of one page is `cursor` of the next; null at the end. Times are RFC 3339 in UTC with
milliseconds. A query parameter that a route does not have is refused, so that a slip of the pen
never widens a search.
"""
_TAGS: Final[Mapping[str, str]] = {
    "passages": "Vehicles' plates passing cameras: the engine's main record.",
    "export": "Passages as files.",
    "analytics": "Passages counted.",
    "vehicles": "Plates that you know.",
    "lists": "Sets of vehicles with a meaning.",
    "verdict": "What would happen if a plate were seen.",
    "corrections": "What people put right, for training.",
    "cameras": "What the cameras do and see now.",
    "events": "What happens, as it happens.",
    "health": "How the engine is.",
    "access": "Signing in, accounts, keys and the audit trail.",
    "config": "The engine's configuration.",
    "backup": "Copies of everything, and back again.",
    "documentation": "This document.",
}
_REASONS: Final[Mapping[int, str]] = {
    400: "The request is not as this route takes it; `errors` tells what and where.",
    401: "Nobody known asks.",
    403: "Whoever asks may not.",
    404: "There is no such thing.",
    408: "The body came too slowly.",
    413: "The body is too large.",
    415: "The body is of another media type.",
    429: "Too many requests, sign-ins or streams; `Retry-After` tells how long to wait.",
    503: "The engine cannot answer now, such as when its disk hangs.",
}
_VALUE: Final = re.compile(r"\{(\w+)\}")


def describe(table: RouteTable, version: str) -> JsonObject:
    """The document of all routes of a table."""
    paths: dict[str, JsonObject] = {}
    for route in table.routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    used = {route.tag for route in table.routes}
    known = [tag for tag in _TAGS if tag in used]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "LPR engine",
            "version": version,
            "description": _ABOUT,
            "license": {"name": "AGPL-3.0-only", "identifier": "AGPL-3.0-only"},
        },
        "servers": [{"url": "/"}],
        "tags": [
            {"name": tag, "description": _TAGS.get(tag, "")}
            for tag in (*known, *sorted(used - set(known)))
        ],
        "paths": paths,
        "components": {
            "schemas": {**table.schemas, "Problem": PROBLEM},
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def _operation(route: Route) -> JsonObject:
    operation: JsonObject = {
        "operationId": operation_id(route),
        "summary": route.summary,
        "tags": [route.tag],
        "security": security_of(route),
        "x-needs": route.needs.value if route.needs else None,
        "responses": _responses(route),
    }
    if route.description:
        operation["description"] = route.description
    parameters = [*_values(route), *(_parameter(one, "query") for one in route.parameters)]
    if parameters:
        operation["parameters"] = parameters
    if route.body is not None:
        operation["requestBody"] = _body(route.body)
    if route.websocket:
        operation["x-websocket"] = True
    elif route.lasting:
        operation["x-lasting"] = True
    return operation


def operation_id(route: Route) -> str:
    """A name of its own for every route: its method and the words of its path."""
    words = re.findall(r"[a-z0-9]+", route.path.removeprefix("/api/v1").lower())
    return "_".join((route.method.lower(), *words))


def _values(route: Route) -> Iterable[JsonObject]:
    described = {one.name: one for one in route.values}
    for name in _VALUE.findall(route.path):
        parameter = described.get(name) or Parameter(name, {"type": "string"})
        yield {**_parameter(parameter, "path"), "required": True}


def _parameter(parameter: Parameter, place: str) -> JsonObject:
    described: JsonObject = {
        "name": parameter.name,
        "in": place,
        "required": parameter.required,
        "schema": parameter.schema,
    }
    if parameter.description:
        described["description"] = parameter.description
    if parameter.example is not None:
        described["example"] = parameter.example
    return described


def _body(body: Body) -> JsonObject:
    content: JsonObject = {"schema": body.schema}
    if body.example is not None:
        content["example"] = body.example
    described: JsonObject = {
        "required": body.required,
        "content": {body.media_type: content},
        "x-limit-bytes": body.limit_bytes,
    }
    return {"description": body.description, **described} if body.description else described


def _responses(route: Route) -> JsonObject:
    responses: JsonObject = {}
    for answer in (*route.answers, *_errors(route)):
        known = responses.setdefault(str(answer.status), {"description": answer.description})
        schema = answer.schema or (reference("Problem") if answer.status >= 400 else None)
        if schema is None:
            continue
        is_problem = answer.schema is None
        content: JsonObject = {"schema": schema}
        if answer.example is not None:
            content["example"] = answer.example
        known.setdefault("content", {})[PROBLEM_TYPE if is_problem else answer.media_type] = content
        if answer.headers:
            known["headers"] = {
                name: {"description": meaning, "schema": {"type": "string"}}
                for name, meaning in answer.headers.items()
            }
    return dict(sorted(responses.items()))


def _errors(route: Route) -> Iterable[Answer]:
    statuses = {400, 429, 503}
    if route.needs is not None:
        statuses |= {401, 403}
    if "{" in route.path:
        statuses.add(404)
    if route.body is not None:
        statuses |= {408, 413, 415}
    own = {answer.status for answer in route.answers if answer.schema is None}
    return (Answer(status, _REASONS[status]) for status in sorted(statuses - own))
