"""Real OpenCV and FFmpeg against a real RTSP server, where GStreamer's is installed."""

import itertools
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from lpr_engine.model.clock import SystemClock
from lpr_engine.model.figures import CameraHealth
from lpr_engine.sources.capture import StreamLimits
from lpr_engine.sources.opening import open_source

SYSTEM_PYTHON = "/usr/bin/python3"
PROGRAM = Path(__file__).with_name("rtsp_camera.py")
LIMITS = StreamLimits(
    open_s=8.0, read_s=2.0, stalled_s=0.5, abandoned_s=12.0, retry_first_s=0.05, retry_most_s=0.2
)


class RtspCamera:
    def __init__(self, port: str, *credentials: str) -> None:
        self.process = subprocess.Popen(
            [SYSTEM_PYTHON, str(PROGRAM), port, *credentials],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.port = self.process.stdout.readline().strip()

    def stop(self) -> str:
        self.process.kill()
        return self.process.communicate()[1]


@pytest.fixture
def rtsp_camera():
    cameras: list[RtspCamera] = []

    def start(port: str = "0", *credentials: str) -> RtspCamera:
        if not Path(SYSTEM_PYTHON).exists():
            pytest.skip("needs Debian's Python with GStreamer's RTSP server")
        camera = RtspCamera(port, *credentials)
        cameras.append(camera)
        if not camera.port:
            pytest.skip(f"needs GStreamer's RTSP server: {camera.stop().strip()[-200:]}")
        return camera

    yield start
    for camera in cameras:
        camera.stop()


@pytest.fixture
def watch(camera_at):
    sources = []

    def make(camera: RtspCamera, access: str = "", path: str = "live", **changes: object):
        url = f"rtsp://{access}127.0.0.1:{camera.port}/{path}"
        sources.append(open_source(camera_at(url, **changes), SystemClock(), LIMITS))
        return sources[-1]

    yield make
    for source in sources:
        source.close()


class Reading:
    def __init__(self, source) -> None:
        self.source = source
        self.count = 0
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self) -> None:
        for _ in self.source.frames():
            self.count += 1

    def stop(self) -> None:
        self.source.close()
        self.thread.join(timeout=20)
        assert not self.thread.is_alive()


def wait_for(condition, timeout_s: float = 60.0) -> bool:
    deadline_s = time.monotonic() + timeout_s
    while not condition() and time.monotonic() < deadline_s:
        time.sleep(0.02)
    return bool(condition())


def test_frames_of_an_rtsp_camera(rtsp_camera, watch) -> None:
    source = watch(rtsp_camera(), fps=5.0)
    frames = list(itertools.islice(source.frames(), 5))
    assert all(frame.pixels.shape == (240, 320, 3) for frame in frames)
    assert all(frame.pixels.mean() > 240 for frame in frames)
    assert source.health is CameraHealth.STREAMING
    assert (source.reconnects, source.last_error) == (0, None)


def test_the_right_password_opens(rtsp_camera, watch) -> None:
    camera = rtsp_camera("0", "admin", "hunter2")
    assert next(watch(camera, "admin:hunter2@").frames()).number == 0


@pytest.mark.parametrize("access", ["", "admin:wrong9@"])
def test_a_wrong_password_is_an_outage_with_a_reason(rtsp_camera, watch, access) -> None:
    reading = Reading(watch(rtsp_camera("0", "admin", "hunter2"), access))
    assert wait_for(lambda: reading.source.reconnects >= 2)
    reading.stop()
    assert reading.count == 0
    assert "check path, user and password" in reading.source.last_error
    assert "wrong9" not in reading.source.last_error


def test_a_path_that_the_camera_does_not_have(rtsp_camera, watch) -> None:
    reading = Reading(watch(rtsp_camera(), path="nothing"))
    assert wait_for(lambda: reading.source.reconnects >= 1)
    reading.stop()
    assert "check path" in reading.source.last_error


def test_a_camera_that_restarts(rtsp_camera, watch) -> None:
    first = rtsp_camera()
    reading = Reading(watch(first))
    assert wait_for(lambda: reading.count >= 3)
    first.stop()
    assert wait_for(lambda: reading.source.health is CameraHealth.RECONNECTING)
    rtsp_camera(first.port)
    seen = reading.count
    assert wait_for(lambda: reading.count > seen + 3)
    assert reading.source.health is CameraHealth.STREAMING
    assert reading.source.reconnects >= 1
    reading.stop()


def test_a_camera_that_freezes_and_thaws(rtsp_camera, watch) -> None:
    camera = rtsp_camera()
    reading = Reading(watch(camera))
    assert wait_for(lambda: reading.count >= 3)
    camera.process.send_signal(signal.SIGSTOP)
    assert wait_for(lambda: reading.source.health is CameraHealth.STALLED)
    seen = reading.count
    assert wait_for(lambda: reading.source.reconnects >= 1)
    assert reading.count == seen, "the decoder's leftovers are no frames"
    camera.process.send_signal(signal.SIGCONT)
    assert wait_for(lambda: reading.count > seen + 3)
    reading.stop()


def test_close_while_a_camera_is_frozen(rtsp_camera, watch) -> None:
    camera = rtsp_camera()
    reading = Reading(watch(camera))
    assert wait_for(lambda: reading.count >= 3)
    camera.process.send_signal(signal.SIGSTOP)
    assert wait_for(lambda: reading.source.health is CameraHealth.STALLED)
    reading.stop()
    assert reading.source.health is CameraHealth.ENDED
