"""Settings of OpenCV and FFmpeg that hold for the whole process."""

from __future__ import annotations

import os
from functools import cache

import cv2

_ENVIRONMENT = {
    # Their own messages on stderr would print a camera's password.
    "OPENCV_FFMPEG_LOGLEVEL": "-8",
    # Else OpenCV opens one capture at a time, and a dead camera keeps all others from opening.
    # FFmpeg itself needs no such lock since version 4.
    "OPENCV_FFMPEG_IS_THREAD_SAFE": "1",
}
# UDP loses packets under load, which shows as smeared plates; a user's own choice is respected.
_CAPTURE_OPTIONS = "rtsp_transport;tcp"
_OPENCV_SILENT = 0


@cache
def prepare_opencv() -> None:
    """Apply the settings, once; must precede the first capture, at which OpenCV reads them."""
    os.environ.update(_ENVIRONMENT)
    os.environ.pop("OPENCV_FFMPEG_DEBUG", None)
    os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", _CAPTURE_OPTIONS)
    _silence_opencv()


def _silence_opencv() -> None:
    """OpenCV 4 has the switch at its top, OpenCV 5 in a module of its own."""
    switch = getattr(cv2, "setLogLevel", None) or cv2.utils.logging.setLogLevel
    switch(_OPENCV_SILENT)
