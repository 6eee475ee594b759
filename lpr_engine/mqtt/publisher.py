"""The engine's voice on MQTT: one thread that connects, serves, and tries again."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from paho.mqtt.enums import MQTTProtocolVersion

from lpr_engine.config.sections import CameraSection, MqttSection
from lpr_engine.model.clock import Clock, SystemClock
from lpr_engine.model.errors import MqttError
from lpr_engine.model.figures import EngineFigures
from lpr_engine.model.passage import Passage, PassageUpdate
from lpr_engine.model.ports import CommandHandler, Outbox
from lpr_engine.mqtt.address import BrokerAddress
from lpr_engine.mqtt.board import RetainedBoard
from lpr_engine.mqtt.commands import Commands
from lpr_engine.mqtt.connection import Connection, ProtocolRefusedError
from lpr_engine.mqtt.delivery import OutboxDelivery
from lpr_engine.mqtt.embedded_broker import HOST, EmbeddedBroker
from lpr_engine.mqtt.identity import EngineIdentity
from lpr_engine.mqtt.messages import Will
from lpr_engine.mqtt.notices import OFFLINE, LastFinals, Notices
from lpr_engine.mqtt.patience import Backoff, Patience
from lpr_engine.mqtt.retained_memory import RetainedMemory
from lpr_engine.mqtt.session import Session
from lpr_engine.mqtt.topics import Topics

_LOGGER = logging.getLogger(__name__)

_STOP_S = 1.3
_HANG_UP_S = 0.2


class MqttPublisher:
    """Delivers the outbox, keeps the retained topics true, and takes commands.

    `figures` names every configured camera each time; it and `commands` are called from the
    publisher's thread and return soon. `last_finals` are the last final passages that the store
    knows, so that a restart does not make Home Assistant forget them.
    Where `section.host` is None, the publisher runs an embedded broker and talks to that.
    """

    def __init__(
        self,
        section: MqttSection,
        identity: EngineIdentity,
        cameras: Sequence[CameraSection],
        outbox: Outbox,
        figures: Callable[[], EngineFigures],
        commands: CommandHandler,
        store_dir: Path,
        clock: Clock | None = None,
        *,
        last_finals: Sequence[Passage] = (),
        patience: Patience | None = None,
    ) -> None:
        clock = clock or SystemClock()
        self._patience = patience or Patience()
        self._embedded = EmbeddedBroker(section.port) if section.host is None else None
        self._address = BrokerAddress.of(section, section.host or HOST, identity.id)
        topics = Topics.of(section, identity.id)
        self._will = Will(topics.status, OFFLINE)
        self._last_finals = LastFinals(last_finals)
        self._delivery = OutboxDelivery(outbox, topics, clock, self._patience)
        board = RetainedBoard()
        self._session = Session(
            topics,
            board,
            Notices(board, section, identity, cameras, figures, self._last_finals, clock),
            self._delivery,
            Commands(commands, topics, frozenset(camera.id for camera in cameras)),
            RetainedMemory(store_dir),
            clock,
            self._patience,
        )
        self._clock = clock
        self._backoff = Backoff(self._patience.retry_min_s, self._patience.retry_max_s)
        self._trouble: str | None = None
        self._connected = False
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mqtt", daemon=True)

    @property
    def trouble(self) -> str | None:
        """Why there is no connection now, in words; None while there is one."""
        return self._trouble

    @property
    def connected(self) -> bool:
        """Whether there is a connection now."""
        return self._connected

    @property
    def running(self) -> bool:
        """Whether the publisher's thread lives."""
        return self._thread.is_alive()

    @property
    def broker(self) -> str:
        """Host and port of the broker, the embedded one's real port once it is started."""
        return self._address.display

    def start(self) -> None:
        """Begin to connect; returns at once, or when the embedded broker listens.

        Raises:
            MqttError: the embedded broker cannot listen.
        """
        if self._embedded is not None:
            port = self._embedded.start()
            self._address = replace(self._address, port=port, tls=None, username=None)
        self._thread.start()

    def stop(self) -> None:
        """Say goodbye to the broker and end, within 1.5 s even if the broker does not answer."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_S)
        if self._thread.is_alive():
            _LOGGER.warning("Broker %s does not let go; leaving without it", self._address.display)
        if self._embedded is not None:
            self._embedded.stop()

    def wake(self) -> None:
        """Say that the outbox has something new. Thread-safe; returns at once."""
        self._wake.set()

    def passage_committed(self, passage: Passage, update: PassageUpdate) -> None:
        """Take note of a committed revision: deliver it, and tell the camera's new state."""
        if self._last_finals.note(passage, update):
            self._session.refresh_soon()
        self._wake.set()

    def passage_corrected(self, passage: Passage) -> None:
        """Deliver a correction, and tell the camera's new state if it was of its last passage."""
        if self._last_finals.correct(passage):
            self._session.refresh_soon()
        self._wake.set()

    def passage_removed(self, passage: Passage, last: Passage | None) -> None:
        """Show a removed passage no longer."""
        if self._last_finals.forget(passage, last):
            self._session.refresh_soon()
        self._wake.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            started_s = self._clock.monotonic_s()
            try:
                self._connect_and_serve()
            except MqttError as err:
                self._report(str(err))
            except Exception:
                # The outermost loop of this thread: a defect must not end delivery for good.
                _LOGGER.exception("The publisher failed; it connects again")
            if self._clock.monotonic_s() - started_s > self._patience.steady_after_s:
                self._backoff.reset()
            self._stop.wait(self._backoff.next_s())

    def _connect_and_serve(self) -> None:
        connection = self._connect(MQTTProtocolVersion.MQTTv5)
        try:
            if not self._stop.is_set():
                self._session.serve(connection, self._stop, self._wake)
        finally:
            self._connected = False
            connection.close(wait_s=_HANG_UP_S)

    def _connect(self, protocol: MQTTProtocolVersion) -> Connection:
        """Open a connection; a broker that refuses MQTT 5 is asked again by 3.1.1."""
        connection = Connection(self._address, self._will, protocol, self._patience, self._wake.set)
        try:
            connection.open()
        except MqttError as err:
            connection.close()
            if not (connection.modern and isinstance(err, ProtocolRefusedError)):
                raise
            return self._connect(MQTTProtocolVersion.MQTTv311)
        version = "5" if connection.modern else "3.1.1"
        _LOGGER.info("Connected to broker %s by MQTT %s", self._address.display, version)
        self._trouble = None
        self._connected = True
        return connection

    def _report(self, trouble: str) -> None:
        """Say once what is wrong; the same trouble again is no news."""
        if trouble != self._trouble:
            _LOGGER.warning("MQTT: %s; trying again", trouble)
        self._trouble = trouble
