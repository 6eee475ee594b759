"""A request's body: read within its limit and time, and as JSON that every program agrees on."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator, Iterable
from typing import Any

from aiohttp import web

from lpr_engine.api.plain_text import is_plain
from lpr_engine.api.problem import RequestError
from lpr_engine.api.route import JSON, Body

_WHOLE_WITHIN_S = 20.0
_CHUNK_WITHIN_S = 20.0
_SAFE_INTEGER = 2**53


async def read_body(request: web.Request, body: Body) -> object:
    """The body as `request[BODY]` hands it on.

    Raises:
        RequestError: it is missing, too large, too slow, of another type or no JSON.
    """
    if not request.can_read_body:
        if body.required:
            raise RequestError("This route needs a body.")
        return None
    if request.content_type != body.media_type:
        raise RequestError(f"The body must be of type {body.media_type}.", status=415)
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        # A few bytes could unpack to gigabytes.
        raise RequestError("The body must not be compressed.", status=415)
    if (request.content_length or 0) > body.limit_bytes:
        raise _too_large(body)
    chunks = chunks_of(request, body)
    await _ask_for_it(request)
    if body.streamed:
        return chunks
    try:
        data = await asyncio.wait_for(_joined(chunks), _WHOLE_WITHIN_S)
    except asyncio.TimeoutError as err:
        raise RequestError("The body came too slowly.", status=408) from err
    return parse_json(data) if body.media_type == JSON else data


async def expect_nothing_yet(_request: web.Request) -> None:
    """Let a caller who asks before sending wait, until it is known whether the body is wanted."""


async def _ask_for_it(request: web.Request) -> None:
    """Tell a caller who waits to send the body now (RFC 9110, 10.1.1)."""
    expected = request.headers.get("Expect")
    if expected is None:
        return
    if expected.lower() != "100-continue":
        raise RequestError("What the request expects is unknown.", status=417)
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    # This is no part of the answer yet, which may still be a problem.
    request.writer.output_size = 0


async def chunks_of(request: web.Request, body: Body) -> AsyncIterator[bytes]:
    """The body piece by piece.

    Raises:
        RequestError: it is too large or too slow.
    """
    size = 0
    while True:
        try:
            chunk = await asyncio.wait_for(request.content.readany(), _CHUNK_WITHIN_S)
        except asyncio.TimeoutError as err:
            raise RequestError("The body came too slowly.", status=408) from err
        if not chunk:
            return
        size += len(chunk)
        if size > body.limit_bytes:
            raise _too_large(body)
        yield chunk


def parse_json(data: bytes) -> Any:
    """JSON as RFC 7493 (I-JSON) narrows it: UTF-8, no key twice, no number that floats lose.

    Raises:
        RequestError: the data is none.
    """
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
        return _checked(value)
    except RecursionError as err:
        raise RequestError("The body is nested too deeply.") from err
    except ValueError as err:
        raise RequestError(f"The body is no JSON: {err}") from err


async def _joined(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


def _object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError("a key is there twice")
        found[_text(key)] = _checked(value)
    return found


def _checked(value: Any) -> Any:
    if isinstance(value, list):
        return [_checked(one) for one in value]
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    if not is_plain(text):
        raise ValueError("it holds a character that is no text")
    return text


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) >= _SAFE_INTEGER:
        raise ValueError("it holds a number too large")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("it holds a number too large")
    # To a schema 1.0 is an integer; to what reads it then it should be one.
    return int(value) if value.is_integer() and abs(value) < _SAFE_INTEGER else value


def _constant(word: str) -> float:
    raise ValueError(f"it holds {word}")


def _too_large(body: Body) -> RequestError:
    return RequestError(f"The body is larger than {body.limit_bytes} bytes.", status=413)
