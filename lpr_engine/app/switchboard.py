"""What people ask of a running engine, over MQTT or HTTP, passed on to the pipeline."""

from __future__ import annotations

import cv2

from lpr_engine.model.errors import CameraSilentError, PictureError
from lpr_engine.pipeline.pipeline import Pipeline
from lpr_engine.store.store import PassageStore

_SNAPSHOT_QUALITY = 90
_FRESH_S = 10.0
"""A snapshot says how it looks now; an older picture would be taken for that."""


class Switchboard:
    """The engine's command handler."""

    def __init__(self, pipeline: Pipeline, store: PassageStore) -> None:
        self._pipeline = pipeline
        self._store = store

    def enable_camera(self, camera: str, enabled: bool) -> None:
        """Start or stop looking at a camera."""
        self._pipeline.set_enabled(camera, enabled)

    def set_confidence(self, camera: str, value: float) -> None:
        """Set the detector's threshold of a camera, 0..1."""
        self._pipeline.set_confidence(camera, value)

    def take_snapshot(self, camera: str) -> str | None:
        """Keep the camera's newest picture; returns its path under the API.

        Raises:
            CameraUnknownError: there is no such camera.
            CameraSilentError: the camera is off or has sent no picture lately.
            StoreError: the picture cannot be kept.
        """
        frame = self._pipeline.latest_frame(camera, _FRESH_S)
        if frame is None:
            raise CameraSilentError(f"camera {camera!r} sends no picture now")
        done, jpeg = cv2.imencode(
            ".jpg", frame.pixels, [cv2.IMWRITE_JPEG_QUALITY, _SNAPSHOT_QUALITY]
        )
        if not done:
            raise PictureError(f"the picture of camera {camera!r} cannot be encoded")
        return self._store.keep_picture(jpeg.tobytes())
