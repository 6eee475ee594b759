"""One decoding thread per camera: source to mailbox, and the switches a person can turn."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeAlias

from lpr_engine.config.sections import CameraSection
from lpr_engine.model.errors import LprError
from lpr_engine.model.figures import CameraHealth
from lpr_engine.model.frame import Frame
from lpr_engine.model.ports import FrameSource
from lpr_engine.pipeline.mailbox import Mailboxes

_LOGGER = logging.getLogger(__name__)

SourceFactory: TypeAlias = Callable[[CameraSection], FrameSource]


class CameraFeed:
    """Runs one camera's source and lays its frames into the mailbox.

    Whatever happens to this camera happens to no other: errors end here.
    """

    def __init__(
        self, section: CameraSection, open_source: SourceFactory, mailboxes: Mailboxes
    ) -> None:
        self.section = section
        self._open_source = open_source
        self._mailboxes = mailboxes
        self._source: FrameSource | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._refused: str | None = None
        self._ended = False
        self._enabled = section.enabled
        self.decoded = 0
        self.latest: Frame | None = None

    @property
    def enabled(self) -> bool:
        """Whether the camera is meant to run."""
        return self._enabled

    @property
    def health(self) -> CameraHealth:
        """What the camera is doing now."""
        source = self._source
        if not self._enabled:
            return CameraHealth.DISABLED
        if self._refused is not None:
            return CameraHealth.REFUSED
        if self._ended:
            return CameraHealth.ENDED
        return source.health if source is not None else CameraHealth.STARTING

    @property
    def last_error(self) -> str | None:
        """The last failure in words, credentials masked."""
        source = self._source
        return self._refused or (source.last_error if source is not None else None)

    @property
    def reconnects(self) -> int:
        """How often the stream was opened again."""
        source = self._source
        return source.reconnects if source is not None else 0

    def start(self) -> None:
        """Begin decoding, unless the camera is disabled or runs already."""
        with self._lock:
            if not self._enabled or self._thread is not None:
                return
            self._ended, self._refused = False, None
            self._thread = threading.Thread(
                target=self._run, name=f"camera-{self.section.id}", daemon=True
            )
            self._thread.start()

    def set_enabled(self, enabled: bool) -> None:
        """Switch the camera on or off."""
        self._enabled = enabled
        if enabled:
            self.start()
        else:
            self.stop(timeout_s=1.0)

    def stop(self, timeout_s: float) -> None:
        """End decoding; waits up to `timeout_s` for the thread."""
        with self._lock:
            thread, self._thread = self._thread, None
            source = self._source
        if source is not None:
            source.close()
        if thread is not None:
            thread.join(timeout_s)

    def _run(self) -> None:
        me = threading.current_thread()
        try:
            self._decode(me)
        except LprError as error:
            self._refused = str(error)
            _LOGGER.error("Camera %s is given up: %s", self.section.id, error)
        except Exception:  # outermost loop of a thread
            self._refused = "unexpected error, see the log"
            _LOGGER.exception("Camera %s stopped unexpectedly", self.section.id)
        finally:
            if self._thread is me:
                self._ended, self._thread = True, None
            self._mailboxes.end(self.section.id)

    def _decode(self, me: threading.Thread) -> None:
        source = self._open_source(self.section)
        self._source = source
        try:
            for frame in source.frames():
                if self._thread is not me or not self._mailboxes.put(frame):
                    return
                self.decoded += 1
                self.latest = frame
        finally:
            source.close()
