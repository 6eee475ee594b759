"""One life of a live stream: opened, read and closed in a thread of its own."""

from __future__ import annotations

import atexit
import logging
import threading
import time
import traceback
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakSet

from lpr_engine.model.clock import Clock
from lpr_engine.model.errors import SourceError
from lpr_engine.model.pixels import Pixels
from lpr_engine.sources.capture import Capture, CaptureOpener
from lpr_engine.sources.pace import Pace

_LOGGER = logging.getLogger(__name__)

_MAX_HOLD_S = 1.0
_EXIT_PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class LiveShot:
    """A converted frame with the time at which it was grabbed."""

    pixels: Pixels
    taken_at: datetime
    monotonic_s: float


class CaptureSession:
    """Reads one capture until it ends, fails or is abandoned; the newest frame waits in a slot.

    Only the thread touches the capture, so whoever watches can walk away from a call that hangs.
    """

    def __init__(self, camera: str, open_capture: CaptureOpener, clock: Clock, pace: Pace) -> None:
        self._open_capture = open_capture
        self._clock = clock
        self._pace = pace
        self._abandoned = threading.Event()
        self._changed = threading.Condition()
        self._slot: LiveShot | None = None
        self._failure: str | None = None
        self._last_sign_s = clock.monotonic_s()
        self._thread = threading.Thread(target=self._run, name=f"capture-{camera}", daemon=True)

    @property
    def failure(self) -> str | None:
        """Why the session is over; None while it goes on."""
        return self._failure

    @property
    def is_alive(self) -> bool:
        """Whether the thread still runs, perhaps stuck."""
        return self._thread.is_alive()

    @property
    def silent_s(self) -> float:
        """Seconds since the capture was last seen to do something."""
        return self._clock.monotonic_s() - self._last_sign_s

    def start(self) -> None:
        """Begin to open the capture."""
        self._thread.start()
        _RUNNING.add(self)

    def abandon(self) -> None:
        """Have the thread end as soon as the call it is in comes back."""
        self._abandoned.set()

    def join(self, timeout_s: float) -> None:
        """Wait for the thread to end."""
        self._thread.join(timeout_s)

    def take(self, timeout_s: float) -> LiveShot | None:
        """The newest frame not taken yet; None if there is none in time, or the session is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._slot is not None or self._failure, timeout_s)
            shot, self._slot = self._slot, None
            return shot

    def _run(self) -> None:
        capture: Capture | None = None
        try:
            capture = self._open_capture()
            self._sign()
            self._pump(capture)
            self._end("the stream ended, or sent no frame in time")
        except SourceError as err:
            self._end(str(err))
        except Exception as err:  # noqa: BLE001 - outermost in the thread; the watcher reopens
            # Only the places are logged, for the message might quote the address's password.
            places = "".join(traceback.format_tb(err.__traceback__))
            _LOGGER.error("Capture thread failed with %s at\n%s", type(err).__name__, places)
            self._end(f"the capture failed: {type(err).__name__}")
        finally:
            if capture is not None:
                capture.release()

    def _pump(self, capture: Capture) -> None:
        started_s = self._clock.monotonic_s()
        while not self._abandoned.is_set() and capture.grab():
            self._sign()
            taken_at, monotonic_s = self._clock.now(), self._clock.monotonic_s()
            if self._pace.is_due(monotonic_s):
                self._put(LiveShot(capture.retrieve(), taken_at, monotonic_s))
            position_s = capture.position_s()
            if position_s is not None:
                lead_s = started_s + position_s - self._clock.monotonic_s()
                self._abandoned.wait(min(max(lead_s, 0.0), _MAX_HOLD_S))

    def _put(self, shot: LiveShot) -> None:
        with self._changed:
            self._slot = shot
            self._changed.notify_all()

    def _end(self, failure: str) -> None:
        with self._changed:
            self._failure = failure
            self._changed.notify_all()

    def _sign(self) -> None:
        self._last_sign_s = self._clock.monotonic_s()


_RUNNING: WeakSet[CaptureSession] = WeakSet()


@atexit.register
def _end_running() -> None:
    """Let no capture come back from OpenCV while the interpreter dies, which aborts the process.

    One that hangs longer than our patience is no danger: the process is gone before it returns.
    """
    deadline_s = time.monotonic() + _EXIT_PATIENCE_S
    running = list(_RUNNING)
    for session in running:
        session.abandon()
    for session in running:
        session.join(max(0.0, deadline_s - time.monotonic()))
