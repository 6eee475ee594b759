"""Clips and pictures made on the spot, and a camera section to point at them."""

from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import cv2
import numpy as np
import pytest

from lpr_engine.config.sections import CameraSection


class HandClock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)
        self.passed_s = 1000.0

    def now(self) -> datetime:
        return self.moment

    def monotonic_s(self) -> float:
        return self.passed_s


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def grey_level(number: int) -> int:
    """The brightness that frame `number` of a made clip has."""
    return number * 4 % 256


@pytest.fixture
def make_clip(tmp_path: Path) -> Callable[..., Path]:
    def make(name: str = "clip.avi", frames: int = 50, fps: float = 25.0, size=(64, 48)) -> Path:
        code = {".avi": "MJPG", ".mp4": "mp4v", ".mkv": "mp4v"}[Path(name).suffix]
        path = tmp_path / name
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*code), fps, size)
        assert writer.isOpened()
        for number in range(frames):
            writer.write(np.full((size[1], size[0], 3), grey_level(number), np.uint8))
        writer.release()
        return path

    return make


@pytest.fixture
def camera_at() -> Callable[..., CameraSection]:
    def make(source: object, **changes: object) -> CameraSection:
        values = {"id": "gate", "fps": 0.0, "realtime": False, **changes}
        return CameraSection(source=str(source), **values)

    return make
