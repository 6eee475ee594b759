"""Real OpenCV and FFmpeg against web cameras that stream, die, change, lie and hang."""

import itertools
import os
import re
import threading
import time

import pytest

from lpr_engine.model.clock import SystemClock
from lpr_engine.model.errors import LprError
from lpr_engine.model.figures import CameraHealth
from lpr_engine.sources.capture import StreamLimits
from lpr_engine.sources.opening import open_source

LIMITS = StreamLimits(
    open_s=2.0,
    read_s=1.0,
    stalled_s=0.3,
    abandoned_s=5.0,
    retry_first_s=0.05,
    retry_most_s=0.2,
)


@pytest.fixture
def watch(camera_at):
    sources = []

    def make(camera, scheme: str = "http", path: str = "live", **changes: object):
        url = f"{scheme}://user:hunter2@127.0.0.1:{camera.port}/{path}"
        source = open_source(camera_at(url, **changes), SystemClock(), LIMITS)
        sources.append(source)
        return source

    yield make
    for source in sources:
        source.close()


def steady(level: int):
    def send(camera, connection) -> None:
        camera.stream(itertools.repeat(camera.jpeg(level)))(camera, connection)

    return send


def hang(camera, connection) -> None:
    camera.is_off.wait()


def is_near(frame, level: int) -> bool:
    return abs(float(frame.pixels.mean()) - level) < 3


def wait_for(condition, timeout_s: float = 40.0) -> bool:
    deadline_s = time.monotonic() + timeout_s
    while not condition() and time.monotonic() < deadline_s:
        time.sleep(0.02)
    return bool(condition())


class Reading:
    """A source read in a thread, as the pipeline does."""

    def __init__(self, source) -> None:
        self.source = source
        self.frames: list[object] = []
        self.raised: list[LprError] = []
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self) -> None:
        try:
            for frame in self.source.frames():
                self.frames.append(frame)
        except LprError as err:
            self.raised.append(err)

    def stop(self) -> None:
        self.source.close()
        self.thread.join(timeout=20)
        assert not self.thread.is_alive()
        assert self.raised == []


def test_mjpeg_over_http(web_camera, watch) -> None:
    camera = web_camera(steady(90))
    source = watch(camera)
    frames = list(itertools.islice(source.frames(), 5))
    assert all(is_near(frame, 90) and frame.pixels.shape == (48, 64, 3) for frame in frames)
    assert source.health is CameraHealth.STREAMING
    assert source.reconnects == 0


def test_a_resolution_that_changes_does_not_end_the_stream(web_camera, watch) -> None:
    """OpenCV scales to the size that the stream began with, until it is opened again."""

    def change(camera, connection) -> None:
        small, large = camera.jpeg(80), camera.jpeg(160, (128, 96))
        pictures = itertools.chain([small] * 30, itertools.repeat(large))
        camera.stream(pictures)(camera, connection)

    camera = web_camera(change)
    source = watch(camera)
    frames = source.frames()
    assert is_near(next(frames), 80)
    assert any(is_near(frame, 160) for frame in itertools.islice(frames, 300))
    assert camera.connections == 1


def test_a_camera_that_returns_with_another_resolution(web_camera, watch) -> None:
    def change(camera, connection) -> None:
        size = (64, 48) if camera.connections == 1 else (128, 96)
        camera.stream([camera.jpeg(80, size)] * 30)(camera, connection)

    frames = watch(web_camera(change)).frames()
    assert next(frames).pixels.shape == (48, 64, 3)
    assert any(frame.pixels.shape == (96, 128, 3) for frame in itertools.islice(frames, 300))


def test_a_camera_that_dies_and_comes_back(web_camera, watch) -> None:
    first = web_camera(steady(60))
    reading = Reading(watch(first))
    assert wait_for(lambda: len(reading.frames) >= 3)
    first.switch_off()
    assert wait_for(lambda: "Connection refused" in (reading.source.last_error or ""))
    assert reading.source.health is CameraHealth.RECONNECTING
    assert "hunter2" not in reading.source.last_error
    web_camera(steady(200), port=first.port)
    assert wait_for(lambda: is_near(reading.frames[-1], 200))
    assert reading.source.health is CameraHealth.STREAMING
    assert reading.source.last_error is None
    assert reading.source.reconnects >= 1
    reading.stop()
    numbers = [frame.number for frame in reading.frames]
    assert numbers == list(range(len(numbers)))


def test_a_stream_that_falls_silent_is_opened_again(web_camera, watch) -> None:
    def stutter(camera, connection) -> None:
        camera.stream([camera.jpeg(100)] * 15)(camera, connection)
        camera.is_off.wait()

    camera = web_camera(stutter)
    reading = Reading(watch(camera))
    assert wait_for(lambda: reading.source.health is CameraHealth.STALLED)
    assert wait_for(lambda: camera.connections >= 2)
    reading.stop()


def send_text(camera, connection) -> None:
    connection.sendall(camera.HEAD + b"text/html\r\nContent-Length: 5\r\n\r\nhello")


def send_error(camera, connection) -> None:
    connection.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")


def send_noise(camera, connection) -> None:
    connection.sendall(camera.HEAD + b"video/mp4\r\n\r\n")
    while True:
        connection.sendall(os.urandom(65_536))


def send_broken_pictures(camera, connection) -> None:
    connection.sendall(camera.MJPEG)
    while True:
        connection.sendall(camera.part(b"\xff\xd8" + os.urandom(3000)))
        time.sleep(0.02)


def send_nothing(camera, connection) -> None:
    connection.close()


@pytest.mark.parametrize(
    "script", [send_text, send_error, send_noise, send_broken_pictures, send_nothing]
)
@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_garbage_is_an_outage_and_never_an_error(web_camera, watch, caplog, scheme, script) -> None:
    camera = web_camera(script)
    reading = Reading(watch(camera, scheme))
    assert wait_for(lambda: reading.source.reconnects >= 2)
    assert reading.source.health is CameraHealth.RECONNECTING
    assert reading.source.last_error is not None
    reading.stop()
    assert reading.frames == []
    assert "hunter2" not in caplog.text + str(reading.source.last_error)


@pytest.mark.parametrize("scheme", ["http", "rtsp", "https", "rtsps"])
def test_a_port_that_never_answers(web_camera, watch, scheme) -> None:
    camera = web_camera(hang, answers=False)
    reading = Reading(watch(camera, scheme))
    assert wait_for(lambda: reading.source.reconnects >= 1)
    assert "sends no video" in reading.source.last_error
    reading.stop()


def test_close_while_opening_hangs(web_camera, watch) -> None:
    camera = web_camera(hang, answers=False)
    reading = Reading(watch(camera))
    assert wait_for(lambda: camera.connections >= 1)
    reading.stop()
    assert reading.source.health is CameraHealth.ENDED


def test_a_dead_camera_does_not_keep_another_from_opening(web_camera, watch) -> None:
    dead, good = web_camera(hang, answers=False), web_camera(steady(90))
    stuck = Reading(watch(dead))
    assert wait_for(lambda: dead.connections >= 1)
    assert is_near(next(watch(good).frames()), 90)
    assert dead.connections == 1
    stuck.stop()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://user:hunter2@no-such-host.invalid/live", "the host name is unknown"),
        ("http://user:hunter2@127.0.0.1:99999/live", "the address is malformed"),
        ("rtsp://user:hunter2@/live", "no connection|unknown|malformed"),
    ],
)
def test_an_address_that_leads_nowhere(camera_at, url, message) -> None:
    source = open_source(camera_at(url), SystemClock(), LIMITS)
    reading = Reading(source)
    assert wait_for(lambda: source.last_error is not None)
    reading.stop()
    assert re.search(message, source.last_error)
    assert "hunter2" not in source.last_error


def test_a_recording_from_a_web_server_plays_at_its_own_speed(web_camera, watch, make_clip):
    data = make_clip("clip.mp4", frames=100, fps=25.0).read_bytes()

    def send_clip(camera, connection) -> None:
        connection.sendall(
            camera.HEAD + b"video/mp4\r\nContent-Length: %d\r\n\r\n" % len(data) + data
        )

    source = watch(web_camera(send_clip))
    frames = list(itertools.islice(source.frames(), 26))
    assert frames[-1].monotonic_s - frames[0].monotonic_s > 0.9
