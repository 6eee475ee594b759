"""A camera as the engine knows it: on or off, how it is doing, and its newest picture."""

from __future__ import annotations

import threading
import time
from datetime import datetime

from lpr_engine.config.sections import CameraSection
from lpr_engine.model.figures import CameraHealth
from lpr_engine.model.frame import Frame
from lpr_engine.pipeline.camera_run import CameraRun, SourceFactory
from lpr_engine.pipeline.mailbox import Mailboxes


class CameraFeed:
    """Runs one camera's source, anew whenever it is switched on.

    Whatever happens to this camera happens to no other: errors end in its run. The switches may
    be turned from any thread.
    """

    def __init__(
        self, section: CameraSection, open_source: SourceFactory, mailboxes: Mailboxes
    ) -> None:
        self.section = section
        self._open_source = open_source
        self._mailboxes = mailboxes
        self._run: CameraRun | None = None
        self._lock = threading.Lock()
        self._enabled = section.enabled
        self._stopped = False
        self._reconnects_before = 0
        self._latest: tuple[Frame, float] | None = None
        self.decoded = 0
        self.last_frame_at: datetime | None = None

    @property
    def enabled(self) -> bool:
        """Whether the camera is meant to run."""
        return self._enabled

    @property
    def health(self) -> CameraHealth:
        """What the camera is doing now."""
        run = self._run
        if not self._enabled:
            return CameraHealth.DISABLED
        return run.health if run is not None else CameraHealth.STARTING

    @property
    def last_error(self) -> str | None:
        """The last failure in words, credentials masked; None while switched off."""
        run = self._run
        return run.last_error if run is not None else None

    @property
    def reconnects(self) -> int:
        """How often the stream was opened again since the start."""
        with self._lock:
            return self._reconnects_before + (self._run.reconnects if self._run else 0)

    def latest(self, at_most_s: float) -> Frame | None:
        """The newest frame, if it came in the last `at_most_s` seconds and the camera is on."""
        with self._lock:
            if self._latest is None:
                return None
            frame, came_at_s = self._latest
            return frame if time.monotonic() - came_at_s <= at_most_s else None

    def start(self) -> None:
        """Begin decoding, unless the camera is disabled or runs already."""
        with self._lock:
            self._begin()

    def set_enabled(self, enabled: bool) -> None:
        """Switch the camera on or off; returns at once."""
        with self._lock:
            self._enabled = enabled
            if enabled:
                self._begin()
            else:
                self._halt()

    def set_section(self, section: CameraSection) -> None:
        """Decode as this section says from now on; what runs begins anew."""
        with self._lock:
            self.section = section
            if self._run is not None:
                self._halt()
                self._begin()

    def stop(self) -> None:
        """End decoding for good; waits for nothing."""
        with self._lock:
            self._stopped = True
            self._halt()

    def _begin(self) -> None:
        if not self._enabled or self._stopped or (self._run and not self._run.is_over):
            return
        self._halt()
        self._run = CameraRun(self.section, self._open_source, self._mailboxes, self._take_note)
        self._run.start()

    def _halt(self) -> None:
        run, self._run = self._run, None
        self._latest = None
        if run is not None:
            self._reconnects_before += run.reconnects
            run.cancel()

    def _take_note(self, run: CameraRun, frame: Frame) -> None:
        with self._lock:
            if run is not self._run:
                return
            self.decoded += 1
            self.last_frame_at = frame.taken_at
            self._latest = frame, time.monotonic()
