"""Frames from a camera that may vanish, hang or lie, and is opened again until it is closed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

from lpr_engine.config.sections import CameraSection
from lpr_engine.model.clock import Clock
from lpr_engine.model.figures import CameraHealth
from lpr_engine.model.frame import Frame
from lpr_engine.sources.backoff import Backoff
from lpr_engine.sources.capture import CaptureOpener, StreamLimits
from lpr_engine.sources.layout import rotated
from lpr_engine.sources.pace import Pace
from lpr_engine.sources.session import CaptureSession, LiveShot

_LOGGER = logging.getLogger(__name__)

_TICK_S = 0.25
_MAX_LINGERING = 1


class LiveSource:
    """Watches one capture thread at a time and replaces it when it fails or hangs.

    A hanging thread cannot be stopped from outside; it is abandoned, and while more than one of
    those lingers no other is started, so a camera never costs more than two threads.
    """

    def __init__(
        self,
        camera: CameraSection,
        clock: Clock,
        open_capture: CaptureOpener,
        limits: StreamLimits,
        backoff: Backoff,
    ) -> None:
        self._camera = camera
        self._clock = clock
        self._open_capture = open_capture
        self._limits = limits
        self._backoff = backoff
        self._closed = threading.Event()
        self._health = CameraHealth.STARTING
        self._reconnects = 0
        self._last_error: str | None = None
        self._lingering: list[CaptureSession] = []

    @property
    def health(self) -> CameraHealth:
        """What the stream is doing now."""
        return CameraHealth.ENDED if self._closed.is_set() else self._health

    @property
    def reconnects(self) -> int:
        """How often the stream was opened again."""
        return self._reconnects

    @property
    def last_error(self) -> str | None:
        """Why the stream does not flow; None while it does."""
        return self._last_error

    def close(self) -> None:
        """End `frames` within a fraction of a second; from any thread."""
        self._closed.set()

    def frames(self) -> Iterator[Frame]:
        """Yield the newest frames until closed; never raises for what the far end does."""
        number = 0
        while not self._closed.is_set():
            session = CaptureSession(
                self._camera.id, self._open_capture, self._clock, Pace(self._camera.fps)
            )
            session.start()
            try:
                for shot in self._watch(session):
                    yield self._frame(shot, number)
                    number += 1
            finally:
                session.abandon()
                self._lingering.append(session)
            self._pause(session.failure or "the capture hangs")

    def _watch(self, session: CaptureSession) -> Iterator[LiveShot]:
        """The session's frames, until it is over, hangs, or the source is closed."""
        first_s: float | None = None
        while not self._closed.is_set():
            shot = session.take(_TICK_S)
            if shot is not None:
                first_s = shot.monotonic_s if first_s is None else first_s
                self._note_flow(shot.monotonic_s - first_s)
                yield shot
            elif session.failure is not None or session.silent_s > self._limits.abandoned_s:
                return
            elif first_s is not None and session.silent_s > self._limits.stalled_s:
                self._note_stall()

    def _frame(self, shot: LiveShot, number: int) -> Frame:
        return Frame(
            camera=self._camera.id,
            pixels=rotated(shot.pixels, self._camera.rotate),
            taken_at=shot.taken_at,
            monotonic_s=shot.monotonic_s,
            number=number,
        )

    def _pause(self, failure: str) -> None:
        """Wait before the next opening, and for hanging threads to come back."""
        if self._closed.is_set():
            return
        if self._last_error is None:
            _LOGGER.warning("Camera %s lost: %s; reconnecting", self._camera.id, failure)
        self._last_error = failure
        self._health = CameraHealth.RECONNECTING
        self._closed.wait(self._backoff.next_delay_s())
        while self._count_lingering() > _MAX_LINGERING and not self._closed.wait(_TICK_S):
            self._health = CameraHealth.STALLED
        self._reconnects += not self._closed.is_set()

    def _count_lingering(self) -> int:
        self._lingering = [session for session in self._lingering if session.is_alive]
        return len(self._lingering)

    def _note_flow(self, flowing_s: float) -> None:
        if self._health is not CameraHealth.STREAMING:
            _LOGGER.info("Camera %s is streaming", self._camera.id)
        self._health = CameraHealth.STREAMING
        self._last_error = None
        if flowing_s >= self._limits.stable_s:
            self._backoff.reset()

    def _note_stall(self) -> None:
        if self._health is CameraHealth.STALLED:
            return
        self._health = CameraHealth.STALLED
        self._last_error = f"no frame for {self._limits.stalled_s:g} s"
        _LOGGER.warning("Camera %s stalls: %s", self._camera.id, self._last_error)
