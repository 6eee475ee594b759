"""The HTTP door of a running engine: every subject's routes over the rooms behind them."""

from __future__ import annotations

from collections.abc import Callable

from lpr_engine import __version__
from lpr_engine.api.entrance import TokenEntrance
from lpr_engine.api.health import HealthRoutes
from lpr_engine.api.passages import PassageRoutes
from lpr_engine.api.server import ApiServer
from lpr_engine.api.table import RouteTable
from lpr_engine.config.sections import Configuration
from lpr_engine.model.figures import EngineFigures
from lpr_engine.store.media import MEDIA_NAME
from lpr_engine.store.store import PassageStore


def build_door(
    config: Configuration, store: PassageStore, figures: Callable[[], EngineFigures]
) -> ApiServer:
    """The door, not yet open."""
    table = RouteTable(
        (
            HealthRoutes(figures, __version__),
            PassageRoutes(store.search, config.storage.directory / MEDIA_NAME),
        )
    )
    return ApiServer(config.api, table, TokenEntrance(config.api.token))
