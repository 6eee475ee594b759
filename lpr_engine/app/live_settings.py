"""What of a configuration a running engine takes over at once; all else waits for a restart."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lpr_engine.app.backup_keeper import BackupKeeper
from lpr_engine.config.sections import CameraSection, Configuration, TrackingSection
from lpr_engine.grammar.prior import Grammar
from lpr_engine.pipeline.pipeline import Pipeline
from lpr_engine.plates.rules import OpeningThresholds, PlateRules
from lpr_engine.store.store import PassageStore
from lpr_engine.tracking.tracker import PlateTracker

_STREAM: Final = ("source", "fps", "rotate", "repeat")
_VIEW: Final = ("zones", "masks", "min_plate_height_px", "direction_line", "country")
LIVE_KEYS: Final = frozenset(
    {
        "engine.log_level",
        "models.confidence",
        *(f"cameras[].{key}" for key in ("enabled", *_STREAM, *_VIEW)),
        "tracking.min_readings",
        "tracking.min_confidence",
        "tracking.preview_confidence",
        "tracking.lost_after_s",
        "tracking.max_track_s",
        "tracking.parked_after_s",
        "tracking.same_plate_within_s",
        "tracking.countries",
        "storage.picture_quality",
        "storage.picture_format",
        "storage.keep_frames",
        "retention.passages_days",
        "retention.pictures_days",
        "retention.pictures_max_mb",
        "retention.audit_days",
        "backup.every",
        "backup.at",
        "backup.keep",
        "backup.directory",
        "backup.media",
        "backup.secrets",
    }
)
"""The keys whose values change without a restart; `docs/configuration.md` tells the same."""


def with_live_values(running: Configuration, wanted: Configuration) -> Configuration:
    """The running configuration with the values of the wanted one that can change live."""
    cameras = {camera.id: camera for camera in wanted.cameras}
    sections = {
        section.name: _merged(
            getattr(running, section.name), getattr(wanted, section.name), f"{section.name}."
        )
        for section in dataclasses.fields(running)
        if section.name != "cameras"
    }
    sections["cameras"] = tuple(
        _merged(camera, cameras.get(camera.id, camera), "cameras[].") for camera in running.cameras
    )
    return Configuration(**sections)


def _merged(running: Any, wanted: Any, prefix: str) -> Any:
    live = {
        key.name: getattr(wanted, key.name)
        for key in dataclasses.fields(running)
        if prefix + key.name in LIVE_KEYS
    }
    return dataclasses.replace(running, **live)


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """The rooms that go by another configuration while they work."""

    pipeline: Pipeline
    store: PassageStore
    rules: PlateRules
    trackers: Mapping[str, PlateTracker]
    grammar_for: Callable[[CameraSection, TrackingSection], Grammar]
    backups: BackupKeeper

    def take_over(self, before: Configuration, after: Configuration) -> None:
        """Have each room whose values differ go by the new ones; both have the same cameras."""
        if before.engine != after.engine:
            set_log_level(after.engine.log_level)
        if before.retention != after.retention:
            self.store.keep_for(after.retention)
        if before.storage != after.storage:
            self.store.picture_by(after.storage)
        if before.backup != after.backup:
            self.backups.go_by(after.backup)
        if before.tracking != after.tracking:
            self.rules.require(thresholds(after.tracking))
        self._cameras(before, after)

    def _cameras(self, before: Configuration, after: Configuration) -> None:
        for old, new in zip(before.cameras, after.cameras, strict=True):
            if before.models.confidence != after.models.confidence:
                self.pipeline.set_confidence(new.id, after.models.confidence)
            if (old, before.tracking) != (new, after.tracking):
                grammar = self.grammar_for(new, after.tracking)
                self.trackers[new.id].reconfigure(new, after.tracking, grammar)
            if any(getattr(old, key) != getattr(new, key) for key in _STREAM):
                self.pipeline.set_stream(new)
            if old.enabled != new.enabled:
                self.pipeline.set_enabled(new.id, new.enabled)


def thresholds(tracking: TrackingSection) -> OpeningThresholds:
    """How sure a passage must be to open: a gate opens as soon as a preview may be told."""
    return OpeningThresholds(tracking.preview_confidence, tracking.min_readings)


def set_log_level(level: str) -> None:
    """Log from this level on, by its name in the configuration."""
    logging.getLogger("lpr_engine").setLevel(level.upper())
