"""The HTTP door of a running engine: every subject's routes over the rooms behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lpr_engine import __version__
from lpr_engine.api.backup import BackupRoutes
from lpr_engine.api.config import ConfigRoutes
from lpr_engine.api.description import DescriptionRoutes
from lpr_engine.api.entrance import Entrance, TokenEntrance
from lpr_engine.api.health import HealthRoutes
from lpr_engine.api.metrics import FiguresCollector, Metrics
from lpr_engine.api.passages import PassageRoutes
from lpr_engine.api.server import ApiServer
from lpr_engine.api.table import RouteTable
from lpr_engine.config.desk import ConfigurationDesk
from lpr_engine.config.sections import Configuration
from lpr_engine.model.backup import BackupDesk
from lpr_engine.model.figures import EngineFigures
from lpr_engine.store.media import MEDIA_NAME
from lpr_engine.store.store import PassageStore


@dataclass(frozen=True, slots=True)
class Desks:
    """What people may change of the engine itself."""

    configuration: ConfigurationDesk
    backups: BackupDesk


def build_door(
    config: Configuration,
    store: PassageStore,
    figures: Callable[[], EngineFigures],
    metrics: Metrics,
    desks: Desks,
    entrance: Entrance | None = None,
) -> ApiServer:
    """The door, not yet open; `entrance` in place of the one that the configuration asks for."""
    metrics.show(FiguresCollector(figures, __version__))
    table = RouteTable(
        (
            HealthRoutes(config.engine.id, __version__, figures, metrics),
            PassageRoutes(store.search, config.storage.directory / MEDIA_NAME),
            ConfigRoutes(desks.configuration),
            BackupRoutes(desks.backups),
        )
    )
    table.add(DescriptionRoutes(table, __version__))
    return ApiServer(config.api, table, entrance or TokenEntrance(config.api.token), metrics)
