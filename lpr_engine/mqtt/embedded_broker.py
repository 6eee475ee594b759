"""A broker inside the engine, for those who have none: loopback only, nothing to install."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading

from amqtt.broker import Broker
from amqtt.errors import AMQTTError

from lpr_engine.model.errors import MqttError

_LOGGER = logging.getLogger(__name__)

HOST = "127.0.0.1"
_START_S = 10.0
_STOP_S = 1.5


class EmbeddedBroker:
    """An MQTT 3.1.1 broker in a thread of its own.

    It forgets everything when it stops, and whoever can log in to this machine can use it.
    """

    def __init__(self, port: int = 1883) -> None:
        self._wanted_port = port
        self._port = 0
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._started = threading.Event()
        self._failure: str | None = None
        self._thread = threading.Thread(target=self._run, name="mqtt-broker", daemon=True)

    @property
    def host(self) -> str:
        """Where it listens."""
        return HOST

    @property
    def port(self) -> int:
        """Where it listens: the port it was given, or a free one where that is taken."""
        return self._port

    def start(self) -> int:
        """Listen; returns the port.

        Raises:
            MqttError: it cannot listen.
        """
        for name in ("amqtt", "transitions"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._port = _free_port(self._wanted_port)
        self._thread.start()
        if not self._started.wait(_START_S) or self._failure is not None:
            raise MqttError(f"embedded broker does not start: {self._failure or 'no answer'}")
        _LOGGER.info("Embedded broker listens on %s:%d", HOST, self._port)
        return self._port

    def stop(self) -> None:
        """Close all connections and end; bounded."""
        if not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_STOP_S)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        config = {
            "listeners": {"default": {"type": "tcp", "bind": f"{HOST}:{self._port}"}},
            "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {}},
        }
        try:
            broker = Broker(config, loop=self._loop)
            await broker.start()
        except AMQTTError as err:
            self._failure = str(err)
            return
        finally:
            self._started.set()
        await self._stop.wait()
        await broker.shutdown()


def _free_port(wanted: int) -> int:
    """The wanted port if nobody listens there, else one that the system picks."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise MqttError("no free port on loopback for the embedded broker")
