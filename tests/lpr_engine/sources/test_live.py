"""The watcher against captures that do what drivers without time limits do: hang and lie."""

import itertools
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from lpr_engine.model.clock import SystemClock
from lpr_engine.model.errors import SourceError
from lpr_engine.model.figures import CameraHealth
from lpr_engine.sources.backoff import Backoff
from lpr_engine.sources.capture import StreamLimits
from lpr_engine.sources.live import LiveSource

LIMITS = StreamLimits(stalled_s=0.3, abandoned_s=0.8, stable_s=0.2)
END = object()
HANG = object()


class Device:
    """A camera driver's far end: a script for each opening, frames by brightness."""

    def __init__(self, *scripts: list[object]) -> None:
        self.scripts = list(scripts)
        self.opened = 0
        self.open_now = 0
        self.most_open = 0
        self.let_go = threading.Event()
        self.lock = threading.Lock()

    def open(self) -> "DeviceCapture":
        with self.lock:
            script = self.scripts[min(self.opened, len(self.scripts) - 1)]
            self.opened += 1
            self.open_now += 1
            self.most_open = max(self.most_open, self.open_now)
        return DeviceCapture(self, iter(script))


class DeviceCapture:
    def __init__(self, device: Device, script) -> None:
        self.device = device
        self.script = script
        self.level: object = None

    def grab(self) -> bool:
        self.level = next(self.script, END)
        if self.level is HANG:
            self.device.let_go.wait()
            return False
        if isinstance(self.level, Exception):
            raise self.level
        time.sleep(0.01)
        return self.level is not END

    def retrieve(self):
        return np.full((24, 32, 3), self.level, np.uint8)

    def position_s(self) -> float | None:
        return None

    def release(self) -> None:
        with self.device.lock:
            self.device.open_now -= 1


class Delays:
    """Draws no delay, and counts how often one was asked for."""

    def __init__(self) -> None:
        self.ceilings: list[float] = []

    def __call__(self, low: float, high: float) -> float:
        self.ceilings.append(high)
        return 0.0


@pytest.fixture
def delays() -> Delays:
    return Delays()


@pytest.fixture
def watch(camera_at, delays):
    sources: list[LiveSource] = []
    devices: list[Device] = []

    def make(device: Device, **changes: object) -> LiveSource:
        camera = camera_at("the device", **changes)
        source = LiveSource(camera, SystemClock(), device.open, LIMITS, Backoff(0.5, 30.0, delays))
        sources.append(source)
        devices.append(device)
        return source

    yield make
    for source in sources:
        source.close()
    for device in devices:
        device.let_go.set()


def take_until(source: LiveSource, enough: Callable[[], bool]) -> list[object]:
    """All frames until a condition holds; it is also looked at while none come."""
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.02):
            if enough():
                source.close()
                return

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        return list(source.frames())
    finally:
        done.set()
        watcher.join()


def test_frames_carry_the_time_of_grabbing(watch) -> None:
    source = watch(Device([7] * 500))
    clock = SystemClock()
    before, before_s = clock.now(), clock.monotonic_s()
    frames = list(itertools.islice(source.frames(), 5))
    assert [frame.number for frame in frames] == [0, 1, 2, 3, 4]
    times = [frame.monotonic_s for frame in frames]
    assert times == sorted(set(times))
    assert before_s <= times[0] <= times[-1] <= clock.monotonic_s()
    assert before <= frames[0].taken_at <= clock.now()
    assert frames[0].camera == "gate"
    assert source.health is CameraHealth.STREAMING
    assert source.last_error is None


def test_rotation(watch) -> None:
    source = watch(Device([7] * 500), rotate=90)
    assert next(source.frames()).pixels.shape == (32, 24, 3)


def test_only_wanted_frames_are_converted(watch) -> None:
    device = Device([7] * 40 + [HANG])
    source = watch(device, fps=0.5)
    frames = take_until(source, lambda: source.health is CameraHealth.STALLED)
    assert len(frames) == 1


def test_a_stream_that_ends_is_opened_again(watch, delays) -> None:
    device = Device([1], [2], [3] * 500)
    source = watch(device)
    frames = source.frames()
    levels = [int(next(frames).pixels[0, 0, 0]) for _ in range(3)]
    assert levels == [1, 2, 3]
    assert source.reconnects == 2
    assert len(delays.ceilings) == 2
    assert source.health is CameraHealth.STREAMING
    assert source.last_error is None


def test_every_reopening_waits_longer(watch, delays) -> None:
    source = watch(Device([SourceError("no signal")]))
    assert take_until(source, lambda: source.reconnects >= 7) == []
    assert delays.ceilings[:7] == [1, 2, 4, 8, 16, 30, 30]
    assert source.last_error == "no signal"


def test_waits_start_anew_after_a_stable_stream(watch, delays) -> None:
    device = Device([END], [END], [5] * 60, [END])
    source = watch(device)
    take_until(source, lambda: source.reconnects >= 4)
    assert delays.ceilings[:4] == [1, 2, 1, 2]


def test_an_outage_is_logged_once(watch, caplog) -> None:
    caplog.set_level("INFO")
    source = watch(Device([4], [SourceError("gone")], [SourceError("gone")], [5] * 500))
    frames = source.frames()
    assert [int(next(frames).pixels[0, 0, 0]) for _ in range(2)] == [4, 5]
    messages = [record.getMessage() for record in caplog.records]
    assert sum("lost" in message for message in messages) == 1
    assert sum("is streaming" in message for message in messages) == 2


def test_a_capture_that_hangs_is_abandoned_and_replaced(watch) -> None:
    device = Device([1, HANG], [2] * 500)
    source = watch(device)
    frames = source.frames()
    assert int(next(frames).pixels[0, 0, 0]) == 1
    assert int(next(frames).pixels[0, 0, 0]) == 2
    assert source.reconnects == 1
    assert device.most_open == 2


def test_a_short_silence_is_a_stall_and_no_reopening(watch) -> None:
    device = Device([1, HANG])
    source = watch(device)
    take_until(source, lambda: source.last_error == "no frame for 0.3 s")
    assert device.opened == 1


def test_never_more_than_two_threads_hang(watch) -> None:
    device = Device([HANG], [HANG], [3] * 500)
    source = watch(device)
    levels: list[int] = []
    reader = threading.Thread(
        target=lambda: levels.extend(int(frame.pixels[0, 0, 0]) for frame in source.frames())
    )
    reader.start()
    deadline_s = time.monotonic() + 30
    while source.health is not CameraHealth.STALLED and time.monotonic() < deadline_s:
        time.sleep(0.02)
    assert source.health is CameraHealth.STALLED
    time.sleep(LIMITS.abandoned_s * 1.5)
    assert (device.opened, device.open_now) == (2, 2)
    device.let_go.set()
    while not levels and time.monotonic() < deadline_s:
        time.sleep(0.02)
    source.close()
    reader.join(timeout=20)
    assert set(levels) == {3}
    assert device.most_open == 2


def test_close_while_the_capture_hangs(watch) -> None:
    source = watch(Device([1, HANG]))
    frames = source.frames()
    next(frames)
    rest: list[object] = []
    reader = threading.Thread(target=lambda: rest.extend(frames))
    reader.start()
    source.close()
    source.close()
    reader.join(timeout=20)
    assert not reader.is_alive()
    assert rest == []
    assert source.health is CameraHealth.ENDED
    assert list(source.frames()) == []


def test_an_unforeseen_error_is_survived_and_its_words_kept_back(watch, caplog) -> None:
    device = Device([RuntimeError("rtsp://user:hunter2@cam")], [9] * 500)
    source = watch(device)
    frame = next(source.frames())
    assert int(frame.pixels[0, 0, 0]) == 9
    assert "RuntimeError" in caplog.text
    assert "hunter2" not in caplog.text


def test_a_dropped_generator_lets_go_of_the_capture(watch) -> None:
    device = Device([1] * 100_000)
    frames = watch(device).frames()
    next(frames)
    frames.close()
    deadline_s = time.monotonic() + 20
    while device.open_now and time.monotonic() < deadline_s:
        time.sleep(0.02)
    assert device.open_now == 0


def test_a_slow_consumer_gets_the_newest_frame(watch) -> None:
    device = Device([*range(200), HANG])
    source = watch(device)
    frames = source.frames()
    first = int(next(frames).pixels[0, 0, 0])
    deadline_s = time.monotonic() + 30
    time.sleep(0.5)
    second = int(next(frames).pixels[0, 0, 0])
    assert time.monotonic() < deadline_s
    assert second > first + 1
