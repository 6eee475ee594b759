"""One MQTT connection, from CONNECT to its end.

A connection never reconnects. The network library would send unacknowledged messages again by
itself, and a passage's second delivery would still say that it is the first. So each connection
has a client of its own with a clean session, and what was in flight dies with it.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections import deque
from collections.abc import Callable
from typing import TypeVar

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from lpr_engine.model.errors import MqttError
from lpr_engine.mqtt.address import BrokerAddress
from lpr_engine.mqtt.messages import LARGEST_COMMAND, Incoming, Receipt, Will
from lpr_engine.mqtt.network_client import NetworkClient, do_nothing, new_client
from lpr_engine.mqtt.patience import Patience
from lpr_engine.mqtt.send_window import COMMON_LIMIT, Outgoing, SendWindow

_LOGGER = logging.getLogger(__name__)

INCOMING_LIMIT = 64
"""Requests that wait for the publisher's thread; more are refused as busy."""

_LARGEST_PACKET = 1 << 20
_END_S = 0.5

_T = TypeVar("_T")


class ProtocolRefusedError(MqttError):
    """The broker does not speak the version of MQTT that was tried."""

    code = "mqtt_protocol_refused"


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
        self._incoming: deque[Incoming] = deque()
        self._turned_away: deque[Incoming] = deque(maxlen=INCOMING_LIMIT)
        self._decided = threading.Event()
        self._ended = threading.Event()
        self._listening = False
        self._connected = False
        self._lost: str | None = None
        self._protocol_refused = False
        self._client = self._listen(new_client(address, will, protocol, patience))
        self._window = SendWindow(self._client)

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
        return self._window.send(Outgoing(topic, payload, qos, retain, properties))

    def subscribe(self, topic_filter: str) -> None:
        """Listen to a topic at QoS 1, without its retained messages where the broker lets us."""
        if not self._modern:
            self._client.subscribe(topic_filter, 1)
            return
        options = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_DO_NOT_SEND)
        self._client.subscribe(topic_filter, options=options)

    def take_receipts(self) -> list[Receipt]:
        """All receipts that came since the last call, in order."""
        return self._window.settle(_drain(self._receipts))

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

    def _let_go(self) -> None:
        """Break the circle with the client, so that its sockets close now and not some day."""
        self._client.on_connect = self._client.on_disconnect = None
        self._client.on_publish = self._client.on_message = self._client.on_subscribe = None
        self._client.ended = do_nothing

    def _listen(self, client: NetworkClient) -> NetworkClient:
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        client.on_subscribe = self._on_subscribe
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
            self._window.narrow(getattr(properties, "ReceiveMaximum", COMMON_LIMIT))
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

    def _on_subscribe(
        self,
        _client: Client,
        _userdata: object,
        _message: int,
        reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        refusals = {str(reason) for reason in reasons if reason.is_failure}
        if refusals:
            _LOGGER.warning(
                "Broker %s lets us not listen to commands: %s",
                self._address.display,
                ", ".join(refusals),
            )

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        if message.retain:
            return  # a command of yesterday, or a birth that our own connect already answered
        overflow = len(self._incoming) >= INCOMING_LIMIT
        incoming = Incoming(
            message.topic,
            bytes(message.payload[: LARGEST_COMMAND + 1]),
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
