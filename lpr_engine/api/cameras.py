"""Cameras: how they are, how it looks there now, and what an operator may change."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from aiohttp import web

from lpr_engine.api.answer import json_answer
from lpr_engine.api.asking import ask
from lpr_engine.api.camera_desk import CameraDesk, shows_now
from lpr_engine.api.live.feed import LiveFeed
from lpr_engine.api.live.shot import Shot
from lpr_engine.api.route import BODY, QUERY, Answer, Body, Parameter, Route, page_of, reference
from lpr_engine.api.schemas.cameras import SCHEMAS
from lpr_engine.model.access import Scope
from lpr_engine.model.contract import JsonObject, format_time, passage_to_json
from lpr_engine.model.errors import CameraSilentError
from lpr_engine.model.figures import CameraFigures
from lpr_engine.model.live import LastFinals, PictureForm
from lpr_engine.model.ports import CommandHandler

_TAG = "cameras"

CAMERA_ID: Final = Parameter(
    "id", {"type": "string", "pattern": "^[a-z0-9_]{1,64}$"}, "The camera's id.", example="street"
)
WIDTH: Final = Parameter(
    "width",
    {"type": "integer", "minimum": 64, "maximum": 3840, "default": 1280},
    "Pixels across at most; a picture is never enlarged.",
)
QUALITY: Final = Parameter(
    "quality", {"type": "integer", "minimum": 30, "maximum": 95, "default": 80}, "Of the JPEG."
)
_ANNOTATED = Parameter(
    "annotated", {"type": "boolean", "default": True}, "Whether the plates are framed."
)


@dataclass(frozen=True, slots=True)
class CameraRoutes:
    """The handlers, over what they tell of and whom they tell it to do."""

    desk: CameraDesk
    finals: LastFinals
    commands: CommandHandler
    feed: LiveFeed

    def routes(self) -> tuple[Route, ...]:
        """All cameras, one, its picture; change it, take a snapshot."""
        one = "/api/v1/cameras/{id}"
        ids = (CAMERA_ID,)
        camera = Answer(200, "The camera.", reference("Camera"))
        picture = Answer(200, "The picture.", {"type": "string"}, "image/jpeg")
        same = Answer(304, "Nothing newer came.")
        silent = Answer(409, "The camera is off or has sent no picture lately.")
        kept = Answer(201, "Where it is kept.", reference("Snapshot"))
        return (
            Route("GET", "/api/v1/cameras", self.cameras, Scope.READ, "All cameras", _TAG,
                  (Answer(200, "All of them, on one page.", page_of("Camera")),)),
            Route("GET", one, self.camera, Scope.READ, "One camera", _TAG, (camera,), values=ids),
            Route("PATCH", one, self.change, Scope.OPERATE,
                  "Switch a camera on or off, or set its threshold, until the engine restarts",
                  _TAG, (camera,), values=ids, body=Body(reference("CameraChange"))),
            Route("GET", one + "/picture", self.picture, Scope.READ, "How it looks there now", _TAG,
                  (picture, same, silent), (WIDTH, QUALITY, _ANNOTATED), ids, linkable=True),
            Route("POST", one + "/snapshot", self.snapshot, Scope.OPERATE,
                  "Keep how it looks there now", _TAG, (kept, silent), values=ids),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """What they take and answer."""
        return SCHEMAS

    async def cameras(self, _request: web.Request) -> web.Response:
        """Every camera, in the configuration's order."""
        items = await self._to_json(self.desk.all())
        return json_answer({"items": items, "next_cursor": None})

    async def camera(self, request: web.Request) -> web.Response:
        """One camera."""
        (camera,) = await self._to_json([self._asked_for(request)])
        return json_answer(camera)

    async def change(self, request: web.Request) -> web.Response:
        """Do what is asked, and tell how the camera is then."""
        name = self._asked_for(request).camera
        wanted = cast("Mapping[str, Any]", request[BODY])
        if "confidence" in wanted:
            await ask(lambda: self.commands.set_confidence(name, wanted["confidence"]))
        if "enabled" in wanted:
            await ask(lambda: self.commands.enable_camera(name, wanted["enabled"]))
        (camera,) = await self._to_json([self.desk.one(name)])
        return json_answer(camera)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """The newest frame; no old one is shown for a new one."""
        camera, query = self._asked_for(request), request[QUERY]
        shot = self.feed.latest(camera.camera)
        if shot is None or not shows_now(camera, time.monotonic() - shot.came_at_s):
            raise CameraSilentError(f"Camera {camera.camera!r} sends no picture now.")
        form = PictureForm(query["width"], query["quality"], query["annotated"])
        response = web.Response(content_type="image/jpeg")
        response.etag = name = _name_of(shot, form)
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["X-Taken-At"] = format_time(shot.shown.frame.taken_at)
        if any(tag.value in {name, "*"} for tag in request.if_none_match or ()):
            response.set_status(304)
            return response
        response.body = await self.feed.jpeg(shot, form)
        return response

    async def snapshot(self, request: web.Request) -> web.Response:
        """Keep the newest frame as it came, without boxes."""
        name = self._asked_for(request).camera
        path = await ask(lambda: self.commands.take_snapshot(name))
        if path is None:
            raise CameraSilentError(f"Camera {name!r} sends no picture now.")
        return json_answer({"camera": name, "media": path}, 201, Location=f"/api/v1/{path}")

    def _asked_for(self, request: web.Request) -> CameraFigures:
        return self.desk.one(request.match_info["id"])

    async def _to_json(self, cameras: Sequence[CameraFigures]) -> list[JsonObject]:
        finals = await ask(lambda: [self.finals.last_final(one.camera) for one in cameras])
        return [
            {
                **self.desk.state_to_json(camera),
                "last_passage": None if last is None else passage_to_json(last),
            }
            for camera, last in zip(cameras, finals, strict=True)
        ]


def _name_of(shot: Shot, form: PictureForm) -> str:
    frame = shot.shown.frame
    taken_ms = int(frame.taken_at.timestamp() * 1000)
    return f"{taken_ms}.{frame.number}.{form.width}.{form.quality}.{int(form.annotated)}"
