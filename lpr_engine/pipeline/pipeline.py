"""All threads of a running engine, started in order and stopped in order."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lpr_engine.config.sections import CameraSection
from lpr_engine.model.errors import CameraUnknownError
from lpr_engine.model.frame import Frame
from lpr_engine.model.live import LiveListener
from lpr_engine.model.ports import (
    PassageArchive,
    PassageListener,
    PassageTracker,
    PlateSight,
    StageMeter,
    VerdictRules,
)
from lpr_engine.pipeline.backlog import Backlog
from lpr_engine.pipeline.camera import CameraFeed
from lpr_engine.pipeline.camera_run import SourceFactory
from lpr_engine.pipeline.inference import InferenceLoop
from lpr_engine.pipeline.mailbox import Mailboxes
from lpr_engine.pipeline.writing import WritingLoop

_BACKLOG_CAPACITY = 64
_BACKLOG_BYTES = 256 * 1024 * 1024
"""Each waiting revision holds one frame's pixels: 2.8 MB at 720p, 25 MB at 4K."""
_LAST_COMMITS_S = 0.5


@dataclass(frozen=True, slots=True)
class Rooms:
    """The concrete parts that a pipeline connects."""

    open_source: SourceFactory
    sight: PlateSight
    meter: StageMeter
    tracker_for: Callable[[CameraSection], PassageTracker]
    rules: VerdictRules
    archive: PassageArchive


class Pipeline:
    """Cameras in, committed passages out."""

    def __init__(
        self, cameras: Sequence[CameraSection], rooms: Rooms, min_confidence: float
    ) -> None:
        names = [camera.id for camera in cameras]
        self._mailboxes = Mailboxes(names, patient=[c.id for c in cameras if not c.realtime])
        self._feeds: Mapping[str, CameraFeed] = {
            camera.id: CameraFeed(camera, rooms.open_source, self._mailboxes) for camera in cameras
        }
        self._confidences = dict.fromkeys(names, min_confidence)
        self._backlog = Backlog(_BACKLOG_CAPACITY, _BACKLOG_BYTES)
        self._inference = InferenceLoop(
            self._mailboxes,
            rooms.sight,
            {camera.id: rooms.tracker_for(camera) for camera in cameras},
            self._confidences.__getitem__,
            self._backlog.put,
            rooms.meter,
        )
        self._writing = WritingLoop(self._backlog, rooms.rules, rooms.archive, rooms.meter)

    def listen(self, listener: PassageListener) -> None:
        """Tell a listener of each committed revision; before the start only."""
        self._writing.listen(listener)

    def watch(self, listener: LiveListener) -> None:
        """Show a listener each frame with what was seen in it; before the start only."""
        self._inference.showing.listen(listener)

    def start(self) -> None:
        """Start from the far end, so that nothing is produced before somebody takes it."""
        self._writing.start()
        self._inference.start()
        for feed in self._feeds.values():
            feed.start()

    def stop(self, timeout_s: float = 2.0) -> None:
        """Stop from the near end, so that what was seen is still kept."""
        deadline_s = time.monotonic() + timeout_s
        for feed in self._feeds.values():
            feed.stop()
        self._inference.stop(max(0.1, timeout_s - _LAST_COMMITS_S))
        self._writing.stop(max(0.1, deadline_s - time.monotonic()))

    @property
    def feeds(self) -> Mapping[str, CameraFeed]:
        """The cameras by id."""
        return self._feeds

    def drops(self, camera: str) -> int:
        """Frames of a camera that nobody had time to look at."""
        self._known(camera)
        return self._mailboxes.drops(camera)

    def confidence(self, camera: str) -> float:
        """The detection confidence below which a camera's boxes are ignored."""
        self._known(camera)
        return self._confidences[camera]

    def set_confidence(self, camera: str, value: float) -> None:
        """Change that confidence; counts from the next frame on.

        Raises:
            CameraUnknownError: no such camera.
        """
        self._known(camera)
        self._confidences[camera] = value

    def set_enabled(self, camera: str, enabled: bool) -> None:
        """Switch a camera on or off.

        Raises:
            CameraUnknownError: no such camera.
        """
        self._known(camera).set_enabled(enabled)

    def set_stream(self, camera: CameraSection) -> None:
        """Take a camera's frames as its section says now.

        Raises:
            CameraUnknownError: no such camera.
        """
        self._known(camera.id).set_section(camera)

    def latest_frame(self, camera: str, at_most_s: float) -> Frame | None:
        """The newest decoded frame of a camera, if it came in the last `at_most_s` seconds.

        Raises:
            CameraUnknownError: no such camera.
        """
        return self._known(camera).latest(at_most_s)

    @property
    def frames_looked_at(self) -> int:
        """Frames of all cameras that went through the detector."""
        return self._inference.looked

    @property
    def idle(self) -> bool:
        """Whether every camera has ended and everything seen is committed."""
        return self._inference.finished >= set(self._feeds) and len(self._backlog) == 0

    @property
    def backlog_depth(self) -> int:
        """How many passage revisions wait to be kept."""
        return len(self._backlog)

    @property
    def revisions_lost(self) -> int:
        """How many passage revisions found no room to wait, since the start."""
        return self._backlog.lost

    def problems(self) -> tuple[str, ...]:
        """What keeps passages from being made or kept now, in words; empty while all is well."""
        problem = self._writing.problem
        return (*self._inference.problems, *([] if problem is None else [problem]))

    def notices(self) -> tuple[str, ...]:
        """What is amiss although passages are made and kept, in words."""
        lost = self._backlog.lost
        given_up = (
            [f"{lost} passage revisions were given up, the disk was too slow"] if lost else []
        )
        return (*given_up, *self._writing.notices)

    def _known(self, camera: str) -> CameraFeed:
        feed = self._feeds.get(camera)
        if feed is None:
            raise CameraUnknownError(f"there is no camera {camera!r}")
        return feed
