"""Messages on their way: no more at once than the broker takes, and a ticket for each."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass, replace

from paho.mqtt.client import Client
from paho.mqtt.properties import Properties

from lpr_engine.mqtt.messages import Receipt

COMMON_LIMIT = 20
"""What common brokers take in flight."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to the broker."""

    topic: str
    payload: bytes
    qos: int
    retain: bool = False
    properties: Properties | None = None


class SendWindow:
    """Counts what the broker has not acknowledged; belongs to one thread.

    The network library has a window of its own, but it cannot be narrowed to what the broker says
    when it accepts the connection.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._room = COMMON_LIMIT
        self._tickets = itertools.count(1)
        self._waiting: deque[tuple[int, Outgoing]] = deque()
        self._tickets_under_way: dict[int, int] = {}

    def narrow(self, limit: int) -> None:
        """Take the broker's limit into account, before anything is sent."""
        self._room = min(COMMON_LIMIT, limit)

    def send(self, message: Outgoing) -> int:
        """Send a message when there is room for it; returns its ticket."""
        ticket = next(self._tickets)
        self._waiting.append((ticket, message))
        self._send_waiting()
        return ticket

    def settle(self, receipts: list[Receipt]) -> list[Receipt]:
        """Make room for what was acknowledged; returns the receipts with our tickets."""
        settled = []
        for receipt in receipts:
            ticket = self._tickets_under_way.pop(receipt.message, None)
            if ticket is not None:
                self._room += 1
                settled.append(replace(receipt, message=ticket))
        self._send_waiting()
        return settled

    def _send_waiting(self) -> None:
        while self._waiting and self._room > 0:
            ticket, message = self._waiting.popleft()
            info = self._client.publish(
                message.topic, message.payload, message.qos, message.retain, message.properties
            )
            self._tickets_under_way[info.mid] = ticket
            self._room -= 1
