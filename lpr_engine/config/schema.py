"""The schema: every key of every section and the rule for its value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lpr_engine.config import sections
from lpr_engine.config.address import host
from lpr_engine.config.agreement import api_agrees, mqtt_agrees, tracking_agrees
from lpr_engine.config.paths import any_path, folder, model_name, readable_file
from lpr_engine.config.rules import (
    Rule,
    choice,
    country,
    each,
    flag,
    identifier,
    label,
    number,
    optional,
    rotation,
    secret,
    text,
    time_of_day,
    token,
    topic,
    whole,
)
from lpr_engine.config.section import keyed, unique
from lpr_engine.config.shapes import line, named_area, polygon
from lpr_engine.config.source import source
from lpr_engine.config.web import certificate, network, origin
from lpr_engine.model.access import Role

LOG_LEVELS = ("debug", "info", "warning", "error")
PROVIDERS = ("auto", "tensorrt", "cuda", "coreml", "openvino", "cpu")
PICTURE_FORMATS = ("jpeg", "webp")
BACKUP_RHYTHMS = ("never", "day", "week", "month")

_port = whole(1, 65535)
_share = number(0, 1)
_days = whole(0, 36_500)

_zone_rules: dict[str, Rule] = {"name": label(64), "area": polygon}
_zone_keys = keyed(sections.Zone, _zone_rules, required=("name", "area"))


def zone(value: Any) -> Any:
    """A named area, as keys or as text."""
    return _zone_keys(named_area(value))


def configuration(base: Path) -> Rule:
    """The rule for a whole configuration whose relative paths start at `base`."""

    def build(**clean: Any) -> sections.Configuration:
        defaults = {"storage": storage(base)(None), "backup": backup(base)(None)}
        return sections.Configuration(**{**defaults, **clean})

    return keyed(
        build,
        {
            "engine": keyed(sections.EngineSection, engine_rules(), may_be_empty=True),
            "mqtt": keyed(sections.MqttSection, mqtt_rules(base), mqtt_agrees, may_be_empty=True),
            "cameras": unique(each(camera(base), may_be_empty=True), "id", "camera"),
            "models": keyed(sections.ModelsSection, model_rules(base), may_be_empty=True),
            "tracking": keyed(
                sections.TrackingSection, tracking_rules(), tracking_agrees, may_be_empty=True
            ),
            "storage": storage(base),
            "retention": keyed(sections.RetentionSection, retention_rules(), may_be_empty=True),
            "backup": backup(base),
            "api": keyed(sections.ApiSection, api_rules(base), api_agrees, may_be_empty=True),
        },
    )


def engine_rules() -> dict[str, Rule]:
    """Who this engine is."""
    return {"id": identifier, "name": label(100), "log_level": choice(LOG_LEVELS)}


def mqtt_rules(base: Path) -> dict[str, Rule]:
    """How to reach the broker."""
    return {
        "host": optional(host),
        "port": _port,
        "username": optional(text("a user's name")),
        "password": optional(secret),
        "client_id": optional(text("a client id", longest=128)),
        "tls": flag,
        "ca_file": optional(readable_file(base)),
        "certificate_file": optional(readable_file(base)),
        "key_file": optional(readable_file(base)),
        "tls_insecure": flag,
        "discovery": flag,
        "discovery_prefix": topic,
        "topic_prefix": topic,
        "publish_crop": flag,
    }


def camera(base: Path) -> Rule:
    """One camera; without a name it is called by its id."""
    rules: dict[str, Rule] = {
        "id": identifier,
        "source": source(base),
        "name": optional(label(100)),
        "enabled": flag,
        "fps": number(0.1, 60),
        "rotate": rotation,
        "zones": unique(each(zone), "name", "zone"),
        "masks": each(polygon),
        "min_plate_height_px": whole(1, 2000),
        "direction_line": optional(line),
        "country": optional(country),
        "realtime": flag,
        "repeat": flag,
    }

    def build(**clean: Any) -> sections.CameraSection:
        name = clean.pop("name", None) or clean["id"]
        return sections.CameraSection(name=name, **clean)

    return keyed(build, rules, required=("id", "source"))


def model_rules(base: Path) -> dict[str, Rule]:
    """Which models see and read."""
    return {
        "detector": model_name(base),
        "reader": model_name(base),
        "plate_config": optional(readable_file(base)),
        "confidence": _share,
        "input_size": whole(64, 4096),
        "closer_look": flag,
        "tiling": flag,
        "provider": choice(PROVIDERS),
        "threads": whole(0, 256),
        "cache_dir": optional(any_path(base)),
    }


def tracking_rules() -> dict[str, Rule]:
    """When a track becomes a passage."""
    return {
        "min_readings": whole(1, 1000),
        "min_confidence": _share,
        "preview_confidence": _share,
        "lost_after_s": number(0.1, 600),
        "max_track_s": number(1, 86_400),
        "parked_after_s": number(0.1, 86_400),
        "same_plate_within_s": number(0, 86_400),
        "countries": each(country),
        "learn_formats": flag,
    }


def storage(base: Path) -> Rule:
    """Where passages and pictures live; the default folder is beside the file, too."""
    default = base / sections.StorageSection().directory
    rules: dict[str, Rule] = {
        "directory": folder(base),
        "picture_quality": whole(1, 100),
        "picture_format": choice(PICTURE_FORMATS),
        "keep_frames": flag,
    }

    def build(**clean: Any) -> sections.StorageSection:
        return sections.StorageSection(**{"directory": default, **clean})

    return keyed(build, rules, may_be_empty=True)


def retention_rules() -> dict[str, Rule]:
    """How long and how much is kept."""
    return {
        "passages_days": _days,
        "pictures_days": _days,
        "pictures_max_mb": whole(0, 10**9),
        "audit_days": _days,
    }


def backup(base: Path) -> Rule:
    """When and where backups are made; the default folder is beside the file."""
    default = base / sections.BackupSection().directory
    rules: dict[str, Rule] = {
        "every": choice(BACKUP_RHYTHMS),
        "at": time_of_day,
        "keep": whole(1, 1000),
        "directory": folder(base),
        "media": flag,
        "secrets": flag,
        "upload_max_mb": whole(0, 10**7),
    }

    def build(**clean: Any) -> sections.BackupSection:
        return sections.BackupSection(**{"directory": default, **clean})

    return keyed(build, rules, may_be_empty=True)


def api_rules(base: Path) -> dict[str, Rule]:
    """Where the HTTP door listens, and how much of it anyone may use."""
    return {
        "host": host,
        "port": _port,
        "token": optional(token),
        "tls_certificate": optional(certificate(base)),
        "tls_key": optional(certificate(base)),
        "cors_origins": each(origin, most=100),
        "requests_per_second": number(1, 10_000),
        "connections": whole(16, 65_536),
        "sockets": whole(1, 10_000),
        "sockets_per_client": whole(1, 10_000),
        "trusted_proxies": each(network, most=100),
        "ingress": flag,
        "ingress_role": choice(role.value for role in Role),
        "ingress_admins": each(text("a user's name or id", longest=100), most=100),
    }
