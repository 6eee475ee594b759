"""What the engine achieves on this machine, measured on the bundled clip."""

from __future__ import annotations

import dataclasses
import json
import resource
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import psutil
from paho.mqtt.enums import CallbackAPIVersion

from lpr_engine.app.engine import Engine
from lpr_engine.app.sample import SAMPLE_CLIP, sample_configuration
from lpr_engine.config.sections import CameraSection, Configuration
from lpr_engine.model.contract import parse_time
from lpr_engine.model.errors import LprError
from lpr_engine.model.figures import StageTiming

CAMERA_COUNTS = (1, 2, 4)
_UNPACED_FPS = 60.0
_POLL_S = 0.02
_START_TIMEOUT_S = 60.0


class BenchmarkError(LprError):
    """The measurement did not come about."""

    code = "benchmark_failed"


@dataclass(frozen=True, slots=True)
class Throughput:
    """Frames per second through the whole pipeline, all cameras together."""

    cameras: int
    frames_per_second: float


@dataclass(frozen=True, slots=True)
class BenchmarkReport:
    """All figures of one run; `first_message_s` is the median over the clip's passages.

    `first_message_s` runs from the time of a plate's first readable frame to the arrival of the
    first MQTT message about it; `start_s` from the birth of the process to the first frame that
    went through the detector.
    """

    stages: tuple[StageTiming, ...]
    throughput: tuple[Throughput, ...]
    first_message_s: float
    final_message_s: float
    start_s: float
    peak_memory_mb: float


def run_benchmark(seconds_each: float) -> BenchmarkReport:
    """Measure start, latency and stages on the clip in real time, then throughput unpaced.

    To be the first thing that a fresh process does, since its start is measured too.

    Raises:
        BenchmarkError: the clip showed no passage, or the engine did not start.
    """
    with tempfile.TemporaryDirectory(prefix="lpr-bench-") as folder:
        configuration = sample_configuration(Path(folder) / "live", port=0)
        live = _play_live(configuration)
        throughput = tuple(
            _throughput(Path(folder) / str(count), count, seconds_each) for count in CAMERA_COUNTS
        )
    return dataclasses.replace(live, throughput=throughput, peak_memory_mb=_peak_memory_mb())


def _play_live(configuration: Configuration) -> BenchmarkReport:
    engine = Engine(configuration)
    engine.start()
    try:
        ear = _Ear(engine.broker)
        start_s = _first_look_s(engine)
        while not engine.idle:
            time.sleep(_POLL_S)
        time.sleep(1.0)
        stages = engine.figures().stages
        ear.close()
    finally:
        engine.stop()
    if not ear.first_s:
        raise BenchmarkError("the bundled clip showed no passage")
    return BenchmarkReport(
        stages=stages,
        throughput=(),
        first_message_s=statistics.median(ear.first_s.values()),
        final_message_s=statistics.median(ear.final_s.values()),
        start_s=start_s,
        peak_memory_mb=0.0,
    )


def _first_look_s(engine: Engine) -> float:
    born_s = psutil.Process().create_time()
    deadline_s = time.monotonic() + _START_TIMEOUT_S
    while engine.frames_looked_at == 0:
        if time.monotonic() > deadline_s:
            raise BenchmarkError("no frame was looked at within a minute")
        time.sleep(_POLL_S)
    return time.time() - born_s


def _throughput(folder: Path, count: int, seconds: float) -> Throughput:
    street = sample_configuration(folder, port=0)
    cameras = tuple(
        CameraSection(
            id=f"street_{number}",
            source=str(SAMPLE_CLIP),
            fps=_UNPACED_FPS,
            realtime=False,
            repeat=True,
        )
        for number in range(count)
    )
    engine = Engine(dataclasses.replace(street, cameras=cameras))
    engine.start()
    try:
        _first_look_s(engine)
        began_s, before = time.monotonic(), engine.frames_looked_at
        time.sleep(seconds)
        looked = engine.frames_looked_at - before
        elapsed_s = time.monotonic() - began_s
    finally:
        engine.stop()
    return Throughput(count, round(looked / elapsed_s, 2))


def _peak_memory_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kilobytes on Linux, bytes on macOS (getrusage(2) of each).
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


class _Ear:
    """A subscriber that notes how long after it was seen a plate was heard of."""

    def __init__(self, broker: str) -> None:
        self.first_s: dict[str, float] = {}
        self.final_s: dict[str, float] = {}
        self._subscribed = threading.Event()
        self._client = paho.Client(CallbackAPIVersion.VERSION2)
        self._client.on_connect = self._subscribe
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._hear
        host, _, port = broker.rpartition(":")
        self._client.connect(host, int(port))
        self._client.loop_start()
        self._subscribed.wait(5)

    def close(self) -> None:
        """Hang up."""
        self._client.disconnect()
        self._client.loop_stop()

    def _subscribe(self, *_: object) -> None:
        self._client.subscribe("lpr/+/passage", 1)

    def _hear(self, _client: object, _data: object, message: paho.MQTTMessage) -> None:
        passage: dict[str, Any] = json.loads(message.payload)
        heard_s = time.time()
        self.first_s.setdefault(passage["id"], heard_s - _seconds(passage["first_seen"]))
        if passage["stage"] == "final":
            self.final_s.setdefault(passage["id"], heard_s - _seconds(passage["last_seen"]))


def _seconds(text: str) -> float:
    moment: datetime = parse_time(text)
    return moment.timestamp()
