"""One subscriber as the hub sees it: what they want, where they are, and what waits for them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from lpr_engine.api.events.event import Notice, PassageEvent, Removal, heartbeat, live, repetition
from lpr_engine.api.events.wish import Wish
from lpr_engine.model.clock import Clock
from lpr_engine.model.passage import Passage

_MOST_WAITING = 512


class Subscriber:
    """Belongs to the server's loop.

    Overflow policy: who lets more than 512 messages wait is given up on, by `give_up`: they can
    come back and resume, while nobody waits for them.
    """

    def __init__(
        self, wish: Wish, at: int, newest: int, clock: Clock, give_up: Callable[[], None]
    ) -> None:
        """Begin after number `at`; up to `newest` everything happened before they came."""
        self.at = at
        self._wish = wish
        self._newest = newest
        self._clock = clock
        self._give_up = give_up
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue(_MOST_WAITING)
        self._told_s = clock.monotonic_s()

    async def next(self) -> bytes:
        """The next message to send."""
        return await self._waiting.get()

    def recall(self, passage: Passage) -> bytes | None:
        """A revision that the store told of, as they are sent it; None if they do not want it."""
        if not self._wish.covers_passage(passage):
            return None
        if passage.sequence <= self._newest:
            return repetition(passage)
        return PassageEvent.of(passage, self._clock.now()).message

    def hear(self, event: PassageEvent) -> None:
        """Take a revision, unless it came another way already."""
        if event.sequence <= self.at:
            return
        self.at = event.sequence
        if not self._wish.covers_passage(event.passage):
            return
        is_past = event.sequence <= self._newest
        self._lay(repetition(event.passage) if is_past else event.message)

    def unhear(self, removal: Removal) -> None:
        """Take the word that a passage is gone, if it was of a kind that they hear of."""
        if self._wish.covers_passage(removal.passage):
            self._lay(removal.message)

    def begin(self) -> None:
        """Take the word that all of the past is told."""
        self._lay(live(self.at))

    def notice(self, notice: Notice) -> None:
        """Take how something is now."""
        if self._wish.covers(notice.kind, notice.camera):
            self._lay(notice.message)

    def beat(self, silent_s: float) -> None:
        """Take a sign of life if there was nothing to tell for so long."""
        if self._clock.monotonic_s() - self._told_s >= silent_s:
            self._lay(heartbeat(self.at, self._clock.now()))

    def _lay(self, message: bytes) -> None:
        self._told_s = self._clock.monotonic_s()
        if self._waiting.full():
            self._give_up()
        else:
            self._waiting.put_nowait(message)
