"""Every error as `application/problem+json` (RFC 9457) with the engine's stable code."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from aiohttp import web

from lpr_engine.api.request_id import REQUEST_ID
from lpr_engine.api.route import Handler
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.errors import (
    CommandError,
    ConflictError,
    CursorError,
    LprError,
    UnknownError,
)
from lpr_engine.model.vehicle_errors import ChangedMeanwhileError

_LOGGER = logging.getLogger(__name__)

PROBLEM_TYPE: Final = "application/problem+json"
_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    409: "conflict",
    412: "precondition_failed",
    413: "too_large",
    415: "media_type_unknown",
    417: "expectation_unknown",
    429: "too_many_requests",
}
_DETAILS: Final[Mapping[int, str]] = MappingProxyType(
    {
        401: "Show an API key that is good, or sign in.",
        404: "There is no such thing.",
        405: "This path does not take that method; `Allow` tells which it takes.",
    }
)
"""Where Python's words for a status tell nobody what to do."""
_STATUSES: tuple[tuple[type[LprError], int], ...] = (
    (ChangedMeanwhileError, 412),
    (UnknownError, 404),
    (ConflictError, 409),
    (CommandError, 400),
    (CursorError, 400),
)
_TELLING_HEADERS = ("WWW-Authenticate", "Allow", "Retry-After")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request; `where` is such as `query.limit` or `body.name`.

    `line` and `column` are those of a text that it carries.
    """

    where: str
    detail: str
    line: int | None = None
    column: int | None = None

    def to_json(self) -> JsonObject:
        """The contract's object."""
        place = {"line": self.line, "column": self.column}
        known = {name: number for name, number in place.items() if number is not None}
        return {"where": self.where, "detail": self.detail, **known}


class RequestError(LprError):
    """A request is refused: what of it, and with which status and headers."""

    code = "request_invalid"

    def __init__(
        self,
        detail: str,
        faults: Sequence[Fault] = (),
        *,
        status: int = 400,
        code: str | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(detail)
        self.faults = tuple(faults)
        self.status = status
        self.code = code or (self.code if status == 400 else code_of(status))
        self.headers = headers


def code_of(status: int) -> str:
    """The code of an error that nobody named more closely."""
    return _CODES.get(status, f"http_{status}")


@web.middleware
async def report_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Translate what handlers raise; nothing internal is shown."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _of_http(error, request)
    except Exception as error:
        # Outermost of a request.
        if _is_gone(request):
            raise ConnectionResetError from error
        answer = _of_failure(error, request)
        if request.writer.output_size > 0:
            # Nobody could tell the end of a file from a problem written into its middle.
            raise ConnectionAbortedError("the answer has begun already") from error
        return answer


def _is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _of_failure(error: Exception, request: web.Request) -> web.Response:
    request_id = request.get(REQUEST_ID, "")
    if isinstance(error, RequestError):
        faults = [fault.to_json() for fault in error.faults]
        more: JsonObject = {"errors": faults} if faults else {}
        return problem(request_id, error.status, error.code, str(error), error.headers, more)
    if isinstance(error, LprError):
        return _of_engine(error, request)
    if isinstance(error, asyncio.TimeoutError):
        _LOGGER.error("%s %r took too long", request.method, request.path)
        return problem(request_id, 503, "timed_out")
    _LOGGER.error("%s %r failed", request.method, request.path, exc_info=error)
    return problem(request_id, 500, "internal_error")


def _of_http(error: web.HTTPException, request: web.Request) -> web.Response:
    told = error.reason if error.reason != HTTPStatus(error.status).phrase else ""
    headers = {name: error.headers[name] for name in _TELLING_HEADERS if name in error.headers}
    return problem(request.get(REQUEST_ID, ""), error.status, "", told, headers)


def _of_engine(error: LprError, request: web.Request) -> web.Response:
    for kind, status in _STATUSES:
        if isinstance(error, kind):
            return problem(request.get(REQUEST_ID, ""), status, error.code, str(error))
    _LOGGER.error("%s %r failed: %s", request.method, request.path, error)
    return problem(request.get(REQUEST_ID, ""), 503, error.code)


def problem(
    request_id: str,
    status: int,
    code: str = "",
    detail: str = "",
    headers: Mapping[str, str] = MappingProxyType({}),
    more: Mapping[str, object] = MappingProxyType({}),
) -> web.Response:
    """An error's answer."""
    meaning = HTTPStatus(status)
    body = {
        "type": "about:blank",
        "title": meaning.phrase,
        "status": status,
        "code": code or code_of(status),
        "detail": detail or _DETAILS.get(status) or meaning.description or meaning.phrase,
        "request_id": request_id,
        **more,
    }
    return web.json_response(body, status=status, content_type=PROBLEM_TYPE, headers=headers)
