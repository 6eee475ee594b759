"""The HTTP door of a running engine: every subject's routes over the rooms behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lpr_engine import __version__
from lpr_engine.api.analytics import AnalyticsRoutes
from lpr_engine.api.backup import BackupRoutes
from lpr_engine.api.config import ConfigRoutes
from lpr_engine.api.description import DescriptionRoutes
from lpr_engine.api.entrance import Entrance
from lpr_engine.api.export import ExportRoutes
from lpr_engine.api.health import HealthRoutes
from lpr_engine.api.metrics import FiguresCollector, Metrics
from lpr_engine.api.passages import PassageRoutes
from lpr_engine.api.route import RouteGroup
from lpr_engine.api.server import ApiServer
from lpr_engine.api.table import RouteTable
from lpr_engine.app.access import build_access
from lpr_engine.app.live_door import LiveDoor
from lpr_engine.config.desk import ConfigurationDesk
from lpr_engine.config.sections import Configuration
from lpr_engine.model.backup import BackupDesk
from lpr_engine.model.clock import Clock
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
    clock: Clock,
    live: LiveDoor,
    desks: Desks,
    entrance: Entrance | None = None,
    groups: Iterable[RouteGroup] = (),
) -> ApiServer:
    """The door, not yet open; `entrance` in place of the one that the configuration asks for.

    `groups` are subjects over rooms that only the engine knows.
    """
    metrics.show(FiguresCollector(figures, __version__))
    media_dir = config.storage.directory / MEDIA_NAME
    every: tuple[RouteGroup, ...] = (
        HealthRoutes(config.engine.id, __version__, figures, metrics),
        ExportRoutes(store.search, media_dir, clock),
        PassageRoutes(store.search, media_dir),
        AnalyticsRoutes(store.analytics, clock),
        ConfigRoutes(desks.configuration),
        BackupRoutes(desks.backups, config.backup.upload_max_mb),
        *live.groups,
        *groups,
    )
    access = build_access(config.api, store.access, clock, every)
    table = RouteTable(access.groups)
    table.add(DescriptionRoutes(table, __version__))
    lifespans = (access.lifespan, *live.lifespans)
    return ApiServer(config.api, table, entrance or access.porter, metrics, lifespans)
