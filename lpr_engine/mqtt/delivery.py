"""The outbox on its way to the broker: in order, at least once, as new at most once.

A row is noted as attempted before its first byte is sent, and leaves the outbox when the broker
has acknowledged both of its messages. A row that was attempted before, by this connection's
predecessor or by a process that died, goes out as a repetition.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from lpr_engine.model.clock import Clock
from lpr_engine.model.errors import MqttError, StoreError
from lpr_engine.model.outbox import OutboxRow
from lpr_engine.model.ports import Outbox
from lpr_engine.model.wire import encode
from lpr_engine.mqtt.connection import Connection
from lpr_engine.mqtt.messages import Receipt
from lpr_engine.mqtt.patience import Backoff, Patience
from lpr_engine.mqtt.payloads import event_to_json, row_to_json
from lpr_engine.mqtt.topics import Topics

_LOGGER = logging.getLogger(__name__)

WINDOW = 10
"""Rows that may be on their way at once: two messages each fill what brokers take in flight."""


@dataclass(slots=True)
class _Flight:
    """One row on its way: the messages that the broker has not acknowledged yet."""

    messages: set[int]
    since_s: float


class OutboxDelivery:
    """Carries rows from the outbox to the broker; belongs to one thread."""

    def __init__(self, outbox: Outbox, topics: Topics, clock: Clock, patience: Patience) -> None:
        self._outbox = outbox
        self._topics = topics
        self._clock = clock
        self._timeout_s = patience.acknowledge_timeout_s
        self._backoff = Backoff(patience.retry_min_s, patience.retry_max_s)
        self._flights: dict[int, _Flight] = {}
        self._rows_of_messages: dict[int, int] = {}
        self._confirmed: list[int] = []
        self._hold_until_s: float | None = None
        self._trouble: str | None = None

    @property
    def nothing_on_the_way(self) -> bool:
        """Whether the broker owes no acknowledgement of a row."""
        return not self._flights

    def forget_connection(self) -> None:
        """What was on its way is lost with its connection; it will go out as a repetition."""
        self._flights.clear()
        self._rows_of_messages.clear()
        self._hold_until_s = None

    def take(self, receipt: Receipt) -> None:
        """Note the broker's word on a message of a row."""
        sequence = self._rows_of_messages.pop(receipt.message, None)
        if sequence is None:
            return
        if receipt.refusal is not None:
            self.forget_connection()
            self._hold(f"broker refuses passages: {receipt.refusal}")
            return
        flight = self._flights[sequence]
        flight.messages.discard(receipt.message)
        if not flight.messages:
            del self._flights[sequence]
            self._confirmed.append(sequence)

    def step(self, connection: Connection) -> None:
        """Let confirmed rows leave the outbox and send the next ones.

        Raises:
            MqttError: the broker owes an acknowledgement for too long.
        """
        self._check_patience()
        if self._hold_until_s is not None and self._clock.monotonic_s() < self._hold_until_s:
            return
        self._hold_until_s = None
        try:
            self.settle()
            if len(self._flights) <= WINDOW // 2:
                self._send_next(connection)
        except StoreError as err:
            self._hold(f"outbox does not answer: {err}")

    def settle(self) -> None:
        """Remove confirmed rows from the outbox.

        Raises:
            StoreError: the store refused; they stay noted as confirmed for the next time.
        """
        if not self._confirmed:
            return
        self._outbox.acknowledge(self._confirmed)
        self._confirmed = []
        self._backoff.reset()
        if self._trouble is not None:
            _LOGGER.info("Passages are delivered again")
            self._trouble = None

    def _send_next(self, connection: Connection) -> None:
        rows = [row for row in self._outbox.pending(WINDOW) if row.sequence not in self._flights]
        fresh = [row.sequence for row in rows if not row.attempted]
        if fresh:
            self._outbox.mark_attempted(fresh)
        for row in rows:
            self._send(connection, row)

    def _send(self, connection: Connection, row: OutboxRow) -> None:
        passage = row_to_json(row, self._clock.now())
        event_topic = self._topics.camera(row.passage.camera, "event")
        messages = {
            connection.publish(self._topics.passage, encode(passage), 1),
            connection.publish(event_topic, encode(event_to_json(passage)), 1),
        }
        self._flights[row.sequence] = _Flight(messages, self._clock.monotonic_s())
        self._rows_of_messages.update(dict.fromkeys(messages, row.sequence))

    def _check_patience(self) -> None:
        oldest_s = min((flight.since_s for flight in self._flights.values()), default=None)
        if oldest_s is not None and self._clock.monotonic_s() - oldest_s > self._timeout_s:
            raise MqttError(f"broker acknowledges nothing for {self._timeout_s:.0f} s")

    def _hold(self, trouble: str) -> None:
        if trouble != self._trouble:
            _LOGGER.error("Delivery of passages is held up: %s", trouble)
            self._trouble = trouble
        self._hold_until_s = self._clock.monotonic_s() + self._backoff.next_s()
