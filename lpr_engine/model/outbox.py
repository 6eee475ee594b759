"""A passage revision waiting in the store until the broker has confirmed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lpr_engine.model.passage import Passage


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One row of the outbox.

    `attempted` tells that a delivery was begun before, by this process or by one that died: the
    receiver may already have it, so the next delivery is marked as a repetition.
    """

    sequence: int
    passage: Passage
    attempted: bool
    queued_at: datetime
