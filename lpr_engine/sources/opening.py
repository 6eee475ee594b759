"""The door of the room: a camera's configuration to the source that fits it."""

from __future__ import annotations

import threading
from pathlib import Path

from lpr_engine.config.sections import CameraSection
from lpr_engine.model.clock import Clock
from lpr_engine.model.ports import FrameSource
from lpr_engine.sources.address import Address, AddressKind, parse_address
from lpr_engine.sources.clip import ClipReel
from lpr_engine.sources.pictures import FolderReel, PictureReel
from lpr_engine.sources.recording import RecordedSource
from lpr_engine.sources.reel import Reel


def open_source(camera: CameraSection, clock: Clock) -> FrameSource:
    """The source of a camera's frames; nothing is opened before its `frames` are asked for.

    Raises:
        SourceRefusedError: the address can never work here; the message says what would.
    """
    address = parse_address(camera.source)
    return _recorded(address, camera, clock)


def _recorded(address: Address, camera: CameraSection, clock: Clock) -> FrameSource:
    closed = threading.Event()
    return RecordedSource(camera, clock, _reel(address, camera.fps, closed), closed)


def _reel(address: Address, fps: float, closed: threading.Event) -> Reel:
    path = Path(address.target)
    if address.kind is AddressKind.FOLDER:
        return FolderReel(path, fps)
    if address.kind is AddressKind.PICTURE:
        return PictureReel(path, fps)
    return ClipReel(path, fps, closed)
