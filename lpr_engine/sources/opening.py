"""The door of the room: a camera's configuration to the source that fits it."""

from __future__ import annotations

import threading
from pathlib import Path

from lpr_engine.config.sections import CameraSection
from lpr_engine.model.clock import Clock
from lpr_engine.model.ports import FrameSource
from lpr_engine.sources.address import Address, AddressKind, parse_address
from lpr_engine.sources.backoff import Backoff
from lpr_engine.sources.capture import CaptureOpener, StreamLimits
from lpr_engine.sources.clip import ClipReel
from lpr_engine.sources.devices import csi_opener, v4l2_opener
from lpr_engine.sources.live import LiveSource
from lpr_engine.sources.network import network_opener
from lpr_engine.sources.pictures import FolderReel, PictureReel
from lpr_engine.sources.recording import RecordedSource
from lpr_engine.sources.reel import Reel

_LIMITS = StreamLimits()
_RECORDED = frozenset({AddressKind.CLIP, AddressKind.PICTURE, AddressKind.FOLDER})


def open_source(camera: CameraSection, clock: Clock, limits: StreamLimits = _LIMITS) -> FrameSource:
    """The source of a camera's frames; nothing is opened before its `frames` are asked for.

    Raises:
        SourceRefusedError: the address can never work here; the message says what would.
    """
    address = parse_address(camera.source)
    if address.kind in _RECORDED:
        closed = threading.Event()
        return RecordedSource(camera, clock, _reel(address, camera.fps, closed), closed)
    backoff = Backoff(limits.retry_first_s, limits.retry_most_s)
    return LiveSource(camera, clock, _opener(address, limits), limits, backoff)


def _opener(address: Address, limits: StreamLimits) -> CaptureOpener:
    if address.kind is AddressKind.V4L2:
        return v4l2_opener(address)
    if address.kind is AddressKind.CSI:
        return csi_opener(address, limits)
    return network_opener(address.target, limits)


def _reel(address: Address, fps: float, closed: threading.Event) -> Reel:
    path = Path(address.target)
    if address.kind is AddressKind.FOLDER:
        return FolderReel(path, fps)
    if address.kind is AddressKind.PICTURE:
        return PictureReel(path, fps)
    return ClipReel(path, fps, closed)
