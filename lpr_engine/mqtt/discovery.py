"""The engine and its cameras as Home Assistant devices (MQTT discovery, device-based).

Protocol: https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload
"""

from __future__ import annotations

from lpr_engine.config.sections import CameraSection
from lpr_engine.model.contract import JsonObject
from lpr_engine.model.figures import HostFigures
from lpr_engine.mqtt.camera_entities import camera_components
from lpr_engine.mqtt.engine_entities import engine_components
from lpr_engine.mqtt.identity import EngineIdentity
from lpr_engine.mqtt.topics import Topics

ORIGIN_NAME = "lpr-engine"
MANUFACTURER = "LPR"


def engine_discovery(identity: EngineIdentity, topics: Topics, host: HostFigures) -> JsonObject:
    """The engine's device; figures that this host does not have get no entity."""
    device = {
        "identifiers": [f"lpr_{identity.id}"],
        "name": identity.name,
        "manufacturer": MANUFACTURER,
        "model": "Engine",
        "sw_version": identity.version,
    }
    if identity.api_url is not None:
        device["configuration_url"] = identity.api_url
    return {
        "device": device,
        "origin": _origin(identity),
        "components": engine_components(topics, host),
    }


def camera_discovery(
    identity: EngineIdentity, topics: Topics, camera: CameraSection, *, publish_crop: bool
) -> JsonObject:
    """One camera's device, reached through the engine's."""
    return {
        "device": {
            "identifiers": [f"lpr_{identity.id}_{camera.id}"],
            "name": camera.name or camera.id,
            "manufacturer": MANUFACTURER,
            "model": "Camera",
            "via_device": f"lpr_{identity.id}",
        },
        "origin": _origin(identity),
        "components": camera_components(topics, camera.id, publish_crop=publish_crop),
    }


def _origin(identity: EngineIdentity) -> JsonObject:
    return {"name": ORIGIN_NAME, "sw_version": identity.version}
