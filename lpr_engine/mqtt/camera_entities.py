"""A camera's entities: its plates, its controls, how its stream does."""

from __future__ import annotations

from lpr_engine.model.contract import JsonObject
from lpr_engine.model.figures import CameraHealth
from lpr_engine.model.passage import Stage
from lpr_engine.mqtt.entity import engine_available, entity
from lpr_engine.mqtt.topics import Topics

SEEING = (CameraHealth.STREAMING, CameraHealth.ENDED)
"""While a camera is in another state, what it saw last is not told as if it were now.

A file that was played to its end has told everything it ever will, so its values stand.
"""


def camera_components(topics: Topics, camera: str, *, publish_crop: bool) -> JsonObject:
    """All components of a camera's device by their key.

    Without crops, the image component is named by its platform alone, which removes it from a
    Home Assistant that knew it.
    """
    crop = _crop(topics, camera) if publish_crop else {"platform": "image"}
    return {
        "plate": _plate(topics, camera),
        "last_plate": _last_plate(topics, camera),
        "last_seen": _last_seen(topics, camera),
        "passages_today": _passages_today(topics, camera),
        "crop": crop,
        "enabled": _enabled(topics, camera),
        "confidence": _confidence(topics, camera),
        "snapshot": _snapshot(topics, camera),
        "fps": _rate(topics, camera, "fps", "Frame rate", "fps", unit_of_measurement="fps"),
        "dropped": _rate(topics, camera, "dropped", "Dropped frames", "frames_dropped"),
        "health": _health(topics, camera),
    }


def _own(
    topics: Topics, camera: str, key: str, platform: str, name: str, **fields: object
) -> JsonObject:
    """An entity that tells something even while the camera sees nothing."""
    return entity(topics, f"{topics.engine}_{camera}", key, platform, name, **fields)


def _seen(
    topics: Topics, camera: str, key: str, platform: str, name: str, **fields: object
) -> JsonObject:
    """An entity that is unavailable while the engine is away or the camera sees nothing."""
    states = ", ".join(f"'{health.value}'" for health in SEEING)
    camera_available = {
        "topic": topics.camera(camera, "state"),
        "value_template": (f"{{{{ 'online' if value_json.health in ({states}) else 'offline' }}}}"),
    }
    return _own(
        topics,
        camera,
        key,
        platform,
        name,
        **{
            "availability": [engine_available(topics), camera_available],
            "availability_mode": "all",
            **fields,
        },
    )


def _plate(topics: Topics, camera: str) -> JsonObject:
    return _seen(
        topics,
        camera,
        "plate",
        "event",
        "Plate",
        state_topic=topics.camera(camera, "event"),
        event_types=[stage.value for stage in Stage],
        icon="mdi:car",
    )


def _last_plate(topics: Topics, camera: str) -> JsonObject:
    names = ("passage", "display", "confidence", "region", "direction", "list", "vehicle")
    attributes = ", ".join(f"'{name}': value_json.last_{name}" for name in names)
    state = topics.camera(camera, "state")
    return _seen(
        topics,
        camera,
        "last_plate",
        "sensor",
        "Last plate",
        state_topic=state,
        value_template="{{ value_json.last_plate }}",
        json_attributes_topic=state,
        json_attributes_template=f"{{{{ {{{attributes}}} | tojson }}}}",
        icon="mdi:car",
    )


def _last_seen(topics: Topics, camera: str) -> JsonObject:
    return _seen(
        topics,
        camera,
        "last_seen",
        "sensor",
        "Last seen",
        state_topic=topics.camera(camera, "state"),
        value_template="{{ value_json.last_seen }}",
        device_class="timestamp",
    )


def _passages_today(topics: Topics, camera: str) -> JsonObject:
    return _seen(
        topics,
        camera,
        "passages_today",
        "sensor",
        "Passages today",
        state_topic=topics.camera(camera, "state"),
        value_template="{{ value_json.passages_today }}",
        state_class="total_increasing",
        icon="mdi:counter",
    )


def _crop(topics: Topics, camera: str) -> JsonObject:
    return _seen(
        topics,
        camera,
        "crop",
        "image",
        "Plate crop",
        image_topic=topics.camera(camera, "crop"),
        content_type="image/jpeg",
    )


def _enabled(topics: Topics, camera: str) -> JsonObject:
    return _own(
        topics,
        camera,
        "enabled",
        "switch",
        "Enabled",
        command_topic=topics.setting(camera, "enabled"),
        state_topic=topics.camera(camera, "state"),
        value_template="{{ 'ON' if value_json.enabled else 'OFF' }}",
        payload_on="ON",
        payload_off="OFF",
        entity_category="config",
    )


def _confidence(topics: Topics, camera: str) -> JsonObject:
    return _own(
        topics,
        camera,
        "confidence",
        "number",
        "Confidence",
        command_topic=topics.setting(camera, "confidence"),
        state_topic=topics.camera(camera, "state"),
        value_template="{{ value_json.confidence }}",
        min=0,
        max=1,
        step=0.01,
        mode="slider",
        entity_category="config",
    )


def _snapshot(topics: Topics, camera: str) -> JsonObject:
    return _seen(
        topics,
        camera,
        "snapshot",
        "button",
        "Snapshot",
        command_topic=topics.setting(camera, "snapshot"),
        payload_press="PRESS",
    )


def _rate(topics: Topics, camera: str, key: str, name: str, figure: str, **unit: str) -> JsonObject:
    state_class = "measurement" if unit else "total_increasing"
    return _seen(
        topics,
        camera,
        key,
        "sensor",
        name,
        state_topic=topics.camera(camera, "state"),
        value_template=f"{{{{ value_json.{figure} }}}}",
        state_class=state_class,
        entity_category="diagnostic",
        **unit,
    )


def _health(topics: Topics, camera: str) -> JsonObject:
    return _own(
        topics,
        camera,
        "health",
        "sensor",
        "Health",
        state_topic=topics.camera(camera, "state"),
        value_template="{{ value_json.health }}",
        device_class="enum",
        options=[health.value for health in CameraHealth],
        entity_category="diagnostic",
    )
