"""Batches composed ahead of the network by one thread.

Each has its own seed, so a resumed run gets the batches that it would have got uninterrupted.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lpr_engine.model.pixels import Pixels
from lpr_engine.training.detection.labels import Boxes
from lpr_engine.training.detection.scenes import SceneComposer
from lpr_engine.training.detection.settings import Schedule

_AHEAD = 3


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Pictures (float32 RGB 0..1, shape (B, 3, S, S)) and their plates.

    `owners` (float32, shape (N,)) gives each plate's picture, `boxes` (float32, shape (N, 4)) its
    centre x, centre y, width and height in 0..1.
    """

    pictures: NDArray[np.float32]
    owners: NDArray[np.float32]
    boxes: NDArray[np.float32]


def compose_batch(composer: SceneComposer, schedule: Schedule, seed: int, index: int) -> Batch:
    """Compose the batch with this index of the run; the same seed and index give the same batch."""
    rng = np.random.default_rng((seed, index))
    size_px = int(rng.choice(schedule.sizes_px))
    mosaic = index < (schedule.epochs - schedule.mosaic_free_epochs) * schedule.batches_per_epoch
    scenes = [composer.compose(rng, size_px, mosaic=mosaic) for _ in range(schedule.batch_size)]
    return pack([scene for scene, _ in scenes], [boxes for _, boxes in scenes])


def pack(scenes: list[Pixels], boxes_xyxy: list[Boxes]) -> Batch:
    """Make a batch of equally sized squares and their plates."""
    corners = np.concatenate(boxes_xyxy) / scenes[0].shape[0]
    middles, sides = (corners[:, :2] + corners[:, 2:]) / 2, corners[:, 2:] - corners[:, :2]
    owners = np.repeat(np.arange(len(boxes_xyxy)), [len(boxes) for boxes in boxes_xyxy])
    boxes = np.concatenate([middles, sides], axis=1).astype(np.float32)
    return Batch(as_input(scenes), owners.astype(np.float32), boxes)


def as_input(scenes: list[Pixels]) -> NDArray[np.float32]:
    """Return equally sized pictures as the network takes them: RGB, 0..1, shape (B, 3, H, W)."""
    stacked = np.stack(scenes)[..., ::-1].transpose(0, 3, 1, 2)
    return np.asarray(np.ascontiguousarray(stacked, np.float32) / 255, np.float32)


def batches_ahead(
    composer: SceneComposer, schedule: Schedule, seed: int, first: int, count: int
) -> Generator[Batch, None, None]:
    """Yield `count` batches from index `first`, each composed while the network learns."""
    ready: queue.Queue[Batch | Exception] = queue.Queue(_AHEAD)
    stopped = threading.Event()

    def work() -> None:
        try:
            for index in range(first, first + count):
                if not _put(ready, compose_batch(composer, schedule, seed, index), stopped):
                    return
        except Exception as err:  # noqa: BLE001 - outermost loop of the thread: handed to the consumer, which raises it
            _put(ready, err, stopped)

    thread = threading.Thread(target=work, name="compose-batches", daemon=True)
    thread.start()
    try:
        for _ in range(count):
            item = ready.get()
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        stopped.set()
        thread.join()


def _put(
    ready: queue.Queue[Batch | Exception], item: Batch | Exception, stopped: threading.Event
) -> bool:
    while not stopped.is_set():
        try:
            ready.put(item, timeout=0.2)
        except queue.Full:
            continue
        return True
    return False
