"""The whole of the threads: order, isolation, honest problems, a clean stop."""

import threading
import time
from collections.abc import Sequence

import numpy as np
import pytest

from lpr_engine.config.sections import CameraSection
from lpr_engine.model.errors import CameraUnknownError, SourceRefusedError
from lpr_engine.model.figures import CameraHealth
from lpr_engine.model.look import Look
from lpr_engine.model.passage import Passage, PassageUpdate
from lpr_engine.model.ports import PlateSight
from lpr_engine.pipeline.pipeline import Pipeline, Rooms
from tests.lpr_engine.pipeline.scripted import (
    EveryFrameTracker,
    MemoryArchive,
    NoRules,
    OnePlateEach,
    ScriptedSource,
    SilentMeter,
    frame,
    wait_for,
)


class Bench:
    """A pipeline over scripted cameras, with everything it touches at hand."""

    def __init__(
        self,
        sources: dict[str, ScriptedSource],
        realtime: bool = False,
        sight: PlateSight | None = None,
    ) -> None:
        self.sources = sources
        self.archive = MemoryArchive()
        self.trackers: dict[str, EveryFrameTracker] = {}
        self.heard: list[Passage] = []
        self.meter = SilentMeter()
        rooms = Rooms(
            open_source=lambda section: self._open(self.sources[section.id]),
            sight=sight or OnePlateEach(),
            meter=self.meter,
            tracker_for=self._tracker,
            rules=NoRules(),
            archive=self.archive,
        )
        sections = [
            CameraSection(id=name, source="clip.mp4", realtime=realtime) for name in sources
        ]
        self.pipeline = Pipeline(sections, rooms, min_confidence=0.5)
        self.pipeline.listen(self)

    def passage_committed(self, passage: Passage, update: PassageUpdate) -> None:
        assert passage.id == update.passage.id
        self.heard.append(passage)

    def _tracker(self, section: CameraSection) -> EveryFrameTracker:
        return self.trackers.setdefault(section.id, EveryFrameTracker(section.id))

    @staticmethod
    def _open(source: ScriptedSource | Exception) -> ScriptedSource:
        if isinstance(source, Exception):
            raise source
        return source


def moving(camera: str, count: int) -> list:
    return [frame(camera, number, level=(number % 2) * 99) for number in range(count)]


def test_every_frame_of_a_file_becomes_a_commit_in_order_and_is_told() -> None:
    bench = Bench({"gate": ScriptedSource(moving("gate", 12))})
    bench.pipeline.start()
    assert wait_for(lambda: bench.pipeline.idle)
    bench.pipeline.stop()
    assert [one.text for one in bench.archive.kept] == [f"N{number}" for number in range(12)]
    assert bench.heard == bench.archive.kept
    assert bench.trackers["gate"].finished >= 1
    assert bench.meter.stages == {"detect", "crop", "read", "track", "commit"}
    assert bench.pipeline.problems() == ()


def test_dead_camera_and_refused_camera_affect_no_other() -> None:
    def explode() -> None:
        raise ZeroDivisionError("a driver's bug")

    bench = Bench(
        {
            "good": ScriptedSource(moving("good", 10), pause_s=0.01),
            "dead": ScriptedSource([], then=explode),
            "wrong": SourceRefusedError("gopher:// is not supported"),
            "stuck": ScriptedSource([], hangs=True),
        }
    )
    bench.pipeline.start()
    assert wait_for(lambda: len(bench.archive.kept) == 10)
    feeds = bench.pipeline.feeds
    assert feeds["dead"].health is CameraHealth.REFUSED
    assert "gopher" in str(feeds["wrong"].last_error)
    assert feeds["stuck"].health is CameraHealth.STREAMING
    bench.pipeline.stop()


def test_full_disk_is_reported_keeps_what_waits_and_heals() -> None:
    bench = Bench({"gate": ScriptedSource(moving("gate", 5))})
    bench.archive.full.set()
    bench.pipeline.start()
    assert wait_for(lambda: bench.pipeline.problems() != ())
    assert "wait in memory" in bench.pipeline.problems()[0]
    assert wait_for(lambda: bench.trackers["gate"].finished > 0)
    bench.archive.full.clear()
    assert wait_for(lambda: len(bench.archive.kept) == 5)
    assert wait_for(lambda: bench.pipeline.problems() == ())
    bench.pipeline.stop()


def test_detections_below_a_cameras_confidence_are_ignored() -> None:
    bench = Bench({"gate": ScriptedSource(moving("gate", 5))})
    bench.pipeline.set_confidence("gate", 0.95)
    bench.pipeline.start()
    assert wait_for(lambda: bench.pipeline.idle)
    bench.pipeline.stop()
    assert bench.trackers["gate"].seen == list(range(5))
    assert bench.archive.kept == []


def test_camera_can_be_switched_off_and_on() -> None:
    bench = Bench({"gate": ScriptedSource(moving("gate", 1), hangs=True)}, realtime=True)
    bench.pipeline.start()
    assert wait_for(lambda: len(bench.archive.kept) == 1)
    bench.pipeline.set_enabled("gate", False)
    assert bench.pipeline.feeds["gate"].health is CameraHealth.DISABLED
    bench.pipeline.set_enabled("gate", True)
    assert bench.pipeline.feeds["gate"].health is not CameraHealth.DISABLED
    bench.pipeline.stop()


def test_a_camera_that_is_off_shows_no_old_picture_and_no_old_error() -> None:
    bench = Bench({"gate": ScriptedSource(moving("gate", 1), hangs=True)}, realtime=True)
    bench.pipeline.start()
    assert wait_for(lambda: bench.pipeline.latest_frame("gate", 60.0) is not None)
    assert bench.pipeline.latest_frame("gate", -1.0) is None
    bench.pipeline.set_enabled("gate", False)
    feed = bench.pipeline.feeds["gate"]
    assert bench.pipeline.latest_frame("gate", 60.0) is None
    assert feed.last_error is None
    assert feed.last_frame_at is not None
    assert feed.decoded == 1
    bench.pipeline.stop()


def test_switching_off_ends_a_source_that_sends_nothing_and_frees_one_that_waits() -> None:
    silent = ScriptedSource([], hangs=True)
    bench = Bench({"gate": silent}, realtime=True)
    bench.pipeline.start()
    bench.pipeline.set_enabled("gate", False)
    assert wait_for(lambda: silent.closed)
    assert wait_for(lambda: bench.trackers["gate"].finished == 1)
    bench.pipeline.set_enabled("gate", True)
    bench.pipeline.stop()
    bench.pipeline.set_enabled("gate", True)
    assert bench.pipeline.feeds["gate"].health is CameraHealth.STARTING


def test_a_late_thread_of_an_earlier_run_changes_nothing() -> None:
    released = threading.Event()

    def hang_then_fail() -> None:
        released.wait()
        raise SourceRefusedError("old trouble")

    sources = [
        ScriptedSource([], then=hang_then_fail),
        ScriptedSource(moving("gate", 3), hangs=True),
    ]
    bench = Bench({"gate": sources[0]}, realtime=True)
    bench.sources["gate"] = sources[0]
    bench.pipeline.start()
    assert wait_for(lambda: sources[0].asked)
    bench.pipeline.set_enabled("gate", False)
    bench.sources["gate"] = sources[1]
    bench.pipeline.set_enabled("gate", True)
    assert wait_for(lambda: bench.pipeline.feeds["gate"].decoded == 3)
    released.set()
    time.sleep(0.1)
    assert bench.pipeline.feeds["gate"].health is CameraHealth.STREAMING
    assert bench.pipeline.feeds["gate"].last_error is None
    bench.pipeline.stop()


class ColourBlind(OnePlateEach):
    """Cannot look at a batch that holds a picture of one grey level, as long as it is told so."""

    def __init__(self, level: int) -> None:
        self.level: int | None = level

    def look_timed(
        self, pictures: Sequence[np.ndarray], least_confidences: Sequence[float] | None = None
    ) -> Look:
        if any(int(picture[0, 0, 0]) == self.level for picture in pictures):
            raise MemoryError("out of device memory")
        return super().look_timed(pictures, least_confidences)


def test_one_cameras_unbearable_frames_blind_no_other_and_heal(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sight = ColourBlind(77)
    odd = [frame("odd", number, level=77) for number in range(3000)]
    bench = Bench(
        {
            "odd": ScriptedSource(odd, pause_s=0.02),
            "good": ScriptedSource(moving("good", 15), pause_s=0.01),
        },
        sight=sight,
    )
    bench.pipeline.start()
    assert wait_for(lambda: len(bench.archive.kept) == 15)
    assert {one.camera for one in bench.archive.kept} == {"good"}
    assert bench.pipeline.problems() == ("camera odd: frames cannot be looked at, see the log",)
    sight.level = None
    assert wait_for(lambda: len(bench.archive.kept) > 15)
    assert bench.pipeline.problems() == ()
    bench.pipeline.stop()
    told = [one.getMessage() for one in caplog.records if "camera odd" in one.getMessage()]
    assert len(told) == 2


def test_a_tracker_that_fails_affects_its_camera_only_even_at_the_end() -> None:
    bench = Bench(
        {
            "bad": ScriptedSource(moving("bad", 10)),
            "good": ScriptedSource(moving("good", 10), pause_s=0.01),
        }
    )

    def explode(*_: object) -> list[PassageUpdate]:
        raise IndexError("a defect")

    bench.trackers["bad"].update = explode
    bench.trackers["bad"].finish = explode
    bench.pipeline.start()
    assert wait_for(lambda: len(bench.archive.kept) == 10)
    assert "camera bad" in bench.pipeline.problems()[0]
    bench.pipeline.stop()
    assert bench.trackers["good"].finished >= 1


def test_a_listener_that_fails_deafens_no_other_and_loses_nothing() -> None:
    bench = Bench({"gate": ScriptedSource(moving("gate", 5))})

    class Broken:
        def passage_committed(self, passage: Passage, update: PassageUpdate) -> None:
            raise BrokenPipeError

    later: list[Passage] = []

    class Later:
        def passage_committed(self, passage: Passage, update: PassageUpdate) -> None:
            later.append(passage)

    bench.pipeline.listen(Broken())
    bench.pipeline.listen(Later())
    bench.pipeline.start()
    assert wait_for(lambda: len(later) == 5)
    assert bench.pipeline.problems() == ()
    assert bench.pipeline.notices() == ("Broken cannot take passages, see the log",)
    bench.pipeline.stop()


def test_a_store_that_hangs_is_told_and_does_not_hold_up_the_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lpr_engine.pipeline.writing._SLOW_S", 0.1)
    bench = Bench({"gate": ScriptedSource(moving("gate", 5000), pause_s=0.005)}, realtime=True)
    released = threading.Event()
    bench.archive.commit = lambda _: released.wait() and pytest.fail("released")
    bench.pipeline.start()
    assert wait_for(lambda: bench.pipeline.problems() != ())
    assert "the store is busy" in bench.pipeline.problems()[0]
    seen = len(bench.trackers["gate"].seen)
    assert wait_for(lambda: len(bench.trackers["gate"].seen) > seen + 70)
    assert any("given up" in one for one in bench.pipeline.notices())
    bench.pipeline.stop(timeout_s=0.5)
    assert bench.trackers["gate"].finished >= 1


def test_unknown_camera_is_named() -> None:
    bench = Bench({"gate": ScriptedSource([])})
    with pytest.raises(CameraUnknownError, match="'nowhere'"):
        bench.pipeline.set_enabled("nowhere", True)


def test_stop_is_clean_while_cameras_hang_and_stream() -> None:
    bench = Bench(
        {
            "stuck": ScriptedSource([], hangs=True),
            "busy": ScriptedSource(moving("busy", 100_000)),
        },
        realtime=True,
    )
    bench.pipeline.start()
    assert wait_for(lambda: len(bench.archive.kept) > 5)
    bench.pipeline.stop()
    kept = len(bench.archive.kept)
    time.sleep(0.3)
    assert len(bench.archive.kept) == kept
    assert bench.pipeline.drops("busy") >= 0


def test_another_stream_takes_the_place_of_the_one_that_runs() -> None:
    old = ScriptedSource(moving("gate", 3), hangs=True)
    new = ScriptedSource(moving("gate", 9)[3:])
    bench = Bench({"gate": old})
    bench.pipeline.start()
    assert wait_for(lambda: len(bench.archive.kept) == 3)
    bench.sources["gate"] = new
    section = CameraSection(id="gate", source="other.mp4", realtime=False)
    bench.pipeline.set_stream(section)
    assert wait_for(lambda: len(bench.archive.kept) == 9)
    assert old.closed
    assert bench.pipeline.feeds["gate"].section is section
    bench.pipeline.stop()


def test_another_stream_of_a_camera_that_is_off_waits_until_it_is_on() -> None:
    bench = Bench({"gate": ScriptedSource([], hangs=True)})
    bench.pipeline.set_enabled("gate", enabled=False)
    bench.pipeline.start()
    bench.sources["gate"] = new = ScriptedSource(moving("gate", 3))
    bench.pipeline.set_stream(CameraSection(id="gate", source="other.mp4", realtime=False))
    assert not new.asked
    bench.pipeline.set_enabled("gate", enabled=True)
    assert wait_for(lambda: len(bench.archive.kept) == 3)
    bench.pipeline.stop()


def test_refused_camera_is_tried_again_with_another_stream() -> None:
    bench = Bench({"gate": SourceRefusedError("no such scheme")})  # type: ignore[dict-item]
    bench.pipeline.start()
    assert wait_for(lambda: bench.pipeline.feeds["gate"].health is CameraHealth.REFUSED)
    bench.sources["gate"] = ScriptedSource(moving("gate", 3))
    bench.pipeline.set_stream(CameraSection(id="gate", source="other.mp4", realtime=False))
    assert wait_for(lambda: len(bench.archive.kept) == 3)
    bench.pipeline.stop()
