"""One MQTT connection, from CONNECT to its end.

A connection never reconnects. The network library would send unacknowledged messages again by
itself, and a passage's second delivery would still say that it is the first. So each connection
has a client of its own with a clean session, and what was in flight dies with it.
"""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from lpr_engine.model.errors import MqttError
from lpr_engine.mqtt.address import BrokerAddress
from lpr_engine.mqtt.messages import Incoming, Receipt, Will
from lpr_engine.mqtt.network_client import NetworkClient, do_nothing, new_client
from lpr_engine.mqtt.patience import Patience

INCOMING_LIMIT = 64
"""Requests that wait for the publisher's thread; more are refused as busy."""

_LARGEST_PACKET = 1 << 20
_IN_FLIGHT = 20
_END_S = 0.5

_T = TypeVar("_T")


class ProtocolRefusedError(MqttError):
    """The broker does not speak the version of MQTT that was tried."""

    code = "mqtt_protocol_refused"


@dataclass(frozen=True, slots=True)
class _Message:
    ticket: int
    topic: str
    payload: bytes
    qos: int
    retain: bool
    properties: Properties | None


class Connection:
    """A broker's ear and mouth for one connection.

    `publish`, `subscribe` and the `take_` methods belong to one thread; the network has another.
    `wake` is called from the network's thread whenever there is something to take.
    """

    def __init__(
        self,
        address: BrokerAddress,
        will: Will,
        protocol: MQTTProtocolVersion,
        patience: Patience,
        wake: Callable[[], None],
    ) -> None:
        self._address = address
        self._patience = patience
        self._wake = wake
        self._modern = protocol == MQTTProtocolVersion.MQTTv5
        self._receipts: deque[Receipt] = deque()
        self._tickets = itertools.count(1)
        self._waiting: deque[_Message] = deque()
        self._under_way: dict[int, _Message] = {}
        self._room = _IN_FLIGHT
        self._incoming: deque[Incoming] = deque()
        self._turned_away: deque[Incoming] = deque(maxlen=INCOMING_LIMIT)
        self._decided = threading.Event()
        self._ended = threading.Event()
        self._listening = False
        self._connected = False
        self._lost: str | None = None
        self._protocol_refused = False
        self._client = self._listen(new_client(address, will, protocol, patience))

    @property
    def modern(self) -> bool:
        """Whether this is MQTT 5, with response topics and reasons."""
        return self._modern

    @property
    def lost(self) -> str | None:
        """Why the connection is over; None while it lives."""
        return self._lost

    def open(self) -> None:
        """Connect and wait for the broker's consent.

        Raises:
            ProtocolRefusedError: the broker does not know this version of MQTT, or hung up or
                fell silent before it said a word, as such brokers do.
            MqttError: it cannot be reached or refuses us; the message says why.
        """
        where = self._address.display
        try:
            self._connect()
        except (OSError, ValueError) as err:
            raise MqttError(f"broker {where} cannot be reached: {err}") from err
        self._listening = True
        self._client.loop_start()
        if not self._decided.wait(self._patience.connect_timeout_s):
            raise ProtocolRefusedError(f"broker {where} does not answer")
        if self._protocol_refused:
            raise ProtocolRefusedError(f"broker {where} refuses this version of MQTT")
        if not self._connected:
            raise MqttError(f"broker {where} refuses the connection: {self._lost}")

    def publish(
        self,
        topic: str,
        payload: bytes,
        qos: int,
        *,
        retain: bool = False,
        correlation: bytes | None = None,
    ) -> int:
        """Hand a message to the network; returns a ticket that its receipt will bear.

        More messages than the broker takes in flight wait their turn here.
        """
        properties = None
        if self._modern and correlation is not None:
            properties = _properties(PacketTypes.PUBLISH)
            properties.CorrelationData = correlation
        message = _Message(next(self._tickets), topic, payload, qos, retain, properties)
        self._waiting.append(message)
        self._send_waiting()
        return message.ticket

    def subscribe(self, topic_filter: str, *, retained: bool) -> None:
        """Listen to a topic at QoS 1; without `retained`, a modern broker sends no old messages."""
        if not self._modern:
            self._client.subscribe(topic_filter, 1)
            return
        handling = (
            SubscribeOptions.RETAIN_SEND_ON_SUBSCRIBE
            if retained
            else SubscribeOptions.RETAIN_DO_NOT_SEND
        )
        options = SubscribeOptions(qos=1, retainHandling=handling)
        self._client.subscribe(topic_filter, options=options)

    def take_receipts(self) -> list[Receipt]:
        """All receipts that came since the last call, in order."""
        receipts = []
        for receipt in _drain(self._receipts):
            message = self._under_way.pop(receipt.message, None)
            if message is not None:
                self._room += 1
                receipts.append(replace(receipt, message=message.ticket))
        self._send_waiting()
        return receipts

    def take_incoming(self) -> list[Incoming]:
        """All messages that came since the last call, those of an overflow last."""
        return _drain(self._incoming) + _drain(self._turned_away)

    def close(self, *, wait_s: float = 0.0) -> None:
        """End the connection: politely if the broker takes the farewell in time, else at once."""
        if self._connected and self._lost is None and wait_s > 0:
            self._client.disconnect()
            self._ended.wait(wait_s)
        stream = self._client.socket()
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)  # type: ignore[attr-defined]  # paho's protocol type lacks it
        if self._listening:
            self._ended.wait(_END_S)
        self._lost = self._lost or "closed"
        self._let_go()

    def _send_waiting(self) -> None:
        while self._waiting and self._room > 0:
            message = self._waiting.popleft()
            info = self._client.publish(
                message.topic, message.payload, message.qos, message.retain, message.properties
            )
            self._under_way[info.mid] = message
            self._room -= 1

    def _let_go(self) -> None:
        """Break the circle with the client, so that its sockets close now and not some day."""
        self._client.on_connect = self._client.on_disconnect = None
        self._client.on_publish = self._client.on_message = None
        self._client.ended = do_nothing

    def _listen(self, client: NetworkClient) -> NetworkClient:
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        client.ended = self._on_end
        return client

    def _connect(self) -> None:
        if self._address.tls is not None:
            self._client.tls_set_context(self._address.tls.context())
        where = (self._address.host, self._address.port, self._patience.keepalive_s)
        if not self._modern:
            self._client.connect(*where)
            return
        properties = _properties(PacketTypes.CONNECT)
        properties.MaximumPacketSize = _LARGEST_PACKET
        self._client.connect(*where, clean_start=True, properties=properties)

    def _on_connect(
        self,
        _client: Client,
        _userdata: object,
        _flags: ConnectFlags,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._protocol_refused = reason.getName() == "Unsupported protocol version"
            self._lost = str(reason)
        else:
            self._room = min(_IN_FLIGHT, getattr(properties, "ReceiveMaximum", _IN_FLIGHT))
            self._connected = True
        self._decided.set()

    def _on_disconnect(
        self,
        _client: Client,
        _userdata: object,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._lost = self._lost or str(reason)

    def _on_end(self) -> None:
        if not self._decided.is_set():
            self._protocol_refused = True
        self._lost = self._lost or "broker hung up"
        self._decided.set()
        self._ended.set()
        self._wake()

    def _on_publish(
        self,
        _client: Client,
        _userdata: object,
        message: int,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        refusal = str(reason) if reason.is_failure else None
        self._receipts.append(Receipt(message, refusal))
        self._wake()

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        if message.retain:
            return  # a command of yesterday, or a birth that our own connect already answered
        overflow = len(self._incoming) >= INCOMING_LIMIT
        incoming = Incoming(
            message.topic,
            bytes(message.payload),
            getattr(message.properties, "ResponseTopic", None),
            getattr(message.properties, "CorrelationData", None),
            overflow,
        )
        (self._turned_away if overflow else self._incoming).append(incoming)
        self._wake()


def _properties(packet: int) -> Properties:
    return Properties(packet)  # type: ignore[no-untyped-call]  # paho left its constructor untyped


def _drain(queue: deque[_T]) -> list[_T]:
    taken = []
    while queue:
        taken.append(queue.popleft())
    return taken
