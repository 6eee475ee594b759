"""A broker inside the engine, for those who have none: loopback only, nothing to install."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading

from amqtt.broker import Broker
from amqtt.errors import AMQTTError

from lpr_engine.model.errors import MqttError
from lpr_engine.mqtt.embedded_client import serve_client

_LOGGER = logging.getLogger(__name__)

HOST = "127.0.0.1"
_START_S = 10.0
_STOP_S = 1.4
_FAREWELL_S = 1.0
_LISTENER = "default"
_CONFIG = {
    # We listen ourselves: so the port is ours before anybody knows it, and every socket closes.
    "listeners": {_LISTENER: {"type": "external"}},
    "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {}},
}
_CHATTY = ("amqtt", "transitions")


class EmbeddedBroker:
    """An MQTT 3.1.1 broker in a thread of its own.

    It forgets everything when it stops, and whoever can log in to this machine can use it.
    """

    def __init__(self, port: int = 1883) -> None:
        self._wanted_port = port
        self._port = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._started = threading.Event()
        self._failure: str | None = None
        self._clients: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """Where it listens: the port it was given, or a free one where that is taken."""
        return self._port

    @property
    def running(self) -> bool:
        """Whether the broker's thread lives."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> int:
        """Listen; returns the port.

        Raises:
            MqttError: it cannot listen.
        """
        for name in _CHATTY:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        listening = _listen(self._wanted_port)
        self._port = int(listening.getsockname()[1])
        self._thread = threading.Thread(
            target=self._run, args=(listening,), name="mqtt-broker", daemon=True
        )
        self._thread.start()
        if not self._started.wait(_START_S) or self._failure is not None:
            raise MqttError(f"embedded broker does not start: {self._failure or 'no answer'}")
        _LOGGER.info("Embedded broker listens on %s:%d", HOST, self._port)
        return self._port

    def stop(self) -> None:
        """Close all connections and end, within 1.5 s."""
        if self._thread is None or self._loop is None:
            return
        with contextlib.suppress(RuntimeError):  # its loop has closed since
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_STOP_S)

    def _run(self, listening: socket.socket) -> None:
        self._loop = asyncio.new_event_loop()
        try:
            self._loop.run_until_complete(self._serve(self._loop, listening))
        finally:
            self._loop.close()

    async def _serve(self, loop: asyncio.AbstractEventLoop, listening: socket.socket) -> None:
        try:
            broker = Broker(dict(_CONFIG), loop=loop)
            await broker.start()
        except AMQTTError as err:
            self._failure = str(err)
            listening.close()
            self._started.set()
            return

        def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if self._stop.is_set():
                writer.close()
                return
            task = loop.create_task(serve_client(broker, _LISTENER, reader, writer))
            self._clients[task] = writer
            task.add_done_callback(self._clients.pop)

        server = await asyncio.start_server(welcome, sock=listening)
        self._started.set()
        await self._stop.wait()
        # Whoever is being let in now would find the door gone and leave an open socket behind.
        loop.remove_reader(listening.fileno())
        await _let_turn()
        server.close()
        await self._dismiss(broker)

    async def _dismiss(self, broker: Broker) -> None:
        with contextlib.suppress(asyncio.TimeoutError, AMQTTError):
            await asyncio.wait_for(broker.shutdown(), _FAREWELL_S)
        for writer in self._clients.values():
            writer.close()  # a task that never began cannot do it
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await _let_turn()


async def _let_turn() -> None:
    """Let the loop turn a few times: a socket takes two or three to come in or to go."""
    for _ in range(5):
        await asyncio.sleep(0)


def _listen(wanted: int) -> socket.socket:
    """Bind the wanted port if nobody has it, else one that the system picks."""
    with contextlib.suppress(OSError, OverflowError):
        return socket.create_server((HOST, wanted))
    try:
        return socket.create_server((HOST, 0))
    except OSError as err:
        raise MqttError(f"no free port on loopback for the embedded broker: {err}") from err
