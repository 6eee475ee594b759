"""Pictures that replace each other in one endless answer: what any browser shows as an image."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

from aiohttp import web

from lpr_engine.api.live.feed import LiveFeed
from lpr_engine.api.live.viewer import Viewer
from lpr_engine.model.errors import PictureError
from lpr_engine.model.live import PictureForm

_BOUNDARY: Final = "frame"
_CONTENT_TYPE: Final = f"multipart/x-mixed-replace; boundary={_BOUNDARY}"
_LOOK_EVERY_S = 1.0
_STUCK_S = 10.0


async def serve_motion_jpeg(
    request: web.Request, feed: LiveFeed, camera: str, form: PictureForm, viewer: Viewer
) -> web.StreamResponse:
    """Send a camera's pictures until the client is gone, or has read nothing for long."""
    response = web.StreamResponse(headers={"Content-Type": _CONTENT_TYPE})
    response.force_close()
    await response.prepare(request)
    transport = request.transport
    try:
        with contextlib.suppress(ConnectionError, asyncio.TimeoutError, PictureError):
            await response.write(f"--{_BOUNDARY}\r\n".encode())
            with feed.watching(camera, viewer):
                await _show(request, response, feed, form, viewer)
    finally:
        if transport is not None:
            # Whoever does not read would keep the answer's end waiting for ever.
            transport.abort()
    return response


async def _show(
    request: web.Request,
    response: web.StreamResponse,
    feed: LiveFeed,
    form: PictureForm,
    viewer: Viewer,
) -> None:
    while request.transport is not None:
        shot = await viewer.next(_LOOK_EVERY_S)
        if shot is not None:
            part = _part(await feed.jpeg(shot, form))
            await asyncio.wait_for(response.write(part), _STUCK_S)


def _part(jpeg: bytes) -> bytes:
    """One picture, and at once the line that tells browsers it is complete."""
    head = f"Content-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
    return b"".join((head.encode(), jpeg, f"\r\n--{_BOUNDARY}\r\n".encode()))
