"""Every error as `application/problem+json` (RFC 9457) with the engine's stable code."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from lpr_engine.model.errors import CommandError, CursorError, LprError

_LOGGER = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}
_TELLING_HEADERS = ("WWW-Authenticate", "Allow")


def problem(status: int, title: str, code: str, detail: str = "") -> web.Response:
    """One error response."""
    body = {"type": "about:blank", "status": status, "title": title, "code": code}
    if detail:
        body["detail"] = detail
    return web.json_response(body, status=status, content_type="application/problem+json")


@web.middleware
async def report_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Translate what handlers raise; nothing internal is shown."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        code = _CODES.get(error.status, f"http_{error.status}")
        response = problem(error.status, error.reason, code)
        for name in _TELLING_HEADERS:
            if name in error.headers:
                response.headers[name] = error.headers[name]
        return response
    except (CommandError, CursorError) as error:
        return problem(400, "Bad request", error.code, str(error))
    except LprError as error:
        _LOGGER.error("%s %s failed: %s", request.method, request.path, error)
        return problem(503, "Service unavailable", error.code)
    except asyncio.TimeoutError:
        _LOGGER.error("%s %s took too long", request.method, request.path)
        return problem(503, "Service unavailable", "timed_out")
    except Exception:
        # Outermost of a request.
        _LOGGER.exception("%s %s failed", request.method, request.path)
        return problem(500, "Internal server error", "internal_error")
