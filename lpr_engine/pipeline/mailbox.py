"""One slot per camera between its decoder and the inference thread: the newest frame wins."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from lpr_engine.model.frame import Frame


class Mailboxes:
    """Hands frames from decoding threads to the one inference thread.

    Each camera has one slot. Overflow policy: a live camera's newer frame replaces the one that
    waits, and the drop is counted; a `patient` camera (a file that must be read whole) waits.
    """

    def __init__(self, cameras: Iterable[str], patient: Iterable[str] = ()) -> None:
        self._slots: dict[str, Frame | None] = dict.fromkeys(cameras)
        self._patient = frozenset(patient)
        self._drops = dict.fromkeys(self._slots, 0)
        self._ended: set[str] = set()
        self._closed = False
        self._changed = threading.Condition()

    def put(self, frame: Frame) -> bool:
        """Lay a frame into its camera's slot; False once the mailboxes are closed."""
        with self._changed:
            if frame.camera in self._patient:
                self._changed.wait_for(lambda: self._closed or self._slots[frame.camera] is None)
            if self._closed:
                return False
            if self._slots[frame.camera] is not None:
                self._drops[frame.camera] += 1
            self._slots[frame.camera] = frame
            self._changed.notify_all()
            return True

    def end(self, camera: str) -> None:
        """Say that no frame of this camera follows for now: its tracks may be closed."""
        with self._changed:
            self._ended.add(camera)
            self._changed.notify_all()

    def take(self, timeout_s: float) -> tuple[list[Frame], list[str]]:
        """The newest frame of every camera that has one, and the cameras that ended.

        Waits up to `timeout_s` for something to come. A camera's last frame is handed out before
        its end is.
        """
        with self._changed:
            self._changed.wait_for(self._has_mail, timeout_s)
            frames = [frame for frame in self._slots.values() if frame is not None]
            ended = [camera for camera in self._ended if self._slots[camera] is None]
            self._slots = dict.fromkeys(self._slots)
            self._ended.difference_update(ended)
            self._changed.notify_all()
            return frames, sorted(ended)

    def drops(self, camera: str) -> int:
        """How many frames of a camera were replaced before anyone looked at them."""
        with self._changed:
            return self._drops[camera]

    def close(self) -> None:
        """Let everyone who waits go; nothing is accepted from now on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _has_mail(self) -> bool:
        return self._closed or bool(self._ended) or any(self._slots.values())
