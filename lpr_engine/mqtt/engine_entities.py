"""The engine's entities: figures of its host, its outbox, its problems."""

from __future__ import annotations

from lpr_engine.model.contract import JsonObject
from lpr_engine.model.figures import HostFigures
from lpr_engine.mqtt.entity import entity
from lpr_engine.mqtt.topics import Topics

HEALTH_EVERY_S = 30
"""How often health is published when nothing changes."""

HEALTH_EXPIRES_S = 4 * HEALTH_EVERY_S
"""When Home Assistant gives up on figures of an engine whose connection still lives."""

_DATA_SIZE = {"device_class": "data_size", "unit_of_measurement": "MB"}
_PERCENT = {"unit_of_measurement": "%"}


_TROUBLE = "{{ {'problems': value_json.problems, 'notices': value_json.notices} | tojson }}"


def engine_components(topics: Topics, host: HostFigures) -> JsonObject:
    """All components of the engine's device by their key."""
    return {
        "cpu": _host_sensor(topics, "cpu", "CPU", "cpu_percent", _PERCENT),
        "memory": _host_sensor(topics, "memory", "Memory", "memory_percent", _PERCENT),
        "process_memory": _host_sensor(
            topics, "process_memory", "Process memory", "process_memory_mb", _DATA_SIZE
        ),
        "disk_free": _host_sensor(topics, "disk_free", "Disk free", "disk_free_mb", _DATA_SIZE),
        **_optional_sensors(topics, host),
        "uptime": _sensor(
            topics,
            "uptime",
            "Uptime",
            "value_json.uptime_s",
            {"device_class": "duration", "unit_of_measurement": "s"},
        ),
        "outbox": _sensor(topics, "outbox", "Outbox", "value_json.outbox_depth", {}),
        "problem": _problem(topics),
    }


def _optional_sensors(topics: Topics, host: HostFigures) -> JsonObject:
    known: JsonObject = {}
    if host.temperature_c is not None:
        unit = {"device_class": "temperature", "unit_of_measurement": "°C"}
        known["temperature"] = _host_sensor(
            topics, "temperature", "Temperature", "temperature_c", unit
        )
    if host.gpu_percent is not None:
        known["gpu"] = _host_sensor(topics, "gpu", "GPU", "gpu_percent", _PERCENT)
    if host.power_w is not None:
        unit = {"device_class": "power", "unit_of_measurement": "W"}
        known["power"] = _host_sensor(topics, "power", "Power", "power_w", unit)
    return known


def _host_sensor(
    topics: Topics, key: str, name: str, figure: str, unit: dict[str, str]
) -> JsonObject:
    return _sensor(topics, key, name, f"value_json.host.{figure}", unit)


def _sensor(topics: Topics, key: str, name: str, value: str, unit: dict[str, str]) -> JsonObject:
    return entity(
        topics,
        topics.engine,
        key,
        "sensor",
        name,
        state_topic=topics.health,
        value_template=f"{{{{ {value} }}}}",
        state_class="measurement",
        entity_category="diagnostic",
        expire_after=HEALTH_EXPIRES_S,
        **unit,
    )


def _problem(topics: Topics) -> JsonObject:
    return entity(
        topics,
        topics.engine,
        "problem",
        "binary_sensor",
        "Problem",
        state_topic=topics.health,
        value_template="{{ 'ON' if value_json.problems else 'OFF' }}",
        json_attributes_topic=topics.health,
        json_attributes_template=_TROUBLE,
        device_class="problem",
        entity_category="diagnostic",
        expire_after=HEALTH_EXPIRES_S,
    )
