"""Network streams through OpenCV's FFmpeg: RTSP over TCP, MJPEG and other video over HTTP."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import cv2

from lpr_engine.model.errors import SourceError
from lpr_engine.sources.address import mask_credentials
from lpr_engine.sources.capture import CaptureOpener, OpenCvCapture, StreamLimits
from lpr_engine.sources.native import prepare_opencv

# Each further decoding thread holds one more frame back, which at 5 fps is a fifth of a second.
_DECODING_THREADS = 2
_PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
_DIAGNOSIS_TIMEOUT_S = 2.0


def network_opener(url: str, limits: StreamLimits) -> CaptureOpener:
    """A function that opens the stream anew each time it is called."""
    label = mask_credentials(url)
    is_http = url.lower().startswith("http")

    def open_capture() -> OpenCvCapture:
        prepare_opencv()
        capture = cv2.VideoCapture(
            url,
            cv2.CAP_FFMPEG,
            [
                cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
                int(limits.open_s * 1000),
                cv2.CAP_PROP_READ_TIMEOUT_MSEC,
                int(limits.read_s * 1000),
                cv2.CAP_PROP_N_THREADS,
                _DECODING_THREADS,
            ],
        )
        if not capture.isOpened():
            capture.release()
            raise SourceError(f"{label}: {_diagnose(url)}")
        return OpenCvCapture(capture, label, limits.read_s, may_be_recording=is_http)

    return open_capture


def _diagnose(url: str) -> str:
    """Why a stream cannot be opened, in words, since OpenCV does not tell."""
    try:
        parts = urlsplit(url)
        place = parts.hostname or "", parts.port or _PORTS[parts.scheme.lower()]
        with socket.create_connection(place, timeout=_DIAGNOSIS_TIMEOUT_S):
            pass
    except socket.gaierror:
        return "the host name is unknown"
    except TimeoutError:
        return "the host does not answer"
    except (OSError, ValueError) as err:
        return f"no connection: {getattr(err, 'strerror', None) or 'the address is malformed'}"
    return "the host answers but sends no video; check path, user and password"
