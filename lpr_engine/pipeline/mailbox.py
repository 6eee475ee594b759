"""One slot per camera between its decoder and the inference thread: the newest frame wins."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from lpr_engine.model.frame import Frame


class Mailboxes:
    """Hands frames from decoding threads to the one inference thread.

    Each camera has one slot. Overflow policy: a live camera's newer frame replaces the one that
    waits, and the drop is counted; a `patient` camera (a file that must be read whole) waits.
    Whoever lays frames in needs a ticket, which is worth nothing once another one was given or
    the camera's end was told: a thread that comes back late can no longer mix its frames in.
    """

    def __init__(self, cameras: Iterable[str], patient: Iterable[str] = ()) -> None:
        self._slots: dict[str, Frame | None] = dict.fromkeys(cameras)
        self._patient = frozenset(patient)
        self._drops = dict.fromkeys(self._slots, 0)
        self._tickets = dict.fromkeys(self._slots, 0)
        self._ended: set[str] = set()
        self._closed = False
        self._changed = threading.Condition()

    def begin(self, camera: str) -> int:
        """A ticket for one life of a camera's source."""
        with self._changed:
            self._tickets[camera] += 1
            self._changed.notify_all()
            return self._tickets[camera]

    def put(self, frame: Frame, ticket: int) -> bool:
        """Lay a frame into its camera's slot; False once closed or the ticket is worthless."""
        camera = frame.camera
        with self._changed:
            if camera in self._patient:
                self._changed.wait_for(
                    lambda: self._slots[camera] is None or not self._takes(camera, ticket)
                )
            if not self._takes(camera, ticket):
                return False
            if self._slots[camera] is not None:
                self._drops[camera] += 1
            self._slots[camera] = frame
            self._changed.notify_all()
            return True

    def end(self, camera: str, ticket: int) -> None:
        """Say that no frame of this camera follows for now: its tracks may be closed."""
        with self._changed:
            if ticket != self._tickets[camera]:
                return
            self._tickets[camera] += 1
            self._ended.add(camera)
            self._changed.notify_all()

    def take(self, timeout_s: float) -> tuple[list[Frame], list[str]]:
        """The newest frame of every camera that has one, and the cameras that ended after it.

        Waits up to `timeout_s` for something to come.
        """
        with self._changed:
            self._changed.wait_for(self._has_mail, timeout_s)
            frames = [frame for frame in self._slots.values() if frame is not None]
            ended = sorted(self._ended)
            self._slots = dict.fromkeys(self._slots)
            self._ended.clear()
            self._changed.notify_all()
            return frames, ended

    def waits_for(self, camera: str) -> bool:
        """Whether a camera's frames wait for their turn, so that silence of it means nothing."""
        return camera in self._patient

    def drops(self, camera: str) -> int:
        """How many frames of a camera were replaced before anyone looked at them."""
        with self._changed:
            return self._drops[camera]

    def close(self) -> None:
        """Let everyone who waits go; nothing is accepted from now on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _takes(self, camera: str, ticket: int) -> bool:
        return not self._closed and ticket == self._tickets[camera]

    def _has_mail(self) -> bool:
        return self._closed or bool(self._ended) or any(self._slots.values())
