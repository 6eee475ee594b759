"""Files that are written while they are sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Final

from aiohttp import web

from lpr_engine.model.errors import LprError

_LOGGER = logging.getLogger(__name__)

_TAKEN_WITHIN_S: Final = 60.0


async def download(
    request: web.Request, name: str, content_type: str, chunks: AsyncIterator[bytes]
) -> web.StreamResponse:
    """Send a file of that name; what fails before its first chunk can still be told.

    One that breaks off later is left plainly unfinished, so that half a file is not taken for a
    whole one.
    """
    first = await anext(chunks, b"")
    response = web.StreamResponse(
        headers={
            "Content-Type": content_type,
            "Content-Disposition": f'attachment; filename="{name}"',
        }
    )
    await response.prepare(request)
    try:
        await _write(response, first)
        async for chunk in chunks:
            await _write(response, chunk)
        await response.write_eof()
    except (ConnectionError, asyncio.TimeoutError):
        _LOGGER.info("%s was given up: nobody takes it any more", name)
        _cut(request)
    except LprError as err:
        _LOGGER.error("%s broke off: %s", name, err)
        _cut(request)
    return response


async def _write(response: web.StreamResponse, chunk: bytes) -> None:
    if chunk:
        await asyncio.wait_for(response.write(chunk), _TAKEN_WITHIN_S)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
