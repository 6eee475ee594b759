"""Cameras at the machine itself: V4L2 through OpenCV, CSI through GStreamer or NVIDIA's module."""

from __future__ import annotations

import os
from pathlib import Path

import cv2

from lpr_engine.model.errors import SourceError, SourceRefusedError
from lpr_engine.sources.address import Address
from lpr_engine.sources.capture import CaptureOpener, OpenCvCapture, StreamLimits
from lpr_engine.sources.jetson import find_jetson_module, jetson_opener
from lpr_engine.sources.native import prepare_opencv

_V4L2_OPTIONS = {
    "width": cv2.CAP_PROP_FRAME_WIDTH,
    "height": cv2.CAP_PROP_FRAME_HEIGHT,
    "fps": cv2.CAP_PROP_FPS,
}


def v4l2_opener(address: Address) -> CaptureOpener:
    """Opens a V4L2 device; without options, the driver chooses the size."""
    path = Path(address.target)

    def open_capture() -> OpenCvCapture:
        _check_device(path)
        prepare_opencv()
        capture = cv2.VideoCapture(str(path), cv2.CAP_V4L2)
        if not capture.isOpened():
            raise SourceError(f"{path}: the device is busy or no camera")
        # Drivers take the nearest they have, so that a refused wish is no failure.
        for name, value in address.options:
            capture.set(_V4L2_OPTIONS[name], value)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        return OpenCvCapture(capture, str(path))

    return open_capture


def csi_opener(address: Address, limits: StreamLimits) -> CaptureOpener:
    """Opens a Jetson's CSI camera by whichever way this machine has.

    Raises:
        SourceRefusedError: it has neither OpenCV with GStreamer nor NVIDIA's jetson_utils.
    """
    if cv2.videoio_registry.hasBackend(cv2.CAP_GSTREAMER):
        return _gstreamer_opener(address)
    module = find_jetson_module()
    if module is None:
        raise SourceRefusedError(
            f"csi://{address.target} needs an OpenCV that is built with GStreamer, or NVIDIA's "
            "jetson_utils; this machine has neither"
        )
    return jetson_opener(module, address, limits)


def csi_pipeline(address: Address) -> str:
    """The GStreamer pipeline for a CSI sensor, 1920x1080 at 30 fps unless the options differ."""
    wanted = {"width": 1920, "height": 1080, "fps": 30, **dict(address.options)}
    return (
        f"nvarguscamerasrc sensor-id={address.target} ! video/x-raw(memory:NVMM), "
        f"width=(int){wanted['width']}, height=(int){wanted['height']}, "
        f"framerate=(fraction){wanted['fps']}/1, format=(string)NV12 ! "
        "nvvidconv ! video/x-raw, format=(string)BGRx ! videoconvert ! "
        "video/x-raw, format=(string)BGR ! appsink drop=true max-buffers=1 sync=false"
    )


def _gstreamer_opener(address: Address) -> CaptureOpener:
    def open_capture() -> OpenCvCapture:
        prepare_opencv()
        capture = cv2.VideoCapture(csi_pipeline(address), cv2.CAP_GSTREAMER)
        if not capture.isOpened():
            raise SourceError(f"csi://{address.target}: the sensor is absent or busy")
        return OpenCvCapture(capture, f"csi://{address.target}")

    return open_capture


def _check_device(path: Path) -> None:
    if not path.exists():
        raise SourceError(f"{path}: there is no such device; is the camera plugged in?")
    if not os.access(path, os.R_OK | os.W_OK):
        raise SourceError(f"{path}: no permission; the user must be in the group `video`")
