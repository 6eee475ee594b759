"""What the topics carry: passages, states and figures as the contract's JSON objects."""

from __future__ import annotations

from datetime import datetime

from lpr_engine.model.contract import (
    CONTRACT_VERSION,
    JsonObject,
    format_time,
    is_late,
    passage_to_json,
)
from lpr_engine.model.figures import CameraFigures
from lpr_engine.model.outbox import OutboxRow
from lpr_engine.model.passage import Passage
from lpr_engine.mqtt.identity import EngineIdentity


def row_to_json(row: OutboxRow, now: datetime) -> JsonObject:
    """An outbox row as the `passage` topic carries it; a repetition is late, too."""
    late = row.attempted or is_late(row.passage, now)
    return passage_to_json(row.passage, late=late, redelivered=row.attempted)


def event_to_json(passage: JsonObject) -> JsonObject:
    """The same passage as Home Assistant's event entity wants it."""
    return {"event_type": passage["stage"], **passage}


def announce_to_json(identity: EngineIdentity) -> JsonObject:
    """Who this engine is."""
    return {
        "contract": CONTRACT_VERSION,
        "id": identity.id,
        "name": identity.name,
        "version": identity.version,
        "api_url": identity.api_url,
        "public_key_fingerprint": identity.public_key_fingerprint,
    }


def camera_state_to_json(figures: CameraFigures, last: Passage | None) -> JsonObject:
    """One camera's state with its last final passage; nulls where there was none yet."""
    return {
        "contract": CONTRACT_VERSION,
        "camera": figures.camera,
        "health": figures.health.value,
        "enabled": figures.enabled,
        "confidence": figures.confidence,
        "fps": round(figures.frames_per_second, 1),
        "frames_dropped": figures.frames_dropped,
        "reconnects": figures.reconnects,
        "last_error": figures.last_error,
        "passages_today": figures.passages_today,
        "last_passage": last.id if last else None,
        "last_plate": last.text if last else None,
        "last_display": last.display if last else None,
        "last_confidence": round(last.confidence, 4) if last else None,
        "last_region": last.region if last else None,
        "last_direction": last.direction.value if last else None,
        "last_list": last.verdict.list_name if last else None,
        "last_vehicle": last.verdict.vehicle if last else None,
        "last_seen": format_time(last.last_seen) if last else None,
    }
