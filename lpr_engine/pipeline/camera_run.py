"""One life of a camera's source: opened, decoded and closed in a thread of its own."""

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


class CameraRun:
    """Lays a source's frames into the mailbox until it ends, fails or is cancelled.

    A cancelled run may linger in a call that hangs; nothing of what it does then counts.
    """

    def __init__(
        self,
        section: CameraSection,
        open_source: SourceFactory,
        mailboxes: Mailboxes,
        note: Callable[[CameraRun, Frame], None],
    ) -> None:
        self._section = section
        self._open_source = open_source
        self._mailboxes = mailboxes
        self._note = note
        self._ticket = mailboxes.begin(section.id)
        self._lock = threading.Lock()
        self._source: FrameSource | None = None
        self._cancelled = False
        self._failure: str | None = None
        self._thread = threading.Thread(target=self._run, name=f"camera-{section.id}", daemon=True)

    @property
    def health(self) -> CameraHealth:
        """What the source is doing now."""
        source = self._source
        if self._failure is not None:
            return CameraHealth.REFUSED
        if self.is_over:
            return CameraHealth.ENDED
        return source.health if source is not None else CameraHealth.STARTING

    @property
    def is_over(self) -> bool:
        """Whether it was started and its thread has ended."""
        return self._thread.ident is not None and not self._thread.is_alive()

    @property
    def last_error(self) -> str | None:
        """The last failure in words, credentials masked."""
        source = self._source
        return self._failure or (source.last_error if source is not None else None)

    @property
    def reconnects(self) -> int:
        """How often the stream was opened again."""
        source = self._source
        return source.reconnects if source is not None else 0

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def cancel(self) -> None:
        """Let no frame in from now on, and have the thread end as soon as it can."""
        with self._lock:
            self._cancelled = True
            source = self._source
        self._mailboxes.end(self._section.id, self._ticket)
        if source is not None:
            source.close()

    def join(self, timeout_s: float) -> None:
        """Wait for the thread to end."""
        self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            self._decode()
        except LprError as error:
            self._failure = str(error)
            _LOGGER.error("Camera %s is given up: %s", self._section.id, error)
        except Exception:  # outermost loop of a thread
            self._failure = "unexpected error, see the log"
            _LOGGER.exception("Camera %s stopped unexpectedly", self._section.id)
        finally:
            self._mailboxes.end(self._section.id, self._ticket)

    def _decode(self) -> None:
        source = self._open_source(self._section)
        with self._lock:
            self._source = source
            if self._cancelled:
                return
        try:
            for frame in source.frames():
                if not self._mailboxes.put(frame, self._ticket):
                    return
                self._note(self, frame)
        finally:
            source.close()
