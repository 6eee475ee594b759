"""The cameras as the door tells of them: what they are called, and how they are now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lpr_engine.model.contract import JsonObject, format_time
from lpr_engine.model.errors import CameraUnknownError
from lpr_engine.model.figures import CameraFigures, CameraHealth, EngineFigures


@dataclass(frozen=True, slots=True)
class CameraDesk:
    """Looks at figures in memory only, so that every answer comes at once."""

    names: Mapping[str, str]
    figures: Callable[[], EngineFigures]

    def all(self) -> tuple[CameraFigures, ...]:
        """Every camera, in the configuration's order."""
        return self.figures().cameras

    def one(self, camera: str) -> CameraFigures:
        """One camera.

        Raises:
            CameraUnknownError: there is none of that id.
        """
        found = next((one for one in self.all() if one.camera == camera), None)
        if found is None:
            raise CameraUnknownError(f"There is no camera {camera!r}.")
        return found

    def state_to_json(self, camera: CameraFigures) -> JsonObject:
        """A camera as all routes and events tell of it."""
        last = camera.last_frame_at
        return {
            "id": camera.camera,
            "name": self.names.get(camera.camera) or camera.camera,
            "health": camera.health.value,
            "enabled": camera.enabled,
            "confidence": camera.confidence,
            "fps": round(camera.frames_per_second, 1),
            "frames_decoded": camera.frames_decoded,
            "frames_dropped": camera.frames_dropped,
            "reconnects": camera.reconnects,
            "last_error": camera.last_error,
            "last_frame_at": None if last is None else format_time(last),
            "passages_today": camera.passages_today,
        }


def shows_now(camera: CameraFigures, age_s: float, fresh_s: float = 10.0) -> bool:
    """Whether a picture of that age is how it looks there now; a clip's last one stays true."""
    if not camera.enabled:
        return False
    return age_s <= fresh_s or camera.health is CameraHealth.ENDED
