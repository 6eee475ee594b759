import itertools
import threading
from datetime import timedelta

import cv2
import numpy as np
import pytest

from lpr_engine.model.clock import SystemClock
from lpr_engine.model.errors import SourceError
from lpr_engine.model.figures import CameraHealth
from lpr_engine.sources.clip import ClipReel
from lpr_engine.sources.opening import open_source
from lpr_engine.sources.recording import RecordedSource


def write_picture(path, level: int, size=(32, 24)) -> None:
    assert cv2.imwrite(str(path), np.full((size[1], size[0], 3), level, np.uint8))


@pytest.mark.parametrize("name", ["clip.avi", "clip.mp4", "clip.mkv"])
def test_a_clip_gives_all_its_frames_with_its_own_times(make_clip, camera_at, clock, name) -> None:
    source = open_source(camera_at(make_clip(name)), clock)
    assert source.health is CameraHealth.STARTING
    frames = list(source.frames())
    assert [frame.number for frame in frames] == list(range(50))
    for frame in frames:
        passed_s = frame.number / 25
        assert frame.camera == "gate"
        assert frame.pixels.shape == (48, 64, 3)
        assert frame.pixels.mean() == pytest.approx(frame.number * 4 % 256, abs=6)
        assert frame.monotonic_s == pytest.approx(1000 + passed_s, abs=0.002)
        wall_s = (frame.taken_at - clock.moment) / timedelta(seconds=1)
        assert wall_s == pytest.approx(passed_s, abs=0.002)
    assert source.health is CameraHealth.ENDED
    assert source.last_error is None
    assert source.reconnects == 0


def test_a_clip_is_thinned_to_the_camera_rate(make_clip, camera_at, clock) -> None:
    frames = list(open_source(camera_at(make_clip(), fps=5.0), clock).frames())
    assert [round(frame.monotonic_s - 1000, 2) for frame in frames] == [
        0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("degrees", "shape"), [(0, (48, 64)), (90, (64, 48)), (180, (48, 64)), (270, (64, 48))]
)
def test_a_clip_is_rotated(make_clip, camera_at, clock, degrees, shape) -> None:
    source = open_source(camera_at(make_clip(frames=1), rotate=degrees), clock)
    assert [frame.pixels.shape[:2] for frame in source.frames()] == [shape]


def test_a_repeated_clip_goes_on_in_time(make_clip, camera_at, clock) -> None:
    source = open_source(camera_at(make_clip(frames=10), repeat=True), clock)
    frames = list(itertools.islice(source.frames(), 25))
    assert [frame.number for frame in frames] == list(range(25))
    times = [frame.monotonic_s for frame in frames]
    assert times == pytest.approx([1000 + number / 25 for number in range(25)], abs=0.003)


class CountingEvent(threading.Event):
    """Counts the delays that were asked for instead of waiting them out."""

    def __init__(self, clock) -> None:
        super().__init__()
        self.clock = clock
        self.delays: list[float] = []

    def wait(self, timeout=None) -> bool:
        self.delays.append(timeout)
        self.clock.passed_s += timeout
        return self.is_set()


def test_realtime_holds_each_frame_back_to_its_time(make_clip, camera_at, clock) -> None:
    closed = CountingEvent(clock)
    reel = ClipReel(make_clip(frames=10), 0.0, closed)
    source = RecordedSource(camera_at("x", realtime=True), clock, reel, closed)
    for frame in source.frames():
        assert clock.passed_s == pytest.approx(frame.monotonic_s)
    assert closed.delays == pytest.approx([0.04] * 9, abs=0.003)


def test_close_from_another_thread_ends_a_realtime_clip(make_clip, camera_at) -> None:
    source = open_source(camera_at(make_clip(frames=20, fps=0.1), realtime=True), SystemClock())
    frames = source.frames()
    next(frames)
    rest: list[object] = []
    thread = threading.Thread(target=lambda: rest.extend(frames))
    thread.start()
    source.close()
    source.close()
    thread.join(timeout=20)
    assert not thread.is_alive()
    assert rest == []
    assert source.health is CameraHealth.ENDED


def test_close_before_frames(make_clip, camera_at, clock) -> None:
    source = open_source(camera_at(make_clip()), clock)
    source.close()
    assert list(source.frames()) == []


def test_a_truncated_clip_gives_what_it_holds_and_says_so(make_clip, camera_at, clock) -> None:
    path = make_clip("clip.avi")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    source = open_source(camera_at(path), clock)
    count = len(list(source.frames()))
    assert 0 < count < 50
    assert f"only {count} of 50 frames" in source.last_error
    assert "clip.avi" in source.last_error


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("text.mp4", b"this is no video\n" * 100, "no video, or is damaged"),
        ("empty.mp4", b"", "empty"),
        ("noise.avi", bytes(range(256)) * 50, "no video, or is damaged"),
        ("text.jpg", b"this is no picture", "no BMP, JPEG"),
        ("empty.png", b"", "empty"),
    ],
)
@pytest.mark.parametrize("repeat", [False, True])
def test_a_file_that_is_no_recording(tmp_path, camera_at, clock, name, content, message, repeat):
    path = tmp_path / name
    path.write_bytes(content)
    source = open_source(camera_at(path, repeat=repeat), clock)
    with pytest.raises(SourceError, match=message) as caught:
        list(source.frames())
    assert name in str(caught.value)
    assert source.last_error == str(caught.value)
    assert source.health is CameraHealth.ENDED


def test_an_mp4_without_its_index(make_clip, camera_at, clock) -> None:
    path = make_clip("clip.mp4")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(SourceError, match=r"clip\.mp4"):
        list(open_source(camera_at(path), clock).frames())


@pytest.mark.parametrize("name", ["gone.mp4", "gone.jpg", "gone"])
def test_a_missing_file(tmp_path, camera_at, clock, name) -> None:
    with pytest.raises(SourceError, match=f"{name}: No such file"):
        list(open_source(camera_at(tmp_path / name), clock).frames())


def test_something_that_is_no_regular_file(camera_at, clock) -> None:
    with pytest.raises(SourceError, match="no regular file"):
        list(open_source(camera_at("/dev/null"), clock).frames())


def test_a_folder_shows_its_pictures_at_the_camera_rate(tmp_path, camera_at, clock) -> None:
    for number in range(12):
        write_picture(tmp_path / f"p{number}.png", number * 10)
    frames = list(open_source(camera_at(tmp_path, fps=4.0), clock).frames())
    assert [int(frame.pixels[0, 0, 0]) for frame in frames] == [n * 10 for n in range(12)]
    assert [frame.monotonic_s for frame in frames] == [1000 + n / 4 for n in range(12)]


def test_a_folder_passes_over_what_it_cannot_read(tmp_path, camera_at, clock, caplog) -> None:
    write_picture(tmp_path / "1.png", 10)
    (tmp_path / "2.png").write_bytes((tmp_path / "1.png").read_bytes()[:40])
    (tmp_path / "3.jpg").write_bytes(b"")
    write_picture(tmp_path / "4.jpg", 40)
    source = open_source(camera_at(tmp_path), clock)
    frames = list(source.frames())
    assert [int(frame.pixels[0, 0, 0]) for frame in frames] == [10, 40]
    assert "2.png" in caplog.text
    assert "3.jpg" in caplog.text
    assert "3.jpg" in source.last_error


@pytest.mark.parametrize("content", [{}, {"a.jpg": b"", "b.png": b"x", "notes.txt": b"y"}])
def test_a_folder_without_a_readable_picture(tmp_path, camera_at, clock, content) -> None:
    for name, data in content.items():
        (tmp_path / name).write_bytes(data)
    with pytest.raises(SourceError, match="no picture that can be read"):
        list(open_source(camera_at(tmp_path, repeat=True), clock).frames())


def test_a_single_picture_ends_after_one_frame_or_repeats(tmp_path, camera_at, clock) -> None:
    path = tmp_path / "one.jpg"
    write_picture(path, 77)
    assert len(list(open_source(camera_at(path), clock).frames())) == 1
    again = open_source(camera_at(path, fps=2.0, repeat=True), clock)
    times = [frame.monotonic_s for frame in itertools.islice(again.frames(), 3)]
    assert times == [1000.0, 1000.5, 1001.0]
