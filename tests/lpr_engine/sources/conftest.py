"""Clips made on the spot, web cameras to watch, and a camera section to point at them."""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
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


class WebCamera:
    """The far end of a network camera: a TCP server that follows a script.

    Serves each connection in a thread of its own until it is switched off.
    """

    HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: "
    MJPEG = HEAD + b"multipart/x-mixed-replace; boundary=frame\r\n\r\n"

    def __init__(self, script: "Script", port: int = 0, answers: bool = True) -> None:
        self.script = script
        self.answers = answers
        self.connections = 0
        self.requests: list[bytes] = []
        self.is_off = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.threads = [threading.Thread(target=self.accept)]
        self.threads[0].start()

    def accept(self) -> None:
        self.listener.settimeout(0.1)
        while not self.is_off.is_set():
            try:
                connection, _ = self.listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            thread = threading.Thread(target=self.serve, args=(connection,))
            self.threads.append(thread)
            thread.start()
        self.listener.close()

    def serve(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        with connection:
            try:
                if self.answers:
                    self.requests.append(connection.recv(4096))
                self.script(self, connection)
            except OSError:
                return

    @staticmethod
    def stream(pictures: Iterable[bytes], fps: float = 25.0) -> "Script":
        def send(camera: WebCamera, connection: socket.socket) -> None:
            connection.sendall(camera.MJPEG)
            for picture in pictures:
                if camera.is_off.is_set():
                    return
                connection.sendall(camera.part(picture))
                time.sleep(1 / fps)

        return send

    @staticmethod
    def jpeg(level: int, size: tuple[int, int] = (64, 48)) -> bytes:
        done, data = cv2.imencode(".jpg", np.full((size[1], size[0], 3), level, np.uint8))
        assert done
        return data.tobytes()

    @staticmethod
    def part(picture: bytes) -> bytes:
        head = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(picture)
        return head + picture + b"\r\n"

    def switch_off(self) -> None:
        self.is_off.set()
        for thread in self.threads:
            thread.join(timeout=20)


Script = Callable[[WebCamera, socket.socket], None]


@pytest.fixture
def web_camera() -> Iterator[Callable[..., WebCamera]]:
    cameras: list[WebCamera] = []

    def make(script: Script, **options: object) -> WebCamera:
        cameras.append(WebCamera(script, **options))
        return cameras[-1]

    yield make
    for camera in cameras:
        camera.switch_off()
