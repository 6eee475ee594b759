"""What a camera shows live: each frame with what was seen in that very frame, and no other."""

from __future__ import annotations

import pytest

from lpr_engine.config.sections import CameraSection
from lpr_engine.model.live import Followed, LiveFrame
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


class Eye:
    """A live listener that remembers."""

    def __init__(self) -> None:
        self.shown: list[LiveFrame] = []

    def frame_shown(self, shown: LiveFrame) -> None:
        self.shown.append(shown)


def run(
    source: ScriptedSource, *eyes: Eye, follow: type[EveryFrameTracker] = EveryFrameTracker
) -> tuple[Pipeline, MemoryArchive]:
    archive = MemoryArchive()
    rooms = Rooms(
        open_source=lambda _: source,
        sight=OnePlateEach(),
        meter=SilentMeter(),
        tracker_for=lambda section: follow(section.id),
        rules=NoRules(),
        archive=archive,
    )
    camera = CameraSection(id="gate", source="clip.mp4", realtime=False)
    pipeline = Pipeline([camera], rooms, min_confidence=0.5)
    for eye in eyes:
        pipeline.watch(eye)
    pipeline.start()
    assert wait_for(lambda: pipeline.idle)
    pipeline.stop()
    return pipeline, archive


def test_each_frame_is_shown_with_what_was_read_in_it() -> None:
    eye = Eye()
    run(ScriptedSource([frame("gate", number, level=20 * number) for number in range(10)]), eye)
    assert [shown.frame.number for shown in eye.shown] == list(range(10))
    for shown in eye.shown:
        (observation,) = shown.observations
        assert observation.reading is not None
        assert observation.reading.text == str(shown.frame.pixels[0, 0, 0] % 10)
        assert shown.looked_at == shown.frame.number
        assert [plate.number for plate in shown.followed] == [shown.frame.number]


def test_a_frame_that_nobody_looked_at_says_which_look_its_boxes_are_of() -> None:
    eye = Eye()
    still = [frame("gate", number, level=7) for number in range(60)]
    pipeline, _ = run(ScriptedSource(still), eye)
    assert [shown.frame.number for shown in eye.shown] == list(range(60))
    skipped = [shown for shown in eye.shown if shown.looked_at != shown.frame.number]
    assert 0 < len(skipped) == 60 - pipeline.frames_looked_at
    looks = {shown.frame.number for shown in eye.shown} - {one.frame.number for one in skipped}
    assert {one.looked_at for one in skipped} <= looks
    assert all(one.observations for one in skipped)


def test_what_a_mask_covers_is_framed_and_not_read() -> None:
    class Blind(EveryFrameTracker):
        def in_view(self) -> tuple[Followed, ...]:
            return ()

    eye = Eye()
    run(ScriptedSource([frame("gate", n, level=90 * (n % 2)) for n in range(4)]), eye, follow=Blind)
    assert [one.reading for shown in eye.shown for one in shown.observations] == [None] * 4


def test_an_eye_that_fails_stops_nothing_and_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    class Sore(Eye):
        def frame_shown(self, shown: LiveFrame) -> None:
            raise BrokenPipeError

    _, archive = run(
        ScriptedSource([frame("gate", n, level=90 * (n % 2)) for n in range(8)]), Sore()
    )
    assert len(archive.kept) == 8
    told = [one.getMessage() for one in caplog.records if "shown live" in one.getMessage()]
    assert len(told) == 1
