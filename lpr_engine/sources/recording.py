"""Frames from something recorded: it ends, can repeat, and has its own time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import timedelta

from lpr_engine.config.sections import CameraSection
from lpr_engine.model.clock import Clock
from lpr_engine.model.errors import SourceError
from lpr_engine.model.figures import CameraHealth
from lpr_engine.model.frame import Frame
from lpr_engine.sources.layout import rotated
from lpr_engine.sources.reel import Reel

_LOGGER = logging.getLogger(__name__)


class RecordedSource:
    """Plays a reel as a camera: at its own speed if `realtime`, else as fast as it is taken.

    Frame times are the start of playing plus the reel's time, whatever the speed; repetitions
    continue where the one before ended.
    """

    def __init__(
        self, camera: CameraSection, clock: Clock, reel: Reel, closed: threading.Event
    ) -> None:
        self._camera = camera
        self._clock = clock
        self._reel = reel
        self._closed = closed
        self._health = CameraHealth.STARTING
        self._last_error: str | None = None

    @property
    def health(self) -> CameraHealth:
        """STARTING, STREAMING or ENDED."""
        return CameraHealth.ENDED if self._closed.is_set() else self._health

    @property
    def reconnects(self) -> int:
        """A recording is never connected again."""
        return 0

    @property
    def last_error(self) -> str | None:
        """What was wrong with the recording, in words."""
        return self._last_error

    def close(self) -> None:
        """End `frames` soon; from any thread."""
        self._closed.set()

    def frames(self) -> Iterator[Frame]:
        """Yield the recording's frames.

        Raises:
            SourceError: the recording cannot be read.
        """
        try:
            yield from self._play()
        except SourceError as err:
            self._last_error = str(err)
            raise
        finally:
            self._health = CameraHealth.ENDED

    def _play(self) -> Iterator[Frame]:
        start, start_s = self._clock.now(), self._clock.monotonic_s()
        number, passed_s = 0, 0.0
        while not self._closed.is_set():
            for shot in self._reel.shots():
                time_s = passed_s + shot.clip_s
                if not self._wait_until(start_s + time_s):
                    return
                self._health = CameraHealth.STREAMING
                yield Frame(
                    camera=self._camera.id,
                    pixels=rotated(shot.pixels, self._camera.rotate),
                    taken_at=start + timedelta(seconds=time_s),
                    monotonic_s=start_s + time_s,
                    number=number,
                )
                number += 1
            self._note(self._reel.problem)
            passed_s += self._reel.length_s
            if not self._camera.repeat:
                return

    def _wait_until(self, monotonic_s: float) -> bool:
        """Hold a frame back to its time, if that is wanted; False when closed meanwhile."""
        delay_s = monotonic_s - self._clock.monotonic_s() if self._camera.realtime else 0.0
        if delay_s > 0:
            return not self._closed.wait(delay_s)
        return not self._closed.is_set()

    def _note(self, problem: str | None) -> None:
        if problem is not None and problem != self._last_error:
            _LOGGER.warning("Camera %s: %s", self._camera.id, problem)
        self._last_error = problem
