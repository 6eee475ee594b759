"""Retained topics as a notice board: the newest text of each is what goes out."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from lpr_engine.mqtt.connection import Connection
from lpr_engine.mqtt.messages import Receipt

_LOGGER = logging.getLogger(__name__)


@dataclass(slots=True)
class _Notice:
    payload: bytes
    qos: int
    sent: bool = False
    confirmed: bool = False


class RetainedBoard:
    """Retained messages, newest wins.

    At most one message of a topic is on its way at a time; what changes meanwhile replaces what
    waits. So a slow broker costs as many messages as there are topics, never more.
    Belongs to one thread.
    """

    def __init__(self) -> None:
        self._notices: dict[str, _Notice] = {}
        self._on_the_way: dict[int, str] = {}
        self._refused: set[str] = set()

    @property
    def topics(self) -> frozenset[str]:
        """All topics that have been set."""
        return frozenset(self._notices)

    def set(self, topic: str, payload: bytes, qos: int = 1) -> None:
        """Say what a topic shall hold; an empty payload clears it."""
        known = self._notices.get(topic)
        if known is None:
            self._notices[topic] = _Notice(payload, qos)
        elif known.payload != payload:
            known.payload = payload
            known.sent = known.confirmed = False

    def restate(self, topics: frozenset[str] | None = None) -> None:
        """Send everything, or these topics, again: the broker or its listeners are new."""
        for topic, notice in self._notices.items():
            if topics is None or topic in topics:
                notice.sent = notice.confirmed = False

    def forget_connection(self) -> None:
        """A new connection knows nothing of what was on its way on the old one."""
        self._on_the_way.clear()
        self.restate()

    def flush(self, connection: Connection) -> None:
        """Send what is new, in the order in which the topics were first set."""
        busy = set(self._on_the_way.values())
        for topic, notice in self._notices.items():
            if notice.sent or topic in busy:
                continue
            message = connection.publish(topic, notice.payload, notice.qos, retain=True)
            self._on_the_way[message] = topic
            notice.sent = True

    def take(self, receipt: Receipt) -> bool:
        """Note a receipt; False when it is not for one of the board's messages."""
        topic = self._on_the_way.pop(receipt.message, None)
        if topic is None:
            return False
        notice = self._notices[topic]
        notice.confirmed = notice.sent and receipt.refusal is None
        if receipt.refusal is not None and topic not in self._refused:
            self._refused.add(topic)
            _LOGGER.warning("Broker refuses %s: %s", topic, receipt.refusal)
        return True

    def is_confirmed(self, topic: str) -> bool:
        """Whether the broker has what the topic shall hold."""
        notice = self._notices.get(topic)
        return notice is not None and notice.confirmed

    def drop(self, topic: str) -> None:
        """Have nothing more to do with a topic; one on its way is let go first."""
        self._notices.pop(topic, None)
        self._on_the_way = {
            message: other for message, other in self._on_the_way.items() if other != topic
        }
