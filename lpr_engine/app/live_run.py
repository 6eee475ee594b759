"""A clip played once as a live camera: how soon its plates are heard of, what each stage takes."""

from __future__ import annotations

import json
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from lpr_engine.app.engine import Engine
from lpr_engine.app.own_process import BenchmarkError, peak_memory_mb
from lpr_engine.config.sections import Configuration
from lpr_engine.model.clock import SystemClock
from lpr_engine.model.contract import passage_from_json
from lpr_engine.model.figures import StageTiming
from lpr_engine.model.passage import Passage, Stage
from lpr_engine.sources.opening import open_source
from lpr_engine.vision.opening import open_vision

POLL_S = 0.01
_FIRST_FRAME_WITHIN_S = 60.0
_LAST_MESSAGE_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class LiveRun:
    """What one playing showed; latencies are medians over the clip's passages.

    `first_message_s` runs from the time of the first frame in which the reader by itself reads
    the plate's text, to the arrival of the first MQTT message with that text; `final_message_s`
    from the last frame with the plate to its final message, which waits until the vehicle has
    gone; `start_s` from the start of the process to the first frame that went through the
    detector.
    """

    passages: int
    stages: tuple[StageTiming, ...]
    first_message_s: float
    final_message_s: float
    start_s: float
    peak_memory_mb: float


@dataclass(frozen=True, slots=True)
class Heard:
    """A passage's revision and when it arrived."""

    at: datetime
    passage: Passage


def run_live(configuration: Configuration, born_s: float) -> LiveRun:
    """Play the first camera's clip through a whole engine; `born_s` by the monotonic clock.

    Raises:
        BenchmarkError: the clip showed no passage, or one that was not heard of.
    """
    engine = Engine(configuration)
    engine.start()
    try:
        ear = Ear(engine.broker)
        start_s = wait_for_first_look(engine) - born_s
        while not engine.idle:
            time.sleep(POLL_S)
        revisions = ear.revisions_until_final()
        figures = engine.figures()
    finally:
        engine.stop()
    last_frame_at = figures.cameras[0].last_frame_at
    if not revisions or last_frame_at is None:
        raise BenchmarkError("the clip showed no passage")
    peak_mb = peak_memory_mb()
    return LiveRun(
        passages=len(revisions),
        stages=figures.stages,
        first_message_s=_first_message_s(revisions, _texts(configuration, last_frame_at)),
        final_message_s=statistics.median(
            (one.at - one.passage.last_seen).total_seconds() for *_, one in revisions
        ),
        start_s=start_s,
        peak_memory_mb=peak_mb,
    )


def wait_for_first_look(engine: Engine) -> float:
    """Wait until a frame went through the detector; returns the monotonic time then.

    Raises:
        BenchmarkError: that takes more than a minute.
    """
    deadline_s = time.monotonic() + _FIRST_FRAME_WITHIN_S
    while engine.frames_looked_at == 0:
        if time.monotonic() > deadline_s:
            raise BenchmarkError("no frame was looked at within a minute")
        time.sleep(POLL_S)
    return time.monotonic()


def _texts(
    configuration: Configuration, last_frame_at: datetime
) -> list[tuple[datetime, frozenset[str]]]:
    """What can be read in each frame of the clip by itself, at the time the live run showed it."""
    seen = list(_look_at_all(configuration))
    shift = last_frame_at - seen[-1][0]
    return [(taken_at + shift, texts) for taken_at, texts in seen]


def _look_at_all(configuration: Configuration) -> Iterator[tuple[datetime, frozenset[str]]]:
    vision = open_vision(configuration.models)
    camera = replace(configuration.cameras[0], realtime=False)
    for frame in open_source(camera, SystemClock()).frames():
        readings = [one.reading for one in vision.look([frame.pixels])[0]]
        yield frame.taken_at, frozenset(reading.text for reading in readings if reading)


def _first_message_s(
    revisions: Sequence[Sequence[Heard]], texts: Sequence[tuple[datetime, frozenset[str]]]
) -> float:
    delays = [delay for one in revisions if (delay := _delay(one, texts)) is not None]
    if not delays:
        raise BenchmarkError("no single frame of the clip shows a plate that can be read")
    return statistics.median(delay.total_seconds() for delay in delays)


def _delay(
    revisions: Sequence[Heard], texts: Sequence[tuple[datetime, frozenset[str]]]
) -> timedelta | None:
    final = revisions[-1].passage
    readable = [
        taken_at
        for taken_at, found in texts
        if final.text in found and final.first_seen <= taken_at <= final.last_seen
    ]
    right = [one.at for one in revisions if one.passage.text == final.text]
    return right[0] - readable[0] if readable else None


class Ear:
    """A subscriber that notes when each revision of a passage arrives."""

    def __init__(self, broker: str) -> None:
        """Subscribe at `host:port`.

        Raises:
            BenchmarkError: the broker does not answer.
        """
        self._clock = SystemClock()
        self._heard: dict[str, list[Heard]] = defaultdict(list)
        self._subscribed = threading.Event()
        self._client = paho.Client(CallbackAPIVersion.VERSION2)
        self._client.on_connect = lambda client, *_: client.subscribe("lpr/+/passage", 1)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._hear
        host, _, port = broker.rpartition(":")
        self._client.connect(host, int(port))
        self._client.loop_start()
        if not self._subscribed.wait(_LAST_MESSAGE_WITHIN_S):
            raise BenchmarkError(f"the broker at {broker} does not answer")

    def revisions_until_final(self) -> list[list[Heard]]:
        """Each passage's revisions, once the last of every one is the final; hangs up.

        Raises:
            BenchmarkError: a final does not come.
        """
        deadline_s = time.monotonic() + _LAST_MESSAGE_WITHIN_S
        while not self._complete():
            if time.monotonic() > deadline_s:
                raise BenchmarkError("a passage's final message did not arrive")
            time.sleep(POLL_S)
        self._client.disconnect()
        self._client.loop_stop()
        return list(self._heard.values())

    def _complete(self) -> bool:
        return all(one[-1].passage.stage is Stage.FINAL for one in list(self._heard.values()))

    def _hear(self, _client: object, _data: object, message: paho.MQTTMessage) -> None:
        at = self._clock.now()
        passage = passage_from_json(json.loads(message.payload))
        self._heard[passage.id].append(Heard(at, passage))
