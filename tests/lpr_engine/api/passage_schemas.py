"""The named schemas of passages, for doors without their routes."""

from __future__ import annotations

from collections.abc import Mapping

from lpr_engine.api.route import Route
from lpr_engine.api.schemas.passages import SCHEMAS
from lpr_engine.model.contract import JsonObject


class PassageSchemas:
    """A group without a route."""

    def routes(self) -> tuple[Route, ...]:
        return ()

    def schemas(self) -> Mapping[str, JsonObject]:
        return SCHEMAS
