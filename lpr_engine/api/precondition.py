"""Changes held to what whoever makes them has seen: ETag and If-Match (RFC 9110, 13.1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from lpr_engine.api.answer import json_answer, tag_of
from lpr_engine.api.problem import RequestError
from lpr_engine.api.route import Answer
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.wire import encode

ETAG: Final[Mapping[str, str]] = {"ETag": "For `If-Match`, to change it only as it is here."}
OVERTAKEN: Final = Answer(412, "It is no longer as `If-Match` says; look at it again.")


def fresh_answer(data: JsonObject, status: int = 200, **headers: str) -> web.Response:
    """What a change left behind, with its ETag."""
    response = json_answer(data, status, **headers)
    response.etag = tag_of(encode(data))
    return response


def check_seen(request: web.Request, data: JsonObject) -> None:
    """Refuse a change by somebody who has not seen what is to be changed as it is now.

    Raises:
        RequestError: `If-Match` names another state.
    """
    wanted = request.if_match
    if wanted is None:
        return
    now = tag_of(encode(data))
    if not any(one.value == "*" or (one.value == now and not one.is_weak) for one in wanted):
        raise RequestError("It was changed meanwhile.", status=412)
