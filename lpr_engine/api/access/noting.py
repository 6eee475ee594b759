"""Entries for the audit trail, about whoever asks."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from aiohttp import web

from lpr_engine.api.asking import ask
from lpr_engine.api.caller import caller_of
from lpr_engine.api.route import PRINCIPAL
from lpr_engine.model.access import PrincipalKind
from lpr_engine.model.access_ports import AuditTrail
from lpr_engine.model.audit import AuditEntry
from lpr_engine.model.clock import Clock
from lpr_engine.model.errors import StoreError

_LOGGER = logging.getLogger(__name__)

NOBODY = "unknown"
"""Who proved nothing; a name that no account has may be a password typed into the wrong field."""


@dataclass(frozen=True, slots=True)
class AuditDesk:
    """Where acts are written down."""

    trail: AuditTrail
    clock: Clock

    async def note(
        self,
        request: web.Request,
        action: str,
        subject: str | None = None,
        detail: str | None = None,
        *,
        actor: str | None = None,
        succeeded: bool = True,
    ) -> None:
        """Note an act; what is done stays done when that fails, for a full disk shuts nobody out.

        `actor` is the account of a request that proves it only now, as at a sign-in.
        """
        principal = request.get(PRINCIPAL) if actor is None else None
        kind = PrincipalKind.ACCOUNT if actor and succeeded else None
        entry = AuditEntry(
            at=self.clock.now(),
            action=action,
            succeeded=succeeded,
            actor=actor or (NOBODY if principal is None else principal.name),
            actor_kind=kind if principal is None else principal.kind,
            address=caller_of(request).address,
            subject=subject,
            detail=detail,
        )
        try:
            await ask(lambda: self.trail.note(entry))
        except (StoreError, asyncio.TimeoutError) as err:
            _LOGGER.error("not in the audit trail, %s by %s: %s", action, entry.actor, err)
