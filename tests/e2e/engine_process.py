"""An engine in a process of its own, a broker of its own, and somebody who hears everything."""

from __future__ import annotations

import collections
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

import lpr_engine

MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
SAMPLE_CLIP = Path(lpr_engine.__file__).parent / "samples" / "street.mp4"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], Any], what: str, timeout_s: float = 60.0) -> Any:
    """Until something is true; hanging is a failure, slowness is not."""
    deadline_s = time.monotonic() + timeout_s
    while time.monotonic() < deadline_s:
        if result := condition():
            return result
        time.sleep(0.05)
    raise AssertionError(f"never happened: {what}")


class Broker:
    """A mosquitto that can be killed and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._config = folder / "mosquitto.conf"
        self._config.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\nuser root\n"
            f"persistence true\npersistence_location {folder}/\nautosave_interval 1\n"
            "max_queued_messages 0\n",
            encoding="utf-8",
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert MOSQUITTO is not None
        self._process = subprocess.Popen(
            [MOSQUITTO, "-c", str(self._config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self._listens, "mosquitto listens")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Listener:
    """Hears all topics and remembers every message of them."""

    def __init__(self, port: int) -> None:
        self._lock = threading.Lock()
        self._heard: dict[str, list[tuple[bytes, bool]]] = collections.defaultdict(list)
        self._ready = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, "listener", clean_session=False)
        self._client.on_connect = self._subscribe
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.on_message = self._hear
        self._client.reconnect_delay_set(1, 1)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert self._ready.wait(10)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def messages(self, topic: str) -> list[Any]:
        """The decoded JSON of every live message of a topic, in order of arrival."""
        with self._lock:
            return [json.loads(body) for body, retained in self._heard[topic] if not retained]

    def last(self, topic: str) -> bytes | None:
        """The newest payload of a topic, retained or not."""
        with self._lock:
            return self._heard[topic][-1][0] if self._heard.get(topic) else None

    def _subscribe(self, client: Client, *_: object) -> None:
        client.subscribe("#", 1)

    def _hear(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        with self._lock:
            self._heard[message.topic].append((message.payload, message.retain))


class EngineProcess:
    """`lpr-engine run` as a user or the add-on starts it."""

    def __init__(self, config: Path, log: Path) -> None:
        self._config = config
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "lpr_engine", "run", "--config", str(self._config)],
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def terminate(self) -> tuple[int, float]:
        """End it as a service manager would; returns its exit code and how long it took."""
        assert self._process is not None
        began_s = time.monotonic()
        self._process.terminate()
        code = self._process.wait(30)
        return code, time.monotonic() - began_s
