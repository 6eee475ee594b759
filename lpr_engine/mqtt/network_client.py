"""The network library's client, set up for one connection that never repeats itself."""

from __future__ import annotations

import logging
from collections.abc import Callable

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion

from lpr_engine.mqtt.address import BrokerAddress
from lpr_engine.mqtt.messages import Will
from lpr_engine.mqtt.patience import Patience

_LOGGER = logging.getLogger(__name__)


def do_nothing() -> None:
    """What a client does at its end when nobody listens any more."""


class NetworkClient(Client):
    """A client whose thread's end cannot be missed: `ended` is called whatever ends it."""

    ended: Callable[[], None] = staticmethod(do_nothing)

    def loop_forever(
        self, timeout: float = 1.0, retry_first_connection: bool = False
    ) -> MQTTErrorCode:
        """Serve the network until it is lost; what the library fails on ends it too."""
        try:
            return super().loop_forever(timeout, retry_first_connection)
        except Exception:
            # The outermost loop of this thread: what a broker may send has no bounds.
            _LOGGER.exception("The broker sent what cannot be understood")
            return MQTTErrorCode.MQTT_ERR_PROTOCOL
        finally:
            self.ended()


def new_client(
    address: BrokerAddress, will: Will, protocol: MQTTProtocolVersion, patience: Patience
) -> NetworkClient:
    """A client with a clean session that does not reconnect by itself."""
    client = NetworkClient(
        CallbackAPIVersion.VERSION2,
        client_id=address.client_id,
        clean_session=None if protocol == MQTTProtocolVersion.MQTTv5 else True,
        protocol=protocol,
        reconnect_on_failure=False,
    )
    client.connect_timeout = patience.connect_timeout_s
    client.max_inflight_messages_set(0)  # the connection counts, by what the broker allows
    client.will_set(will.topic, will.payload, qos=1, retain=True)
    if address.username is not None:
        client.username_pw_set(address.username, address.password)
    return client
