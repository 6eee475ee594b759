"""Passage revisions on their way to the store: bounded, finals dearer than previews."""

from __future__ import annotations

import threading
from collections import deque

from lpr_engine.model.passage import PassageUpdate, Stage


class Backlog:
    """A queue that never blocks its producer.

    Overflow policy: the oldest preview is given up first, being superseded by its final; only
    when none waits is the oldest final given up. Both are counted.
    """

    def __init__(self, capacity: int, most_bytes: int) -> None:
        """Hold up to `capacity` revisions with up to `most_bytes` of pixels."""
        self._capacity = capacity
        self._most_bytes = most_bytes
        self._bytes = 0
        self._updates: deque[PassageUpdate] = deque()
        self._lost = 0
        self._closed = False
        self._changed = threading.Condition()

    def put(self, update: PassageUpdate) -> None:
        """Append a revision; returns at once."""
        with self._changed:
            while self._updates and not self._has_room_for(update):
                self._give_one_up()
            self._updates.append(update)
            self._bytes += _size(update)
            self._changed.notify()

    def first(self, timeout_s: float) -> PassageUpdate | None:
        """The oldest revision, which stays until `done`; None when none came in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or bool(self._updates), timeout_s)
            return self._updates[0] if self._updates else None

    def done(self, update: PassageUpdate) -> None:
        """Remove a revision that was kept or can never be."""
        with self._changed:
            if self._updates and self._updates[0] is update:
                self._bytes -= _size(self._updates.popleft())

    def close(self) -> None:
        """Let the consumer go as soon as nothing waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def lost(self) -> int:
        """How many revisions were given up since the start."""
        with self._changed:
            return self._lost

    def __len__(self) -> int:
        with self._changed:
            return len(self._updates)

    def _has_room_for(self, update: PassageUpdate) -> bool:
        return (
            len(self._updates) < self._capacity and self._bytes + _size(update) <= self._most_bytes
        )

    def _give_one_up(self) -> None:
        previews = (
            position
            for position, update in enumerate(self._updates)
            if update.passage.stage is Stage.PREVIEW
        )
        position = next(previews, 0)
        self._bytes -= _size(self._updates[position])
        del self._updates[position]
        self._lost += 1


def _size(update: PassageUpdate) -> int:
    return int(update.evidence.frame.pixels.nbytes)
