"""Answers in JSON that every program can read, and need not read twice."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from aiohttp import web

from lpr_engine.model.wire import encode


def json_answer(data: object, status: int = 200, **headers: str) -> web.Response:
    """JSON in UTF-8, without what JSON cannot say."""
    return web.Response(
        body=encode(data), status=status, content_type="application/json", headers=headers
    )


def tagged_answer(request: web.Request, data: object) -> web.Response:
    """The same with an ETag; without its body when the asker holds it already."""
    body = encode(data)
    return tagged(request, body, "application/json")


def tagged(
    request: web.Request, body: bytes, content_type: str, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Bytes with an ETag; without them when the asker holds them already (RFC 9110, 13.1.2)."""
    tag = tag_of(body)
    held = request.if_none_match or ()
    is_held = any(one.value in (tag, "*") for one in held)
    response = web.Response(
        body=b"" if is_held else body,
        status=304 if is_held else 200,
        content_type=content_type,
        charset="utf-8" if content_type.startswith("text/") else None,
        headers=headers,
    )
    response.etag = tag
    return response


def tag_of(body: bytes) -> str:
    """The ETag of bytes."""
    return hashlib.sha256(body).hexdigest()[:32]
