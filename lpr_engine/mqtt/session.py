"""What the publisher does on one connection, from hello to its end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from lpr_engine.model.clock import Clock
from lpr_engine.model.errors import MqttError
from lpr_engine.model.wire import encode
from lpr_engine.mqtt.board import RetainedBoard
from lpr_engine.mqtt.commands import Commands
from lpr_engine.mqtt.connection import Connection
from lpr_engine.mqtt.delivery import OutboxDelivery
from lpr_engine.mqtt.messages import Incoming
from lpr_engine.mqtt.notices import Notices
from lpr_engine.mqtt.patience import Patience
from lpr_engine.mqtt.retained_memory import RetainedMemory
from lpr_engine.mqtt.topics import Topics

_LOGGER = logging.getLogger(__name__)

_BIRTH = b"online"
_IDLE_S = 1.0


class Session:
    """Serves one connection at a time; everything it owns outlives the connection."""

    def __init__(
        self,
        topics: Topics,
        board: RetainedBoard,
        notices: Notices,
        delivery: OutboxDelivery,
        commands: Commands,
        memory: RetainedMemory,
        clock: Clock,
        patience: Patience,
    ) -> None:
        self._topics = topics
        self._board = board
        self._notices = notices
        self._delivery = delivery
        self._commands = commands
        self._memory = memory
        self._clock = clock
        self._patience = patience
        self._refresh_at_s = 0.0
        self._stale: frozenset[str] = frozenset()

    def serve(self, connection: Connection, stop: threading.Event, wake: threading.Event) -> None:
        """Deliver, tell and obey until the connection is lost or we are to stop.

        Raises:
            MqttError: the connection is lost.
        """
        self._greet(connection)
        while not stop.is_set():
            self._round(connection)
            wake.wait(_IDLE_S)
            wake.clear()
        self._leave(connection, wake)

    def refresh_soon(self) -> None:
        """Have new figures taken in the next round. May be called from any thread."""
        self._refresh_at_s = 0.0

    def _greet(self, connection: Connection) -> None:
        self._board.forget_connection()
        self._delivery.forget_connection()
        self._notices.introduce()
        self._clear_stale()
        connection.subscribe(self._topics.command_filter)
        connection.subscribe(self._topics.setting_filter)
        connection.subscribe(self._topics.home_assistant_status)
        self._refresh_at_s = self._clock.monotonic_s() + self._patience.figures_every_s

    def _clear_stale(self) -> None:
        """Clear what earlier configurations left at the broker, and note what this one leaves."""
        self._stale = self._memory.topics - self._notices.all_topics()
        self._memory.remember(self._notices.all_topics())
        for topic in self._stale:
            self._board.set(topic, b"")

    def _round(self, connection: Connection) -> None:
        self._take_receipts(connection)
        for incoming in connection.take_incoming():
            self._receive(connection, incoming)
        if self._clock.monotonic_s() >= self._refresh_at_s:
            self._refresh_at_s = self._clock.monotonic_s() + self._patience.figures_every_s
            self._notices.refresh()
        self._notices.post_crops()
        self._board.flush(connection)
        self._delivery.step(connection)
        if connection.lost is not None:
            raise MqttError(f"connection lost: {connection.lost}")

    def _take_receipts(self, connection: Connection) -> None:
        for receipt in connection.take_receipts():
            if not self._board.take(receipt):
                self._delivery.take(receipt)
        cleared = {topic for topic in self._stale if self._board.is_confirmed(topic)}
        if cleared:
            self._stale -= cleared
            self._memory.forget(cleared)
            for topic in cleared:
                self._board.drop(topic)

    def _receive(self, connection: Connection, incoming: Incoming) -> None:
        if incoming.topic == self._topics.home_assistant_status:
            if incoming.payload == _BIRTH:
                _LOGGER.info("Home Assistant has started; devices are introduced again")
                self._board.restate()
            return
        answer = self._commands.answer(incoming)
        self.refresh_soon()
        if answer is not None:
            topic, data = answer
            connection.publish(topic, encode(data), 1, correlation=incoming.correlation)

    def _leave(self, connection: Connection, wake: threading.Event) -> None:
        """Send what was committed last, say goodbye, and give both a moment to arrive."""
        until_s = self._clock.monotonic_s() + self._patience.drain_s
        self._wait_for(connection, wake, until_s, self._rest_is_delivered)
        self._notices.say_goodbye()
        self._board.flush(connection)
        until_s = max(until_s, self._clock.monotonic_s() + self._patience.farewell_s)
        self._wait_for(connection, wake, until_s, self._goodbye_is_said)

    def _wait_for(
        self,
        connection: Connection,
        wake: threading.Event,
        until_s: float,
        arrived: Callable[[Connection], bool],
    ) -> None:
        while connection.lost is None and not arrived(connection):
            remaining_s = until_s - self._clock.monotonic_s()
            if remaining_s <= 0:
                break
            wake.wait(remaining_s)
            wake.clear()
            self._take_receipts(connection)

    def _rest_is_delivered(self, connection: Connection) -> bool:
        self._delivery.step(connection)
        return self._delivery.nothing_on_the_way

    def _goodbye_is_said(self, connection: Connection) -> bool:
        self._board.flush(connection)
        return self._board.is_confirmed(self._topics.status)
