"""The whole of the threads: order, isolation, honest problems, a clean stop."""

import time

import pytest

from lpr_engine.config.sections import CameraSection
from lpr_engine.model.errors import CameraUnknownError, SourceRefusedError
from lpr_engine.model.figures import CameraHealth
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
        self.archive = MemoryArchive()
        self.trackers: dict[str, EveryFrameTracker] = {}
        self.heard: list[Passage] = []
        self.meter = SilentMeter()
        rooms = Rooms(
            open_source=lambda section: self._open(sources[section.id]),
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
    assert "no space left" in bench.pipeline.problems()[0]
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
