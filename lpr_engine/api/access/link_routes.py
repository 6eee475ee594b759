"""Signed URLs handed out to who may see the pictures themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from aiohttp import web

from lpr_engine.api.access.guests import badge_of
from lpr_engine.api.access.links import LinkSigner
from lpr_engine.api.answer import json_answer
from lpr_engine.api.problem import Fault, RequestError
from lpr_engine.api.route import BODY, Answer, Body, Route, reference
from lpr_engine.model.access import Scope
from lpr_engine.model.contract import JsonObject, format_time

_TAG: Final = "media"
_BASE: Final = "/api/v1/"
_USUAL_S: Final = 600
_NAME = re.compile(r"\\\{[a-z_]+\\\}")


@dataclass(frozen=True, slots=True)
class LinkRoutes:
    """The handler; `linkable` are the routes that a signed URL may open."""

    signer: LinkSigner
    linkable: tuple[re.Pattern[str], ...]

    def routes(self) -> tuple[Route, ...]:
        """Sign paths."""
        links = Answer(200, "A signed URL for each path, in order.", reference("MediaLinks"))
        return (
            Route("POST", "/api/v1/media/links", self.sign, Scope.READ,
                  "Short-lived signed URLs for pictures", _TAG, (links,),
                  body=Body(reference("LinkRequest")),
                  description="Whoever has such a URL sees the picture until it is over."),
        )  # fmt: skip

    def schemas(self) -> Mapping[str, JsonObject]:
        """None of its own."""
        return {}

    async def sign(self, request: web.Request) -> web.Response:
        """A signed URL for each path."""
        body: Any = request[BODY]
        lifetime = timedelta(seconds=body.get("lifetime_s", _USUAL_S))
        faults = [
            Fault(f"body.paths.{number}", "a path of a picture under the API was expected")
            for number, path in enumerate(body["paths"])
            if not any(form.fullmatch(_BASE + path) for form in self.linkable)
        ]
        if faults:
            raise RequestError("Some of the paths lead to no picture.", faults[:20])
        ingress = badge_of(request).ingress
        before = "" if ingress is None else ingress.path
        expires_at = self.signer.end_of(lifetime)
        items = [
            {"path": path, "url": before + self.signer.sign(_BASE + path, expires_at)}
            for path in body["paths"]
        ]
        return json_answer({"items": items, "expires_at": format_time(expires_at)})


def linkable(routes: Iterable[Route]) -> tuple[re.Pattern[str], ...]:
    """The paths that a signed URL may open, each name in them standing for one plain step."""
    return tuple(
        re.compile(_NAME.sub(r"(?!\\.{1,2}(/|$))[A-Za-z0-9_.-]+", re.escape(route.path)))
        for route in routes
        if route.linkable
    )
