"""How somebody may prove who they are, as the OpenAPI document tells it."""

from __future__ import annotations

from typing import Final

from lpr_engine.api.route import Route
from lpr_engine.model.contract import JsonObject

SECURITY_SCHEMES: Final[JsonObject] = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key, or the token of the configuration.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "lpr_session",
        "description": "The cookie of an account; letters of the engine's own follow its name.",
    },
    "link": {
        "type": "apiKey",
        "in": "query",
        "name": "signature",
        "description": "A signed URL, good for one path and a short time.",
    },
}


def security_of(route: Route) -> list[JsonObject]:
    """The ways into a route; none for a public one."""
    if route.needs is None:
        return []
    scopes = [route.needs.value]
    ways: list[JsonObject] = [{"key": scopes}, {"session": scopes}]
    return [*ways, {"link": []}] if route.linkable else ways
