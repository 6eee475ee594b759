"""A real broker to kill and pause, a subscriber that notes what arrives, and an outbox."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from lpr_engine.config.sections import CameraSection, MqttSection
from lpr_engine.model.figures import CameraFigures, CameraHealth, EngineFigures, HostFigures
from lpr_engine.model.frame import Frame
from lpr_engine.model.geometry import Box
from lpr_engine.model.observation import Crop, Detection, Observation
from lpr_engine.model.outbox import OutboxRow
from lpr_engine.model.passage import Evidence, Passage, PassageUpdate, Stage
from lpr_engine.mqtt.identity import EngineIdentity
from lpr_engine.mqtt.patience import Patience
from lpr_engine.mqtt.publisher import MqttPublisher

MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")

QUICK = Patience(
    keepalive_s=2,
    connect_timeout_s=2.0,
    acknowledge_timeout_s=2.0,
    retry_min_s=0.05,
    retry_max_s=0.2,
    figures_every_s=0.1,
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], Any], what: str, timeout_s: float = 30.0) -> Any:
    """Wait for something to become true; a hang is a failure, slowness is not."""
    deadline_s = time.monotonic() + timeout_s
    while time.monotonic() < deadline_s:
        result = condition()
        if result:
            return result
        time.sleep(0.01)
    pytest.fail(f"never happened: {what}")


class Mosquitto:
    """A mosquitto of the test's own, on its own port, with its own configuration."""

    def __init__(self, directory: Path, lines: Sequence[str] = ()) -> None:
        assert MOSQUITTO is not None
        self.port = free_port()
        self.config = directory / f"mosquitto-{self.port}.conf"
        text = [f"listener {self.port} 127.0.0.1", "user root", "max_inflight_messages 1000"]
        text += lines or ["allow_anonymous true"]
        self.config.write_text("\n".join([*text, ""]))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert MOSQUITTO is not None
        self.process = subprocess.Popen(
            [MOSQUITTO, "-c", str(self.config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(self._listens, "mosquitto listens")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def pause(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def reload(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGHUP)

    def _listens(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, "mosquitto ended"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Gate:
    """A TCP door between publisher and broker: it can be shut, or let nothing through one way."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.upward = threading.Event()
        self.downward = threading.Event()
        self.upward.set()
        self.downward.set()
        self._shut = threading.Event()
        self.accepted = 0
        self._links: list[tuple[socket.socket, socket.socket, list[threading.Thread]]] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def shut(self) -> None:
        """Cut what is open and take nothing new."""
        self._shut.set()
        self.cut()

    def open(self) -> None:
        self._shut.clear()

    def cut(self) -> None:
        links, self._links = self._links, []
        for near, far, pumps in links:
            _end(near)
            _end(far)
            self.upward.set()
            self.downward.set()
            for pump in pumps:
                pump.join()
            near.close()
            far.close()

    def close(self) -> None:
        self._shut.set()
        _end(self._server)
        self._thread.join()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                self._server.close()
                return
            if self._shut.is_set():
                near.close()
                continue
            try:
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                near.close()
                continue
            pumps = [
                threading.Thread(target=self._pump, args=arguments, daemon=True)
                for arguments in ((near, far, self.upward), (far, near, self.downward))
            ]
            for pump in pumps:
                pump.start()
            self._links.append((near, far, pumps))
            self.accepted += 1

    def _pump(self, source: socket.socket, sink: socket.socket, valve: threading.Event) -> None:
        try:
            while data := source.recv(4096):
                valve.wait(60)
                sink.sendall(data)
        except OSError:
            pass
        _end(sink)
        _end(source)


def _end(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


class MemoryOutbox:
    """An outbox as the store's: thread-safe, rows by sequence, attempts noted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: dict[int, OutboxRow] = {}
        self.count = 0
        self.failure: Exception | None = None

    def put(self, passage: Passage) -> Passage:
        with self._lock:
            self.count += 1
            kept = dataclasses.replace(passage, sequence=self.count)
            self._rows[self.count] = OutboxRow(self.count, kept, False, datetime.now(timezone.utc))
            return kept

    def pending(self, limit: int) -> list[OutboxRow]:
        with self._lock:
            self._fail()
            return [self._rows[key] for key in sorted(self._rows)[:limit]]

    def mark_attempted(self, sequences: Sequence[int]) -> None:
        with self._lock:
            self._fail()
            for key in sequences:
                self._rows[key] = dataclasses.replace(self._rows[key], attempted=True)

    def acknowledge(self, sequences: Sequence[int]) -> None:
        with self._lock:
            self._fail()
            for key in sequences:
                self._rows.pop(key, None)

    def depth(self) -> int:
        with self._lock:
            return len(self._rows)

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure


@dataclass(frozen=True)
class Arrival:
    topic: str
    payload: bytes
    retained: bool
    properties: Any

    def json(self) -> Any:
        return json.loads(self.payload)


class Subscriber:
    """Somebody who listens to everything and notes it in order."""

    def __init__(self, port: int, **credentials: str) -> None:
        self.arrivals: list[Arrival] = []
        self._subscriptions = 0
        self._client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"subscriber-{os.getpid()}-{port}-{id(self)}",
            protocol=MQTTProtocolVersion.MQTTv5,
        )
        if credentials:
            self._client.username_pw_set(credentials["username"], credentials["password"])
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._client.connect("127.0.0.1", port, keepalive=60)
        self._client.loop_start()
        self.wait_subscribed(1)

    def wait_subscribed(self, times: int) -> None:
        until(lambda: self._subscriptions >= times, "subscriber subscribed")

    def publish(self, topic: str, payload: str | bytes, **fields: Any) -> None:
        self._client.publish(topic, payload, qos=1, **fields).wait_for_publish(10)

    def of(self, topic: str) -> list[Arrival]:
        return [arrival for arrival in list(self.arrivals) if arrival.topic == topic]

    def last(self, topic: str) -> Arrival | None:
        arrivals = self.of(topic)
        return arrivals[-1] if arrivals else None

    def forget(self) -> None:
        self.arrivals.clear()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
        self._client.on_connect = self._client.on_subscribe = self._client.on_message = None

    def _on_connect(self, client: Client, *_: Any) -> None:
        client.subscribe("#", 1)

    def _on_subscribe(self, *_: Any) -> None:
        self._subscriptions += 1

    def _on_message(self, _client: Client, _userdata: Any, message: MQTTMessage) -> None:
        self.arrivals.append(
            Arrival(message.topic, bytes(message.payload), message.retain, message.properties)
        )


@dataclass
class RecordingHandler:
    """Notes what was asked; refuses with `refusal` if set."""

    calls: list[tuple[Any, ...]] = field(default_factory=list)
    refusal: Exception | None = None

    def enable_camera(self, camera: str, enabled: bool) -> None:
        self._note("enable_camera", camera, enabled)

    def set_confidence(self, camera: str, value: float) -> None:
        self._note("set_confidence", camera, value)

    def take_snapshot(self, camera: str) -> str | None:
        self._note("take_snapshot", camera)
        return f"/api/v1/media/{camera}.jpg"

    def _note(self, *call: Any) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.calls.append(call)


@dataclass
class Figures:
    """Figures that a test can change while the publisher runs."""

    cameras: tuple[str, ...] = ("gate",)
    problems: tuple[str, ...] = ()
    health: CameraHealth = CameraHealth.STREAMING
    passages_today: int = 0

    def __call__(self) -> EngineFigures:
        return EngineFigures(
            taken_at=datetime.now(timezone.utc),
            uptime_s=12.5,
            host=HostFigures(10.0, 20.0, 300.0, 4000.0, temperature_c=51.2),
            outbox_depth=0,
            cameras=tuple(
                CameraFigures(
                    camera, self.health, 9.94, 3, 100, self.passages_today, 1, confidence=0.35
                )
                for camera in self.cameras
            ),
            problems=self.problems,
        )


def new_passage(number: int, **changes: Any) -> Passage:
    now = datetime.now(timezone.utc)
    return dataclasses.replace(
        Passage(
            id=f"0198c5f0-0000-7000-8000-{number:012d}",
            revision=1,
            stage=Stage.FINAL,
            engine="test",
            camera="gate",
            text=f"AB{number:04d}",
            confidence=0.97,
            characters=(("A", 0.99), ("B", 0.98)),
            first_seen=now - timedelta(seconds=2),
            last_seen=now,
            readings=7,
            box=Box(0.1, 0.2, 0.3, 0.4),
        ),
        **changes,
    )


def new_update(passage: Passage) -> PassageUpdate:
    picture = np.full((40, 120, 3), 90, np.uint8)
    frame = Frame(passage.camera, picture, passage.last_seen, 1.0, 1)
    observation = Observation(Detection(Box(0, 0, 10, 10), 0.9), Crop(picture, 0.8), None)
    return PassageUpdate(passage, Evidence(frame, observation))


@dataclass
class Bench:
    """One publisher with everything around it."""

    directory: Path
    port: int
    outbox: MemoryOutbox = field(default_factory=MemoryOutbox)
    handler: RecordingHandler = field(default_factory=RecordingHandler)
    figures: Figures = field(default_factory=Figures)
    patience: Patience = QUICK
    running: list[MqttPublisher] = field(default_factory=list)

    def publisher(
        self, *cameras: str, last_finals: Sequence[Passage] = (), **section: Any
    ) -> MqttPublisher:
        settings: dict[str, Any] = {"host": "127.0.0.1", "port": self.port, **section}
        made = MqttPublisher(
            MqttSection(**settings),
            EngineIdentity("test", "Test engine", "0.1.0"),
            [CameraSection(camera, "file://clip.mp4") for camera in cameras or ("gate",)],
            self.outbox,
            self.figures,
            self.handler,
            self.directory,
            last_finals=last_finals,
            patience=self.patience,
        )
        self.running.append(made)
        return made

    def start(self, *cameras: str, **section: Any) -> MqttPublisher:
        made = self.publisher(*cameras, **section)
        made.start()
        return made

    def commit(self, publisher: MqttPublisher, passage: Passage) -> Passage:
        kept = self.outbox.put(passage)
        publisher.passage_committed(kept, new_update(kept))
        return kept


@pytest.fixture
def make_broker(tmp_path: Path) -> Iterator[Callable[..., Mosquitto]]:
    if MOSQUITTO is None:
        pytest.skip("mosquitto is not installed (apt-get install mosquitto)")
    brokers: list[Mosquitto] = []

    def make(*lines: str) -> Mosquitto:
        brokers.append(Mosquitto(tmp_path, lines))
        brokers[-1].start()
        return brokers[-1]

    yield make
    for broker in brokers:
        broker.kill()


@pytest.fixture
def broker(make_broker: Callable[..., Mosquitto]) -> Mosquitto:
    return make_broker()


@pytest.fixture
def gate(broker: Mosquitto) -> Iterator[Gate]:
    door = Gate(broker.port)
    yield door
    door.close()


@pytest.fixture
def subscriber(broker: Mosquitto) -> Iterator[Subscriber]:
    made = Subscriber(broker.port)
    yield made
    made.close()


@pytest.fixture
def make_bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    benches: list[Bench] = []

    def make(port: int, **fields: Any) -> Bench:
        benches.append(Bench(tmp_path / "data", port, **fields))
        return benches[-1]

    yield make
    for bench in benches:
        for publisher in bench.running:
            publisher.stop()


@pytest.fixture
def bench(broker: Mosquitto, make_bench: Callable[..., Bench]) -> Bench:
    return make_bench(broker.port)


@pytest.fixture
def passages() -> Callable[..., Passage]:
    return new_passage


@pytest.fixture
def wait() -> Callable[..., Any]:
    return until
