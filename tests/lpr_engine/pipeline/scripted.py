"""Scripted cameras and a real tracker-shaped port, so that order and threads can be watched."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone

import numpy as np

from lpr_engine.model.errors import DiskFullError
from lpr_engine.model.figures import CameraHealth
from lpr_engine.model.frame import Frame
from lpr_engine.model.geometry import Box
from lpr_engine.model.live import Followed
from lpr_engine.model.look import Look
from lpr_engine.model.observation import Crop, Detection, Observation, Reading
from lpr_engine.model.passage import Direction, Evidence, Passage, PassageUpdate, Stage, Verdict
from lpr_engine.vision.sight import PlateVision

START = datetime(2026, 1, 1, tzinfo=timezone.utc)


def frame(camera: str = "gate", number: int = 0, level: int = 0) -> Frame:
    pixels = np.full((72, 128, 3), level, np.uint8)
    return Frame(camera, pixels, START + timedelta(seconds=number / 10), number / 10, number)


def update(camera: str = "gate", stage: Stage = Stage.FINAL, text: str = "AB123") -> PassageUpdate:
    seen = frame(camera)
    crop = Crop(seen.pixels[:10, :30], 1.0)
    observation = Observation(Detection(Box(0, 0, 30, 10), 0.9), crop, None)
    passage = Passage(
        id=f"{camera}-{text}",
        revision=1,
        stage=stage,
        engine="test",
        camera=camera,
        text=text,
        confidence=0.9,
        characters=(),
        first_seen=START,
        last_seen=START,
        readings=1,
        box=Box(0, 0, 0.1, 0.1),
    )
    return PassageUpdate(passage, Evidence(seen, observation))


class ScriptedSource:
    """Yields the frames it was given, then ends, hangs or fails as told."""

    def __init__(
        self,
        frames: Sequence[Frame],
        then: Callable[[], None] | None = None,
        hangs: bool = False,
        pause_s: float = 0.0,
    ) -> None:
        self._frames = frames
        self._then = then
        self._hangs = hangs
        self._pause_s = pause_s
        self._closed = threading.Event()
        self.asked = False
        self.health = CameraHealth.STREAMING
        self.reconnects = 0
        self.last_error: str | None = None

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def frames(self) -> Iterator[Frame]:
        self.asked = True
        for one in self._frames:
            if self._closed.wait(self._pause_s):
                return
            yield one
        if self._hangs:
            self._closed.wait()
        if self._then is not None:
            self._then()

    def close(self) -> None:
        self._closed.set()


class OnePlateEach:
    """Detector, cropper and reader in one: a plate in every picture, spelling its grey level."""

    def look_timed(
        self, pictures: Sequence[np.ndarray], least_confidences: Sequence[float] | None = None
    ) -> Look:
        return PlateVision(self, self, self).look_timed(pictures, least_confidences)

    def detect(self, pictures: Sequence[np.ndarray]) -> list[list[Detection]]:
        return [[Detection(Box(10, 10, 40, 20), 0.9)] for _ in pictures]

    def crop(self, picture: np.ndarray, detection: Detection) -> Crop:
        box = detection.box
        rows = slice(int(box.y0), int(box.y1))
        return Crop(picture[rows, int(box.x0) : int(box.x1)], 1.0)

    def read(self, crops: Sequence[Crop]) -> list[Reading]:
        return [self._spell(crop) for crop in crops]

    def _spell(self, crop: Crop) -> Reading:
        digits = "0123456789_"
        level = int(crop.pixels[0, 0, 0]) % 10
        return Reading(str(level), np.eye(11, dtype=np.float32)[[level]], digits)


class EveryFrameTracker:
    """One final per look; remembers what it was shown."""

    def __init__(self, camera: str) -> None:
        self.camera = camera
        self.seen: list[int] = []
        self.skipped: list[int] = []
        self.finished = 0

    def update(self, seen: Frame, observations: Sequence[Observation]) -> list[PassageUpdate]:
        self.seen.append(seen.number)
        return [update(self.camera, text=f"N{seen.number}") for _ in observations]

    def skip(self, seen: Frame) -> list[PassageUpdate]:
        self.skipped.append(seen.number)
        return []

    def finish(self) -> list[PassageUpdate]:
        self.finished += 1
        return []

    def in_view(self) -> tuple[Followed, ...]:
        box = Box(10, 10, 40, 20).scaled(1 / 128, 1 / 72)
        return tuple(
            Followed(number, box, f"N{number}", 0.9, None, Direction.UNKNOWN, None)
            for number in self.seen[-1:]
        )


class MemoryArchive:
    """Keeps passages in a list; refuses for as long as `full` is set."""

    def __init__(self) -> None:
        self.kept: list[Passage] = []
        self.full = threading.Event()

    def commit(self, one: PassageUpdate) -> Passage:
        if self.full.is_set():
            raise DiskFullError("no space left in /data")
        self.kept.append(one.passage)
        return one.passage


class NoRules:
    def judge(self, passage: Passage) -> Verdict:
        return Verdict(list_name=None)


class SilentMeter:
    def __init__(self) -> None:
        self.stages: set[str] = set()

    def observe(self, stage: str, elapsed_ms: float) -> None:
        assert elapsed_ms >= 0
        self.stages.add(stage)


def wait_for(condition: Callable[[], bool], timeout_s: float = 10.0) -> bool:
    deadline_s = time.monotonic() + timeout_s
    while time.monotonic() < deadline_s:
        if condition():
            return True
        time.sleep(0.01)
    return condition()
