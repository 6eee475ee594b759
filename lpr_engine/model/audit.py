"""The audit trail: who came in or tried to, and who changed what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lpr_engine.model.access import PrincipalKind


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act; `subject` is what it was about, `number` rises with each entry.

    `actor_kind` None means somebody who had not proved anything, or the command line.
    """

    at: datetime
    action: str
    succeeded: bool
    actor: str
    actor_kind: PrincipalKind | None = None
    address: str | None = None
    subject: str | None = None
    detail: str | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are wanted; None means all."""

    action: str | None = None
    actor: str | None = None
    succeeded: bool | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries, newest first; `next_cursor` leads to older ones."""

    entries: tuple[AuditEntry, ...]
    next_cursor: str | None
