"""The engine's configuration: read without its secrets, tried, and changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar, cast

from aiohttp import web

from lpr_engine.api.answer import json_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.problem import Fault, RequestError
from lpr_engine.api.route import BODY, QUERY, Answer, Body, Parameter, Route, reference
from lpr_engine.api.schemas.config import SCHEMAS
from lpr_engine.config.desk import (
    ChangePlan,
    ConfigChangedError,
    ConfigurationDesk,
    ConfigurationReport,
)
from lpr_engine.config.entries import Origin
from lpr_engine.config.problems import ConfigurationRefusedError, Problem
from lpr_engine.config.secret import SECRETS_FILE
from lpr_engine.model.access import Scope
from lpr_engine.model.contract import JsonObject

T = TypeVar("T")

_TAG: Final = "config"
_WITHIN_S: Final = 60.0
"""A large file is read several times: as text, as values, and as what may be shown."""
_MOST_BYTES: Final = 256 * 1024
_MOST_MISTAKES: Final = 200

_BODY: Final = Body(
    reference("ConfigText"),
    "The whole file, so that comments and order stay as somebody wrote them.",
    limit_bytes=_MOST_BYTES,
    example={"text": "retention: {passages_days: 14}\n"},
)
_DRY_RUN: Final = Parameter(
    "dry_run", {"type": "boolean", "default": False}, "Only tell what would change."
)
_VERSION: Final = {"ETag": "The file's version, for `If-Match`."}
_HOW: Final = """\
Send the `version` that was read as `If-Match`: who changed the file meanwhile is not overwritten
(412). `If-Match: *` replaces whatever there is. The file before is kept beside it as `<name>.1`,
older ones up to `.5`. What can change in a running engine does at once; `restart_needed` names the
rest.
"""


@dataclass(frozen=True, slots=True)
class ConfigRoutes:
    """The handlers, over what reads and changes the configuration."""

    desk: ConfigurationDesk

    def routes(self) -> tuple[Route, ...]:
        """Read, try, apply."""
        report = Answer(200, "The configuration.", reference("Config"), headers=_VERSION)
        plan = Answer(200, "What it changes.", reference("ConfigPlan"))
        applied = Answer(200, "What it changed.", reference("ConfigPlan"), headers=_VERSION)
        refusals = (
            Answer(409, "There is no file, or somebody else writes it."),
            Answer(412, "The file was changed since it was read."),
            Answer(428, "`If-Match` is missing."),
        )
        return (
            Route("GET", "/api/v1/config", self.read, Scope.ADMIN,
                  "The configuration, its secrets masked", _TAG, (report,)),
            Route("POST", "/api/v1/config/validate", self.validate, Scope.ADMIN,
                  "Try a configuration", _TAG, (plan,), body=_BODY),
            Route("PUT", "/api/v1/config", self.apply, Scope.ADMIN, "Change the configuration",
                  _TAG, (applied, *refusals), (_DRY_RUN,), body=_BODY, description=_HOW),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """What they take and answer."""
        return SCHEMAS

    async def read(self, _request: web.Request) -> web.Response:
        """What the engine goes by, and its file."""
        report = await ask(self.desk.report, _WITHIN_S)
        response = json_answer(report_to_json(report))
        response.etag = report.version
        return response

    async def validate(self, request: web.Request) -> web.Response:
        """What a text would change, or its mistakes."""
        text = _text(request)
        plan = await _judged(lambda: self.desk.judge(text))
        return json_answer(plan_to_json(plan, written=False))

    async def apply(self, request: web.Request) -> web.Response:
        """Write a text and go by it as far as that is possible now."""
        text = _text(request)
        if request[QUERY]["dry_run"]:
            return await self.validate(request)
        version = _version(request)
        plan = await _judged(lambda: self.desk.apply(text, version))
        response = json_answer(plan_to_json(plan, written=True))
        response.etag = plan.version
        return response


def report_to_json(report: ConfigurationReport) -> JsonObject:
    """The contract's object."""
    return {
        "values": report.values,
        "origins": {name: _origin(one) for name, one in report.origins.items()},
        "path": None if report.path is None else str(report.path),
        "text": report.text,
        "version": report.version,
        "managed": report.is_managed,
        "restart_needed": list(report.restart_needed),
        "mistakes": [_mistake(problem) for problem in report.problems[:_MOST_MISTAKES]],
    }


def plan_to_json(plan: ChangePlan, *, written: bool) -> JsonObject:
    """The contract's object."""
    return {
        "written": written,
        "changes": [
            {"key": one.name, "before": one.before, "after": one.after, "live": one.live}
            for one in plan.changes
        ],
        "text_difference": plan.text_difference,
        "restart_needed": list(plan.restart_needed),
        "version": plan.version,
    }


def _origin(origin: Origin) -> JsonObject:
    return {
        "from": origin.kind.value,
        "line": origin.line,
        "column": origin.column,
        "variable": origin.variable,
    }


def _mistake(problem: Problem) -> JsonObject:
    fault = _fault(problem)
    return {
        "where": fault.where,
        "detail": fault.detail,
        "line": fault.line,
        "column": fault.column,
    }


def _fault(problem: Problem) -> Fault:
    """As `config check` tells it; what is wrong in another file is told with that file's name."""
    file = Path(problem.file).name
    where = file if file == SECRETS_FILE else "text"
    return Fault(problem.key or where, problem.detail, problem.line, problem.column)


async def _judged(judge: Callable[[], T]) -> T:
    try:
        return await ask(judge, _WITHIN_S)
    except ConfigurationRefusedError as err:
        faults = [_fault(problem) for problem in err.problems[:_MOST_MISTAKES]]
        raise RequestError("The configuration has mistakes.", faults, code=err.code) from err
    except ConfigChangedError as err:
        raise RequestError(str(err), status=412, code=err.code) from err


def _text(request: web.Request) -> str:
    body = cast("Mapping[str, str]", request[BODY])
    return body["text"]


def _version(request: web.Request) -> str:
    """The version that was read, by `If-Match`."""
    tags = request.if_match
    if not tags:
        detail = "Send the version that you read as If-Match, or * to replace whatever there is."
        raise RequestError(detail, status=428, code="if_match_missing")
    if len(tags) > 1 or tags[0].is_weak:
        raise RequestError("If-Match takes one strong version.")
    return tags[0].value
