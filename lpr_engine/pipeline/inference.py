"""The one inference thread: frames of all cameras in batches, through vision into tracks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

from lpr_engine.model.frame import Frame
from lpr_engine.model.look import Look
from lpr_engine.model.observation import Observation
from lpr_engine.model.passage import PassageUpdate
from lpr_engine.model.ports import PassageTracker, PlateSight, StageMeter
from lpr_engine.pipeline.mailbox import Mailboxes
from lpr_engine.pipeline.motion import MotionGate
from lpr_engine.pipeline.showing import Showing
from lpr_engine.pipeline.trouble import Troubles

_IDLE_S = 0.25
_SILENCE_S = 5.0
"""From then on time passes for a camera without frames: what it showed is out of sight."""


class InferenceLoop:
    """Takes what the mailboxes hold, looks at what moves, and hands on what the tracks say.

    What fails for one camera fails for that camera only.
    """

    def __init__(
        self,
        mailboxes: Mailboxes,
        sight: PlateSight,
        trackers: Mapping[str, PassageTracker],
        min_confidence: Callable[[str], float],
        emit: Callable[[PassageUpdate], None],
        meter: StageMeter,
        silence_s: float = _SILENCE_S,
    ) -> None:
        self._mailboxes = mailboxes
        self._sight = sight
        self._trackers = trackers
        self._min_confidence = min_confidence
        self._emit = emit
        self._meter = meter
        self._silence_s = silence_s
        self._gates = {camera: MotionGate() for camera in trackers}
        self._heard: dict[str, tuple[Frame, float]] = {}
        self._troubles = Troubles()
        self.showing = Showing(self._troubles)
        self._stopping = threading.Event()
        self._finished: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="inference", daemon=True)
        self.looked = 0
        self.skipped = 0

    @property
    def problems(self) -> tuple[str, ...]:
        """What cannot be looked at or tracked now, in words."""
        return self._troubles.current

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
            self._take(frames)
            for camera in ended:
                self._finish(camera)
            self._finished = self._finished.union(ended)
            self._let_time_pass()
        for camera in self._trackers:
            self._finish(camera)

    def _take(self, frames: Sequence[Frame]) -> None:
        now_s = time.monotonic()
        self._heard.update((frame.camera, (frame, now_s)) for frame in frames)
        self._finished = self._finished.difference(frame.camera for frame in frames)
        moving = [frame for frame in frames if self._moves(frame)]
        for frame in frames:
            if frame not in moving:
                self._skip(frame)
        if moving:
            self._look(moving)

    def _moves(self, frame: Frame) -> bool:
        """Whether the gate lets the frame in; one that cannot be judged is looked at."""
        stands_still = False
        with self._troubles.watch(f"camera {frame.camera}: motion cannot be told, see the log"):
            stands_still = not self._gates[frame.camera].opens(frame)
        return not stands_still

    def _skip(self, frame: Frame) -> None:
        self.skipped += 1
        with self._tracking(frame.camera, "still plates"):
            self._hand_on(self._trackers[frame.camera].skip(frame))
        self.showing.skipped(frame, self._trackers[frame.camera])

    def _look(self, frames: Sequence[Frame]) -> None:
        try:
            look = self._see(frames)
        except Exception as error:  # noqa: BLE001 - outermost loop of a thread
            self._look_singly(frames, error)
            return
        for frame, observations in zip(frames, look.observations, strict=True):
            self._troubles.end(_blind(frame))
            self._track(frame, observations)
            self.showing.looked(frame, observations, self._trackers[frame.camera])

    def _look_singly(self, frames: Sequence[Frame], error: Exception) -> None:
        """One camera's odd picture, or a batch too large for the memory, blinds no other camera."""
        if len(frames) == 1:
            self.showing.forget(frames[0].camera)
            self._troubles.begin(_blind(frames[0]), error)
            return
        for frame in frames:
            self._look([frame])

    def _see(self, frames: Sequence[Frame]) -> Look:
        least = [self._min_confidence(frame.camera) for frame in frames]
        look = self._sight.look_timed([frame.pixels for frame in frames], least)
        self.looked += len(frames)
        self._meter.observe("detect", look.times.detect_ms)
        if any(look.observations):
            self._meter.observe("crop", look.times.crop_ms)
            self._meter.observe("read", look.times.read_ms)
        return look

    def _track(self, frame: Frame, observations: Sequence[Observation]) -> None:
        with self._tracking(frame.camera):
            began_s = time.perf_counter()
            updates = self._trackers[frame.camera].update(frame, observations)
            self._meter.observe("track", (time.perf_counter() - began_s) * 1000)
            self._hand_on(updates)

    def _let_time_pass(self) -> None:
        """Tell the tracks of a camera that fell silent how late it is.

        They end as those of plates out of sight do, and what is parked there is not forgotten: a
        camera that is lost for a minute must not tell of every parked car again.
        """
        now_s = time.monotonic()
        for camera, (frame, heard_s) in self._heard.items():
            silent_s = now_s - heard_s
            if silent_s < self._silence_s or self._mailboxes.waits_for(camera):
                continue
            nothing = replace(
                frame,
                taken_at=frame.taken_at + timedelta(seconds=silent_s),
                monotonic_s=frame.monotonic_s + silent_s,
            )
            with self._tracking(camera):
                self._hand_on(self._trackers[camera].update(nothing, ()))

    def _finish(self, camera: str) -> None:
        self._heard.pop(camera, None)
        self.showing.forget(camera)
        with self._tracking(camera):
            self._hand_on(self._trackers[camera].finish())

    def _tracking(self, camera: str, what: str = "plates") -> AbstractContextManager[None]:
        return self._troubles.watch(f"camera {camera}: {what} cannot be followed, see the log")

    def _hand_on(self, updates: Sequence[PassageUpdate]) -> None:
        for update in updates:
            self._emit(update)


def _blind(frame: Frame) -> str:
    return f"camera {frame.camera}: frames cannot be looked at, see the log"
