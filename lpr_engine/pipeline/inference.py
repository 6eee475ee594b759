"""The one inference thread: frames of all cameras in batches, through vision into tracks."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence

from lpr_engine.model.errors import LprError
from lpr_engine.model.frame import Frame
from lpr_engine.model.observation import Observation
from lpr_engine.model.passage import PassageUpdate
from lpr_engine.model.ports import PassageTracker
from lpr_engine.pipeline.mailbox import Mailboxes
from lpr_engine.pipeline.motion import MotionGate
from lpr_engine.pipeline.sight import Sight

_LOGGER = logging.getLogger(__name__)

_IDLE_S = 0.25
_SILENCE_S = 5.0
"""A camera that sent nothing for this long has its tracks closed: their vehicles are gone."""


class InferenceLoop:
    """Takes what the mailboxes hold, looks at what moves, and hands on what the tracks say."""

    def __init__(
        self,
        mailboxes: Mailboxes,
        sight: Sight,
        trackers: Mapping[str, PassageTracker],
        min_confidence: Callable[[str], float],
        emit: Callable[[PassageUpdate], None],
        gates: Mapping[str, MotionGate] | None = None,
    ) -> None:
        self._mailboxes = mailboxes
        self._sight = sight
        self._trackers = trackers
        self._min_confidence = min_confidence
        self._emit = emit
        self._gates = gates if gates is not None else {name: MotionGate() for name in trackers}
        self._heard_s: dict[str, float] = {}
        self._stopping = threading.Event()
        self._failing = False
        self._finished: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="inference", daemon=True)
        self.looked = 0
        self.skipped = 0

    @property
    def failing(self) -> bool:
        """Whether the last batch could not be looked at."""
        return self._failing

    @property
    def finished(self) -> set[str]:
        """The cameras that ended, with every frame looked at and every track closed."""
        return set(self._finished)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """Finish the batch at hand, close all tracks, end."""
        self._stopping.set()
        self._mailboxes.close()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stopping.is_set():
            frames, ended = self._mailboxes.take(_IDLE_S)
            try:
                self._take(frames)
                self._failing = False
            except LprError as error:
                self._report(error)
            except Exception as error:  # noqa: BLE001 - outermost loop of a thread
                self._report(error)
            for camera in [*ended, *self._silent()]:
                self._finish(camera)
            self._finished.update(ended)
        for camera in self._trackers:
            self._finish(camera)

    def _take(self, frames: Sequence[Frame]) -> None:
        now_s = time.monotonic()
        self._heard_s.update((frame.camera, now_s) for frame in frames)
        self._finished.difference_update(frame.camera for frame in frames)
        moving = [frame for frame in frames if self._gates[frame.camera].opens(frame)]
        for frame in frames:
            if frame not in moving:
                self.skipped += 1
                self._hand_on(self._trackers[frame.camera].skip(frame))
        if moving:
            self._look(moving)

    def _look(self, frames: Sequence[Frame]) -> None:
        least = [self._min_confidence(frame.camera) for frame in frames]
        observed = self._sight.look(frames, least)
        self.looked += len(frames)
        for frame, observations in zip(frames, observed, strict=True):
            self._track(frame, observations)

    def _track(self, frame: Frame, observations: Sequence[Observation]) -> None:
        began_s = time.perf_counter()
        updates = self._trackers[frame.camera].update(frame, observations)
        self._sight.meter.observe("track", (time.perf_counter() - began_s) * 1000)
        self._hand_on(updates)

    def _silent(self) -> list[str]:
        deadline_s = time.monotonic() - _SILENCE_S
        return [camera for camera, heard_s in self._heard_s.items() if heard_s < deadline_s]

    def _finish(self, camera: str) -> None:
        self._heard_s.pop(camera, None)
        self._hand_on(self._trackers[camera].finish())

    def _hand_on(self, updates: Sequence[PassageUpdate]) -> None:
        for update in updates:
            self._emit(update)

    def _report(self, error: Exception) -> None:
        if not self._failing:
            _LOGGER.error("Frames cannot be looked at: %s", error, exc_info=error)
        self._failing = True
