"""The part of the door where people keep vehicles and lists, and have their say about passages."""

from __future__ import annotations

import uuid6

from lpr_engine.api.corrections import CorrectionRoutes
from lpr_engine.api.lists import ListRoutes
from lpr_engine.api.passage_actions import PassageActionRoutes
from lpr_engine.api.route import RouteGroup
from lpr_engine.api.vehicle_tables import VehicleTableRoutes
from lpr_engine.api.vehicles import VehicleRoutes
from lpr_engine.api.verdict import VerdictRoutes
from lpr_engine.model.clock import Clock
from lpr_engine.model.passage_actions import PassageActions
from lpr_engine.model.question import VerdictExplainer
from lpr_engine.store.store import PassageStore


def people_groups(
    store: PassageStore, rules: VerdictExplainer, actions: PassageActions, clock: Clock
) -> tuple[RouteGroup, ...]:
    """Its subjects."""
    books = store.books
    return (
        VehicleRoutes(books.vehicles, lambda: str(uuid6.uuid7())),
        VehicleTableRoutes(books.vehicles, books.vehicle_import),
        ListRoutes(books.lists),
        VerdictRoutes(rules, clock),
        PassageActionRoutes(actions, books.remarks),
        CorrectionRoutes(books.corrections, store.media.read),
    )
