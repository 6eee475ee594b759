"""Run inside Home Assistant's own environment: are discovery payloads what its schemas want?

Reads device payloads by name from standard input and prints, as JSON, the keys of each component
that the platform's schema would silently drop. A payload that a schema refuses ends in a traceback.
"""

import asyncio
import importlib
import json
import sys
from typing import Any

from homeassistant.components.mqtt import discovery
from homeassistant.components.mqtt.schemas import DEVICE_DISCOVERY_SCHEMA
from homeassistant.core import HomeAssistant


def dropped_keys(content: dict[str, Any]) -> dict[str, list[str]]:
    """The keys of each component that its platform would not look at."""
    payload = discovery.MQTTDiscoveryPayload(content)
    discovery._replace_all_abbreviations(payload)
    discovery.validate_device_discovery_components(DEVICE_DISCOVERY_SCHEMA(dict(payload)))
    dropped = {}
    for name, component in payload["components"].items():
        if set(component) == {"platform"}:
            continue  # How a component is taken back.
        module = f"homeassistant.components.mqtt.{component['platform']}"
        given = {key: value for key, value in component.items() if key != "platform"}
        # Device and origin belong to each component once Home Assistant has taken it apart.
        given |= {"device": payload["device"], "origin": payload["origin"]}
        accepted = importlib.import_module(module).DISCOVERY_SCHEMA(dict(given))
        dropped[name] = sorted(set(given) - set(accepted))
    return dropped


async def main() -> None:
    """Templates are only compiled where a Home Assistant is."""
    home = HomeAssistant("/config")
    payloads = json.load(sys.stdin)
    json.dump({name: dropped_keys(content) for name, content in payloads.items()}, sys.stdout)
    await home.async_stop(force=True)


asyncio.run(main())
