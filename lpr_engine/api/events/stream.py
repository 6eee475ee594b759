"""What one subscriber is sent, from hello on: what they missed, how things are, what happens."""

from __future__ import annotations

import asyncio

from lpr_engine.api.conversation import SILENT, TOO_SLOW, Conversation, Ending
from lpr_engine.api.events.board import StateBoard
from lpr_engine.api.events.event import hello, refusal
from lpr_engine.api.events.hub import EventHub
from lpr_engine.api.events.subscriber import Subscriber
from lpr_engine.api.events.wish import Wish, read_wish
from lpr_engine.api.problem import RequestError
from lpr_engine.model.clock import Clock
from lpr_engine.model.errors import StoreError

_WISH_WITHIN_S = 10.0
_NOT_UNDERSTOOD = Ending(4400, "not understood, see the message before")
_UNREADABLE = Ending(1013, "the store cannot be read now")


class EventStream:
    """Events for one subscriber after the other; holds nothing of any of them."""

    def __init__(
        self, engine: str, version: str, hub: EventHub, board: StateBoard, clock: Clock
    ) -> None:
        self._engine = engine
        self._version = version
        self._hub = hub
        self._board = board
        self._clock = clock

    async def run(self, to: Conversation) -> None:
        """Hear what they want and send it until somebody ends it.

        Raises:
            ConnectionError: the subscriber is gone.
        """
        try:
            wish = read_wish(await to.message(_WISH_WITHIN_S))
        except asyncio.TimeoutError:
            to.end(SILENT)
        except RequestError as error:
            await to.send_text(refusal(error))
            to.end(_NOT_UNDERSTOOD)
        else:
            await self._tell(to, wish)

    async def _tell(self, to: Conversation, wish: Wish) -> None:
        try:
            subscriber = await self._welcome(to, wish)
            await self._tell_missed(to, subscriber)
        except (StoreError, asyncio.TimeoutError):
            to.end(_UNREADABLE)
            return
        with self._hub.telling(subscriber):
            subscriber.begin()
            for notice in self._board.all():
                subscriber.notice(notice)
            while True:
                await to.send_text(await subscriber.next())

    async def _welcome(self, to: Conversation, wish: Wish) -> Subscriber:
        newest = await self._hub.newest()
        after = wish.resume_after
        reset = after is not None and after > newest
        await to.send_text(hello(self._engine, self._version, newest, after, reset=reset))
        at = newest if after is None or reset else after
        return Subscriber(wish, at, newest, self._clock, lambda: to.end(TOO_SLOW))

    async def _tell_missed(self, to: Conversation, subscriber: Subscriber) -> None:
        while (missed := await self._hub.missed(subscriber)) is not None:
            for passage in missed:
                message = subscriber.recall(passage)
                if message is not None:
                    await to.send_text(message)
