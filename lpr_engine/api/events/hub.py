"""From the thread that keeps passages to every subscriber: in order, each once, without holes.

Whoever keeps a passage only lays it into the hub's inbox. The hub's task brings the revisions
into the order of their numbers; one that nobody laid in, or that came too late, it finds in the
store, where every number up to a kept one is, unless its revision was replaced since.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterator

from aiohttp import web

from lpr_engine.api.asking import ask
from lpr_engine.api.events.event import Expiry, Notice, PassageEvent, Removal
from lpr_engine.api.events.subscriber import Subscriber
from lpr_engine.api.winding_up import wind_up
from lpr_engine.model.clock import Clock
from lpr_engine.model.errors import StoreError
from lpr_engine.model.events import PassageJournal, PassagesExpired
from lpr_engine.model.passage import Passage, PassageUpdate

_LOGGER = logging.getLogger(__name__)

_INBOX = 1024
_RECENT = 256
_PAGE = 200
_LOOK_EVERY_S = 0.5
_RETRY_S = 1.0


class EventHub:
    """A passage listener and watcher; all but `passage_...` belongs to the server's loop.

    Overflow policy: an inbox that nobody empties forgets its oldest, which the store still has.
    """

    def __init__(self, journal: PassageJournal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._inbox: deque[Passage | Removal | Expiry] = deque(maxlen=_INBOX)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._ready = asyncio.Event()
        self._subscribers: set[Subscriber] = set()
        self._recent: deque[PassageEvent] = deque()
        self._recent_after = 0
        self._last = 0
        self._overlooked = 0

    def passage_committed(self, passage: Passage, _update: PassageUpdate | None = None) -> None:
        """Take note of a kept revision, from any thread; returns at once."""
        self._lay(passage)

    def passage_corrected(self, passage: Passage) -> None:
        """Take note of a correction, which is a revision like any other."""
        self._lay(passage)

    def passage_removed(self, passage: Passage, _last: Passage | None = None) -> None:
        """Take note of a removal."""
        self._lay(Removal(passage))

    def passages_expired(self, expired: PassagesExpired) -> None:
        """Take note of a sweep of retention, from any thread; returns at once."""
        self._lay(Expiry(expired))

    async def lifespan(self, _app: web.Application) -> AsyncIterator[None]:
        """Tell subscribers for as long as the server runs."""
        self._loop = asyncio.get_running_loop()
        telling = asyncio.create_task(self._tell())
        yield
        await wind_up(telling)

    @property
    def watched(self) -> bool:
        """Whether anybody listens."""
        return bool(self._subscribers)

    async def newest(self) -> int:
        """The number of the newest revision that is kept.

        Raises:
            StoreError: the store cannot be read.
            asyncio.TimeoutError: the store does not answer.
        """
        await self._ready.wait()
        return await ask(self._journal.last_sequence)

    async def missed(self, subscriber: Subscriber) -> tuple[Passage, ...] | None:
        """What a subscriber missed, a page at a time; None once the rest is at hand.

        Raises:
            StoreError: the store cannot be read.
            asyncio.TimeoutError: the store does not answer.
        """
        if subscriber.at >= self._recent_after:
            return None
        page = await ask(lambda: self._journal.since(subscriber.at, _PAGE))
        # Numbers of another database than this one are not looked for.
        subscriber.at = page.until if page.until > subscriber.at else self._recent_after
        return page.passages

    @contextlib.contextmanager
    def telling(self, subscriber: Subscriber) -> Iterator[None]:
        """Tell a subscriber all that comes after where they are; what is at hand, at once.

        To be entered right after `missed` said None, without waiting in between.
        """
        for event in self._recent:
            subscriber.hear(event)
        self._subscribers.add(subscriber)
        try:
            yield
        finally:
            self._subscribers.discard(subscriber)

    def tell(self, notice: Notice) -> None:
        """Tell every subscriber how something is now."""
        for subscriber in tuple(self._subscribers):
            subscriber.notice(notice)

    def beat(self, silent_s: float) -> None:
        """Give a sign of life to those who heard nothing for so long."""
        for subscriber in tuple(self._subscribers):
            subscriber.beat(silent_s)

    def _lay(self, news: Passage | Removal | Expiry) -> None:
        self._inbox.append(news)
        loop = self._loop
        if loop is not None:
            # The door may close while the last passages are kept.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._woken.set)

    async def _tell(self) -> None:
        trouble: str | None = None
        while True:
            trouble = await self._try_turn(trouble)
            if trouble is not None:
                await asyncio.sleep(_RETRY_S)

    async def _try_turn(self, trouble_before: str | None) -> str | None:
        """Returns what went wrong, which is logged only when it is news."""
        try:
            await self._turn()
        except (StoreError, asyncio.TimeoutError) as error:
            if trouble_before is None:
                _LOGGER.warning("Events wait until the store can be read: %s", error)
            return repr(error)
        except Exception as error:
            # Outermost loop of the task.
            if repr(error) != trouble_before:
                _LOGGER.exception("Telling of passages failed")
            return repr(error)
        return None

    async def _turn(self) -> None:
        if not self._ready.is_set():
            self._last = self._recent_after = await ask(self._journal.last_sequence)
            self._ready.set()
        alarm = asyncio.get_running_loop().call_later(_LOOK_EVERY_S, self._woken.set)
        await self._woken.wait()
        alarm.cancel()
        self._woken.clear()
        if not self._inbox:
            await self._look_for_overlooked()
        while self._inbox:
            await self._take(self._inbox.popleft())

    async def _take(self, news: Passage | Removal | Expiry) -> None:
        if isinstance(news, Removal):
            self._forget(news)
        elif isinstance(news, Expiry):
            self._forget_expired(news)
        else:
            await self._take_passage(news)

    def _forget(self, removal: Removal) -> None:
        """Tell who listens; who comes later is not told of the passage any more."""
        gone = removal.passage.id
        self._recent = deque(event for event in self._recent if event.passage.id != gone)
        for subscriber in tuple(self._subscribers):
            subscriber.unhear(removal)

    def _forget_expired(self, expiry: Expiry) -> None:
        # What is at hand may be among it: who comes later asks the store.
        self._recent.clear()
        self._recent_after = self._last
        self.tell(expiry.notice)

    async def _take_passage(self, passage: Passage) -> None:
        if passage.sequence > self._last + 1 and self._subscribers:
            await self._fill(passage.sequence - 1)
        if passage.sequence > self._last:
            self._publish(passage)

    async def _look_for_overlooked(self) -> None:
        """Find what was kept without a word, such as a correction; not what is just on its way."""
        if not self._subscribers:
            return
        newest = await ask(self._journal.last_sequence)
        if newest > self._last and newest == self._overlooked:
            await self._fill(newest)
        self._overlooked = newest

    async def _fill(self, until: int) -> None:
        while self._last < until:
            page = await ask(lambda: self._journal.since(self._last, _PAGE))
            for passage in page.passages:
                if passage.sequence <= until:
                    self._publish(passage)
            self._last = min(page.until, until) if page.until > self._last else until

    def _publish(self, passage: Passage) -> None:
        self._last = passage.sequence
        if not self._subscribers:
            self._recent.clear()
            self._recent_after = self._last
            return
        event = PassageEvent.of(passage, self._clock.now())
        self._recent.append(event)
        if len(self._recent) > _RECENT:
            self._recent_after = self._recent.popleft().sequence
        for subscriber in tuple(self._subscribers):
            subscriber.hear(event)
