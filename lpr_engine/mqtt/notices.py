"""What the retained topics shall hold: identity, devices, states, figures, crops."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2

from lpr_engine.config.sections import CameraSection, MqttSection
from lpr_engine.model.clock import Clock
from lpr_engine.model.figures import CameraFigures, EngineFigures
from lpr_engine.model.figures_contract import health_to_json
from lpr_engine.model.passage import Passage, PassageUpdate, Stage
from lpr_engine.model.pixels import Pixels
from lpr_engine.model.wire import encode
from lpr_engine.mqtt.board import RetainedBoard
from lpr_engine.mqtt.discovery import camera_discovery, engine_discovery
from lpr_engine.mqtt.engine_entities import HEALTH_EVERY_S
from lpr_engine.mqtt.identity import EngineIdentity
from lpr_engine.mqtt.payloads import announce_to_json, camera_state_to_json
from lpr_engine.mqtt.topics import Topics

_LOGGER = logging.getLogger(__name__)

ONLINE = b"online"
OFFLINE = b"offline"
_CROP_QUALITY = 90


class LastFinals:
    """Each camera's last final passage and its crop: newest wins. Thread-safe.

    A correction of an older passage is not what the camera saw last.
    """

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._lock = threading.Lock()
        self._passages = {passage.camera: passage for passage in passages}
        self._crops: dict[str, Pixels | None] = {}

    def note(self, passage: Passage, update: PassageUpdate) -> bool:
        """Take a committed revision; True when it is now its camera's last."""
        if passage.stage is not Stage.FINAL:
            return False
        with self._lock:
            self._passages[passage.camera] = passage
            self._crops[passage.camera] = update.evidence.observation.crop.pixels
            return True

    def correct(self, passage: Passage) -> bool:
        """Take a person's correction; True when it is of its camera's last."""
        with self._lock:
            last = self._passages.get(passage.camera)
            if last is None or last.id != passage.id:
                return False
            self._passages[passage.camera] = passage
            return True

    def forget(self, passage: Passage, before: Passage | None) -> bool:
        """Let go of a passage that was removed; True when it was its camera's last.

        `before` is the last of those that are left; its crop is not shown again.
        """
        with self._lock:
            last = self._passages.get(passage.camera)
            if last is None or last.id != passage.id:
                return False
            self._crops[passage.camera] = None
            if before is None:
                del self._passages[passage.camera]
            else:
                self._passages[passage.camera] = before
            return True

    def passage(self, camera: str) -> Passage | None:
        """A camera's last final passage."""
        with self._lock:
            return self._passages.get(camera)

    def take_crops(self) -> dict[str, Pixels | None]:
        """Crops that were noted since the last call; None where one is to be shown no longer."""
        with self._lock:
            crops, self._crops = self._crops, {}
            return crops


class Notices:
    """Keeps the board true; belongs to the publisher's thread but for `last_finals`."""

    def __init__(
        self,
        board: RetainedBoard,
        section: MqttSection,
        identity: EngineIdentity,
        cameras: Sequence[CameraSection],
        figures: Callable[[], EngineFigures],
        last_finals: LastFinals,
        clock: Clock,
    ) -> None:
        self._board = board
        self._section = section
        self._identity = identity
        self._cameras = tuple(cameras)
        self._figures = figures
        self._last_finals = last_finals
        self._clock = clock
        self._topics = Topics.of(section, identity.id)
        self._told: tuple[tuple[str, ...], ...] | None = None
        self._full_at_s = 0.0
        self._settled: dict[str, tuple[CameraFigures, Passage | None]] = {}

    def discovery_topics(self) -> frozenset[str]:
        """Topics of the devices that Home Assistant shall know."""
        if not self._section.discovery:
            return frozenset()
        devices = [self._topics.camera_discovery(camera.id) for camera in self._cameras]
        return frozenset([self._topics.engine_discovery, *devices])

    def all_topics(self) -> frozenset[str]:
        """All topics that this engine retains anything on, as it is configured now."""
        leaves = ("state", "crop") if self._section.publish_crop else ("state",)
        own = [self._topics.camera(camera.id, leaf) for camera in self._cameras for leaf in leaves]
        fixed = [self._topics.status, self._topics.announce, self._topics.health]
        return self.discovery_topics() | frozenset([*fixed, *own])

    def introduce(self) -> None:
        """Say who we are: for a new connection."""
        self._board.set(self._topics.status, ONLINE)
        self._board.set(self._topics.announce, encode(announce_to_json(self._identity)))
        figures = self._figures()
        if self._section.discovery:
            self._introduce_devices(figures)
        self._post(figures, full=True)

    def refresh(self) -> None:
        """Take new figures; say at once what matters, and everything every half minute."""
        full = self._clock.monotonic_s() >= self._full_at_s
        self._post(self._figures(), full=full)

    def post_crops(self) -> None:
        """Put up the crops of passages that became final, take down those of removed ones."""
        for camera, pixels in self._last_finals.take_crops().items():
            if not self._section.publish_crop:
                continue
            picture = b"" if pixels is None else _jpeg(pixels)
            if picture is not None:
                self._board.set(self._topics.camera(camera, "crop"), picture, qos=0)

    def say_goodbye(self) -> None:
        """Say that nothing more will come."""
        self._board.set(self._topics.status, OFFLINE)

    def _introduce_devices(self, figures: EngineFigures) -> None:
        engine = engine_discovery(self._identity, self._topics, figures.host)
        self._board.set(self._topics.engine_discovery, encode(engine))
        for camera in self._cameras:
            device = camera_discovery(
                self._identity, self._topics, camera, publish_crop=self._section.publish_crop
            )
            self._board.set(self._topics.camera_discovery(camera.id), encode(device))

    def _post(self, figures: EngineFigures, *, full: bool) -> None:
        if full:
            self._full_at_s = self._clock.monotonic_s() + HEALTH_EVERY_S
        if full or (figures.problems, figures.notices) != self._told:
            self._told = (figures.problems, figures.notices)
            health = encode(health_to_json(self._identity.id, figures))
            self._board.set(self._topics.health, health, qos=0)
        known = {camera.id for camera in self._cameras}
        for camera in figures.cameras:
            if camera.camera in known:
                self._post_camera(camera, full=full)

    def _post_camera(self, camera: CameraFigures, *, full: bool) -> None:
        """Put up a camera's state; counters that always move wait for the next full round."""
        last = self._last_finals.passage(camera.camera)
        settled = replace(
            camera, frames_per_second=0.0, frames_dropped=0, frames_decoded=0, last_frame_at=None
        )
        if full or self._settled.get(camera.camera) != (settled, last):
            self._settled[camera.camera] = (settled, last)
            state = encode(camera_state_to_json(camera, last))
            self._board.set(self._topics.camera(camera.camera, "state"), state)


def _jpeg(pixels: Pixels) -> bytes | None:
    encoded, picture = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _CROP_QUALITY])
    return picture.tobytes() if encoded else None
