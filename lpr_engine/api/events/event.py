"""What is sent to subscribers, put into bytes once for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lpr_engine.api.events.wish import Kind
from lpr_engine.api.problem import RequestError
from lpr_engine.model.contract import (
    CONTRACT_VERSION,
    JsonObject,
    format_time,
    is_late,
    passage_to_json,
)
from lpr_engine.model.events import PassagesExpired
from lpr_engine.model.passage import Passage
from lpr_engine.model.wire import encode


@dataclass(frozen=True, slots=True)
class PassageEvent:
    """A revision, with what is sent to those who hear of it as it happens."""

    passage: Passage
    message: bytes

    @classmethod
    def of(cls, passage: Passage, now: datetime) -> PassageEvent:
        """A revision as it is told now."""
        late = is_late(passage, now)
        return cls(passage, _passage(passage_to_json(passage, late=late)))

    @property
    def sequence(self) -> int:
        """The revision's number."""
        return self.passage.sequence


@dataclass(frozen=True, slots=True)
class Removal:
    """Somebody had a passage forgotten."""

    passage: Passage

    @property
    def message(self) -> bytes:
        """What is sent: nothing of what was forgotten but its name."""
        told = {"type": "removed", "id": self.passage.id, "camera": self.passage.camera}
        return encode(told)


@dataclass(frozen=True, slots=True)
class Expiry:
    """Retention removed passages."""

    expired: PassagesExpired

    @property
    def notice(self) -> Notice:
        """What is sent to all who hear of passages: which ones it were, nobody knows any more."""
        told = {
            "type": "expired",
            "passages": self.expired.passages,
            "before": format_time(self.expired.before),
        }
        return Notice(Kind.PASSAGE, None, encode(told))


@dataclass(frozen=True, slots=True)
class Notice:
    """How something is now; `camera` is None where it is about the engine."""

    kind: Kind
    camera: str | None
    message: bytes


def repetition(passage: Passage) -> bytes:
    """A revision for somebody who was away: they may have acted on it before they were."""
    return _passage(passage_to_json(passage, late=True, redelivered=True))


def hello(
    engine: str, version: str, newest: int, resumed_after: int | None, *, reset: bool
) -> bytes:
    """The first thing that is said."""
    return encode(
        {
            "type": "hello",
            "contract": CONTRACT_VERSION,
            "engine": engine,
            "version": version,
            "newest": newest,
            "resumed_after": resumed_after,
            "reset": reset,
        }
    )


def live(sequence: int) -> bytes:
    """What was missed is told; what follows happens now."""
    return encode({"type": "live", "sequence": sequence})


def heartbeat(sequence: int, now: datetime) -> bytes:
    """Nothing happened, and the engine is there."""
    return encode({"type": "heartbeat", "sequence": sequence, "time": format_time(now)})


def camera_notice(camera: str, state: JsonObject) -> Notice:
    """How a camera is now."""
    return Notice(Kind.CAMERA, camera, encode({"type": "camera", "camera": state}))


def health_notice(health: JsonObject) -> Notice:
    """How the engine is now."""
    return Notice(Kind.HEALTH, None, encode({"type": "health", "health": health}))


def refusal(error: RequestError) -> bytes:
    """Why a subscriber's message was not understood."""
    faults: Sequence[JsonObject] = [
        {"where": fault.where, "detail": fault.detail} for fault in error.faults
    ]
    told = {"type": "error", "code": error.code, "detail": str(error), "errors": faults}
    return encode(told)


def _passage(passage: JsonObject) -> bytes:
    return encode({"type": "passage", "passage": passage})
