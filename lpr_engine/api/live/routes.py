"""Live pictures: by WebSocket with all that was seen, or as an endless JPEG for any browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from lpr_engine.api.camera_desk import CameraDesk
from lpr_engine.api.cameras import CAMERA_ID, QUALITY, WIDTH
from lpr_engine.api.conversation import converse
from lpr_engine.api.live.feed import LiveFeed
from lpr_engine.api.live.motion_jpeg import serve_motion_jpeg
from lpr_engine.api.live.show import Show
from lpr_engine.api.live.viewer import Viewer
from lpr_engine.api.route import QUERY, Answer, Parameter, Route
from lpr_engine.api.schemas.live import SCHEMAS
from lpr_engine.model.access import Scope
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.live import PictureForm

_TAG = "cameras"

FPS: Final = Parameter(
    "fps",
    {"type": "number", "minimum": 0.1, "maximum": 60, "default": 30},
    "Frames in a second at most; never more than the camera's.",
)
_ANNOTATED = Parameter(
    "annotated", {"type": "boolean", "default": False}, "Whether the plates are framed."
)
_OPTIONS = (WIDTH, QUALITY, FPS, _ANNOTATED)
_DESCRIPTION = """\
Each binary message is a frame: four bytes, big-endian, with the length of a JSON header
(`LiveFrame`), the header, and the JPEG. Text messages (`LiveState`) tell whether the camera is on.
A viewer that is too slow misses frames; `dropped` counts them."""


@dataclass(frozen=True, slots=True)
class LiveRoutes:
    """The handlers, over the frames they show."""

    desk: CameraDesk
    feed: LiveFeed

    def routes(self) -> tuple[Route, ...]:
        """A camera's frames, with everything or as pictures only."""
        switching = Answer(101, "Frames follow.")
        parts = Answer(
            200, "Parts of type image/jpeg.", {"type": "string"}, "multipart/x-mixed-replace"
        )
        return (
            Route("GET", "/api/v1/live/{id}", self.live, Scope.READ,
                  "A camera's frames with their boxes and readings, by WebSocket", _TAG,
                  (switching,), _OPTIONS, (CAMERA_ID,), description=_DESCRIPTION, websocket=True),
            Route("GET", "/api/v1/cameras/{id}/live.mjpeg", self.mjpeg, Scope.READ,
                  "A camera's frames as an endless JPEG", _TAG, (parts,), _OPTIONS, (CAMERA_ID,),
                  linkable=True, lasting=True),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """What the messages hold."""
        return SCHEMAS

    async def live(self, request: web.Request) -> web.WebSocketResponse:
        """Frames for as long as both sides want."""
        camera, query = self.desk.one(request.match_info["id"]).camera, request[QUERY]
        form = PictureForm(query["width"], query["quality"], query["annotated"])
        show = Show(self.desk, self.feed, camera, form, Viewer(query["fps"]))
        return await converse(request, show.run)

    async def mjpeg(self, request: web.Request) -> web.StreamResponse:
        """Pictures for as long as both sides want."""
        camera, query = self.desk.one(request.match_info["id"]).camera, request[QUERY]
        form = PictureForm(query["width"], query["quality"], query["annotated"])
        return await serve_motion_jpeg(request, self.feed, camera, form, Viewer(query["fps"]))
