"""What all discovered entities share: names that stay and availability."""

from __future__ import annotations

from lpr_engine.model.contract import JsonObject
from lpr_engine.mqtt.topics import Topics


def entity(
    topics: Topics, device: str, key: str, platform: str, name: str, **fields: object
) -> JsonObject:
    """One component of a device; unavailable while the engine is away.

    `object_id` is for Home Assistant before 2025.10, `default_entity_id` for those after it.
    """
    unique = f"lpr_{device}_{key}"
    return {
        "platform": platform,
        "unique_id": unique,
        "object_id": unique,
        "default_entity_id": f"{platform}.{unique}",
        "name": name,
        "availability": [engine_available(topics)],
        "qos": 1,
        **fields,
    }


def engine_available(topics: Topics) -> JsonObject:
    """Available while the engine's status says so."""
    return {"topic": topics.status}
